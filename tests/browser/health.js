// The health of a feed, one key in depth, and whether all of it can be read: of what the server tells, and of what is put into its mouth.
import { check, must, until, within } from "./checks.js";
import { Screen } from "./screen.js";

const minute = 60_000;

// A feed that is in trouble, which a healthy demo never is.
function troubled(now) {
  const lane = { topic: "t", partition: 0, node: "one", position: 100, end: 102, lag: 2, readAt: now - 300 };
  return {
    feed: "flights", state: "stale", reason: "partition-unowned", since: now - 9_000, slo: 2_000, node: "one", now,
    freshness: { windowSeconds: 60, stages: [{ stage: "ingest", count: 1234, p50: 12, p90: 30, p99: 80, buckets: [{ from: 5, to: 10, count: 400 }, { from: 10, to: 20, count: 600 }, { from: 50, to: 100, count: 234 }] }, { stage: "render", count: 1200, p50: 310, p90: 2_200, p99: 6_100, buckets: [{ from: 200, to: 500, count: 900 }, { from: 2_000, to: 5_000, count: 280 }, { from: 300_000, count: 20 }] }] },
    history: [{ state: "live", from: now - 15 * minute, to: now - 5 * minute },
      { state: "stale", reason: "source-unreachable", from: now - 5 * minute, to: now - 4 * minute },
      { state: "live", from: now - 4 * minute, to: now }],
    lanes: [lane, { ...lane, partition: 1, node: undefined, lag: 1_813, condition: "partition-unowned" }],
    quarantined: { type: 3, decode: 1 }, clients: { connections: 12, subscriptions: 240, slow: 1, slowest: [{ id: "c7", path: "sse", waited: 4_200, feeds: ["flights"] }] },
  };
}

export async function healthCases(browser, { base }) {
  const told = { count: 0, status: 200 };
  const before = (page) => page.route("**/v1/feeds/*/status", (route) => {
    told.count++;
    return told.status === 200 ? route.fulfill({ json: troubled(Date.now()) }) : route.fulfill({ status: told.status });
  });
  const screen = await Screen.open(browser, base, { hash: "#/flights?view=health", before,
    options: { permissions: ["clipboard-read", "clipboard-write"], viewport: { width: 1280, height: 900 } } });
  try {
    await screen.shows({ state: "live" });
    await check("the health of a feed says what is over its promise, not in order, slow and put aside", () => says(screen));
    await check("all text of the health has the contrast of WCAG AA, in light and dark", () => contrast(screen));
    await check("health is asked for only while it can be seen", () => asked(screen, told));
    await check("h goes to the rows and back, and takes the focus along", () => keys(screen));
    await check("health that is not told any more is called old", () => old(screen, told));
    await check("a key in depth: its changes, its position, and JSON that can be copied", () => depth(screen));
    await check("what is dimmed has the contrast of WCAG AA, in light and dark", () => dimmed(screen));
  } finally {
    await screen.close();
  }
  await check("the server tells the health of a feed that is well", () => well(browser, base));
  await check("a phone shows the health without moving it sideways", () => phone(browser, base, before, told));
}

async function says({ page }) {
  await page.waitForFunction(() => document.querySelectorAll("#health .sideways tbody tr").length === 2);
  const said = await page.evaluate(() => {
    const text = (selector) => [...document.querySelectorAll(`#health ${selector}`)].map((one) => one.textContent);
    return {
      tiles: text(".tiles > div"), lead: text("[aria-label=Freshness] .lead")[0], over: text("td.over"), strip: document.querySelector("#health .strip").ariaLabel,
      lanes: text(".sideways tbody tr"), refused: text("[aria-label=Quarantine] .facts > div"), people: text("[aria-label=Freshness] .facts > div"),
      slow: text("[aria-label=Clients] .facts > div").at(-1), bars: document.querySelectorAll("#health .track .bucket").length, late: document.querySelectorAll("#health .track .late").length,
      links: [...document.querySelectorAll("#health .facts a")].map((link) => link.getAttribute("href")),
    };
  });
  must(said.lead === "▲ Over the 2 s that are promised: painted by browsers from p90 on.", said.lead);
  must(String(said.over.slice(0, 2)) === "▲ 2.2 s,▲ 6.1 s", `over are ${said.over}`);
  must(said.strip === "Live for 93 % of the last 15 minutes; stale once, 60 s.", said.strip);
  must(said.lanes[0].startsWith("1–") && said.lanes[0].includes("1,813") && said.lanes[0].endsWith("▲ nobody reads a partition at the moment"), `lanes are ${said.lanes}`);
  must(said.refused.length === 7 && said.refused.includes("field of another type3") && said.refused.includes("number too large0"), `put aside are ${said.refused}`);
  must(said.tiles.some((tile) => tile.includes("▲ 1 slow")) && said.people.includes("Ownerops"), `${said.tiles} ${said.people}`);
  must(said.slow === "c7▲ 4.2 stook nothing: sse, flights", `the slowest is ${said.slow}`);
  must(said.bars === 6 && said.late === 2, `${said.bars} buckets are drawn, ${said.late} of them late`);
  must(String(said.links) === "mailto:ops@example.org,https://example.org/runbook", `links are ${said.links}`);
  return said.strip;
}

// What the server itself says, up to the paint in this browser: of the page beside it, which shows the rows.
async function well(browser, base) {
  const rows = await Screen.open(browser, base, { hash: "#/flights" });
  await rows.shows({ state: "live" });
  const screen = await Screen.open(browser, base, { hash: "#/flights?view=health" });
  await screen.shows({ state: "live" });
  await screen.page.waitForFunction(() => {
    const stages = [...document.querySelectorAll("#health [aria-label='Freshness by stage'] tbody th")].map((one) => one.textContent);
    return ["read and decoded", "folded and published", "written to clients", "painted by browsers"].every((stage) => stages.includes(stage));
  }, null, { timeout: 30_000 });
  const said = await screen.page.evaluate(() => {
    const text = (selector) => [...document.querySelectorAll(`#health ${selector}`)].map((one) => one.textContent);
    return { strip: text("[aria-label='Last 15 minutes'] .lead")[0], lanes: text(".sideways tbody tr"), cells: text(".plain td.number"), refused: text("[aria-label=Quarantine] .lead")[0] };
  });
  must(/^Live for .+ of /.test(said.strip), said.strip);
  must(said.lanes.length > 0 && said.lanes.every((lane) => lane.endsWith("in order")), `lanes are ${said.lanes}`);
  must(said.cells.every((cell) => /\d/.test(cell)), `cells are ${said.cells}`);
  must(said.refused.startsWith("0 records"), said.refused);
  must(screen.problems.length === 0, screen.problems.join("\n"));
  await screen.close();
  await rows.close();
  return `${said.strip} ${said.lanes.length} lanes`;
}

async function asked({ page }, told) {
  await until("a second answer is asked for", () => told.count >= 2);
  // A hidden page, as far as it can know; then four seconds by the clock that the page shows.
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const hidden = told.count;
  await ticks(page);
  must(told.count === hidden, `${told.count - hidden} times while the page was hidden`);
  await page.evaluate(() => {
    delete document.hidden;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await until("it is asked for again", () => told.count > hidden);
  await page.evaluate(() => document.getElementById("toRows").click());
  await page.waitForFunction(() => document.querySelectorAll("#body tr").length > 3);
  // The lag beside the feed's name is all that is asked for then, in longer pauses.
  const [rows, from] = [told.count, performance.now()];
  await ticks(page);
  const most = 1 + (performance.now() - from) / 2_500;
  must(told.count - rows <= most, `${told.count - rows} times while the rows were shown, ${most.toFixed(1)} allowed`);
  return `${told.count} times, none of them unseen`;
}

// Eight changes of the age beside the feed's name are four seconds or more.
function ticks(page) {
  return page.evaluate(() => new Promise((resolve) => {
    let left = 8;
    const observer = new MutationObserver(() => {
      if (--left === 0) {
        observer.disconnect();
        resolve();
      }
    });
    observer.observe(document.getElementById("feedAge"), { childList: true });
  }));
}

async function keys({ page }) {
  await page.keyboard.press("h");
  await page.waitForFunction(() => document.activeElement.id === "health" && location.hash === "#/flights?view=health");
  must(await page.isHidden("#rows"), "the rows are still shown");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement.id === "scroll" && location.hash === "#/flights");
  await page.focus("#toHealth");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#/flights?view=health" && document.getElementById("toHealth").ariaCurrent === "true");
  return "h, Escape, and Enter on the link";
}

async function old({ page }, told) {
  await page.waitForSelector("#health:not(.empty-yet)");
  told.status = 503;
  const begun = Date.now();
  const note = (start) => page.waitForFunction((start) => document.querySelector("#health .note").textContent.startsWith(start), start, { timeout: 20_000 });
  await note("▲ As it was ");
  const said = await page.textContent("#health .note");
  must(said.includes("The server answers 503"), said);
  const took = Date.now() - begun;
  told.status = 200;
  await note("Lanes are ");
  return within(`“${said}”`, took, 12_000);
}

async function depth({ page }) {
  await page.evaluate(() => (location.hash = "#/flights/ATL"));
  await page.waitForFunction(() => Number(document.querySelector(".panel .version")?.textContent) > 0);
  await page.click(".panel summary >> text=Position by partition");
  await page.click(".panel summary >> text=Raw JSON");
  await page.waitForFunction(() => /^partition \d+[\d,]+$/.test(document.querySelector(".depth details div")?.textContent ?? ""));
  await page.waitForFunction(() => /^[1-9]\d* times? in /.test(document.querySelector(".depth dd").textContent), null, { timeout: 20_000 });
  await page.click(".depth .chip");
  await page.waitForFunction(() => document.querySelector(".depth .chip").textContent === "Copied");
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  must(copied.key === "ATL" && copied.version > 0 && copied.data.departures > 0, JSON.stringify(copied));
  const { count, span } = await page.evaluate(async () => {
    const { Changes } = await import("/board/depth.js");
    const changes = new Changes();
    for (let version = 1; version <= 1_000; version++) {
      changes.add({ version, epoch: "e" }, version * 100);
    }
    return { count: changes.count(100_000).changes, span: changes.count(100_000).span };
  });
  must(span === minute && Math.abs(count - 600) <= 5, `${count} changes in ${span} ms, 600 were in the last minute`);
  return `version ${copied.version}, ${count} of 1,000 changes in the last minute`;
}

async function dimmed(screen) {
  const { page } = screen;
  await page.waitForFunction(() => document.querySelectorAll("#body tr").length > 3);
  await page.context().setOffline(true);
  await screen.shows({ state: "stale", key: "stale" }, Date.now());
  await page.waitForSelector("body.dimmed");
  return contrast(screen);
}

// Each text's colour on what lies behind it, as WCAG 2 computes it.
async function contrast({ page }) {
  const least = [];
  for (const theme of ["light", "dark"]) {
    await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    const all = await page.evaluate(leastContrasts);
    must(all.count > 40, `only ${all.count} texts were seen`);
    must(all.least.ratio >= 4.5, `${theme}: ${JSON.stringify(all.least)}`);
    least.push(`${theme} ${all.least.ratio.toFixed(2)} (“${all.least.text}”)`);
  }
  await page.evaluate(() => (document.documentElement.dataset.theme = ""));
  return `the least of all texts: ${least.join(", ")}`;
}

function leastContrasts() {
  const parse = (text) => /rgba?\(([^)]+)\)/.exec(text)[1].split(/[\s,/]+/).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((one, index) => one * a + under[index] * (1 - a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => (element ? over(parse(getComputedStyle(element).backgroundColor), behind(element.parentElement)) : [255, 255, 255]);
  const opacity = (element) => (element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = { count: 0, least: { ratio: 99 } };
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text === "" || !element.checkVisibility() || element.closest(".visually-hidden, .skip, option")) {
      continue;
    }
    const under = behind(element);
    const [r, g, b, a = 1] = parse(getComputedStyle(element).color);
    const shown = over([r, g, b, a * opacity(element)], under);
    const [more, less] = [light(shown), light(under)].sort((one, other) => other - one);
    const ratio = (more + 0.05) / (less + 0.05);
    found.count++;
    if (ratio < found.least.ratio) {
      found.least = { ratio, text: text.slice(0, 30) };
    }
  }
  return found;
}

async function phone(browser, base, before, told) {
  told.status = 200;
  const screen = await Screen.open(browser, base, { hash: "#/flights?view=health", before, options: { viewport: { width: 390, height: 800 } } });
  await screen.page.waitForFunction(() => document.querySelectorAll("#health .sideways tbody tr").length === 2);
  const wide = await screen.page.evaluate(() => [document.documentElement.scrollWidth, document.getElementById("health").scrollWidth - document.getElementById("health").clientWidth]);
  await screen.close();
  must(wide[0] <= 390 && wide[1] <= 0, `the page is ${wide[0]} wide, its health ${wide[1]} too wide`);
  return "390 pixels are enough";
}
