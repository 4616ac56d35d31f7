// The list of keys under the hands of a reader: what is asked for by keyboard, by typing and by a click, and what
// stays meanwhile.
import { check, must, until } from "./checks.js";
import { Screen } from "./screen.js";

const rowsOf = (page) =>
  page.evaluate(() => [...document.querySelectorAll("#body tr")].map((row) => row.dataset.key));
const isShown = (page) =>
  page.waitForFunction(
    () => document.querySelectorAll("#body tr").length > 3 && document.getElementById("table").ariaBusy === "false",
  );

export async function listCases(browser, { base }) {
  const held = { frames: null, socket: null }; // rows that the server has sent and the page does not get
  const before = (page) =>
    page.routeWebSocket("**/v1/ws", (socket) => {
      held.socket = socket;
      socket
        .connectToServer()
        .onMessage((text) =>
          held.frames && JSON.parse(text).op === "rows" ? held.frames.push(text) : socket.send(text),
        );
    });
  const screen = await Screen.open(browser, base, { hash: "#/flights", before });
  try {
    await screen.shows({ state: "live" });
    await isShown(screen.page);
    await check("sorting by the head of a column turns the rows round and keeps the focus", () => sorts(screen));
    await check("rows stay, dimmed and busy, until those that were asked for are there", () => stays(screen, held));
    await check("typing into the filter narrows the rows, and says how many there are", () => filters(screen));
    await check("an order that is held moves no row while numbers change, and is let go on demand", () =>
      holds(screen),
    );
    await check("how many of how many are shown, and more on demand", () => counts(screen));
    await check("a row is headed by a link to its key, and one of them is a stop of Tab", () => links(screen));
    await check("links of feeds keep the focus when the address changes", () => feedLinks(screen));
    await check("arrows scroll an open key, and move from row to row in the list", () => arrows(screen));
    await check("letter keys can be switched off, and stay so", () => letters(screen));
    await check("no error on the console of the list", async () => {
      must(screen.problems.length === 0, screen.problems.join("\n"));
      return "none";
    });
  } finally {
    await screen.close();
  }
  await check("a phone shows the list without moving the page sideways", () => phone(browser, base));
}

const focused = (page) =>
  page.evaluate(() => document.activeElement.closest("th")?.textContent.replace(/[↑↓]/, "") ?? "");

function numbers(page, column) {
  return page.evaluate((column) => {
    const at = [...document.querySelectorAll("#head th")].findIndex((head) => head.textContent.includes(column));
    return [...document.querySelectorAll("#body tr")].map((row) =>
      Number(row.cells[at].textContent.replaceAll(",", "")),
    );
  }, column);
}

async function sorts({ page }) {
  await page.focus("#head th:nth-child(2) button");
  const said = [];
  for (const [order, isRight] of [
    ["descending", (a, b) => a >= b],
    ["ascending", (a, b) => a <= b],
  ]) {
    await page.keyboard.press("Enter");
    await page.waitForFunction((order) => document.querySelector("#head th:nth-child(2)").ariaSort === order, order);
    await isShown(page);
    const all = await numbers(page, "departures");
    must(
      all.length > 3 && all.every((one, index) => index === 0 || isRight(all[index - 1], one)),
      `${order} are ${all}`,
    );
    must((await focused(page)) === "departures", `the focus is on “${await focused(page)}”`);
    said.push(`${order} from ${all[0]} to ${all.at(-1)}`);
  }
  return said.join(", ");
}

async function stays({ page }, held) {
  await page.evaluate(() => (location.hash = "#/flights"));
  await isShown(page);
  const before = await rowsOf(page);
  held.frames = [];
  await page.focus("#head th:nth-child(2) button");
  await page.keyboard.press("Enter");
  await until("the new rows are sent", () => held.frames.some((text) => JSON.parse(text).base === undefined));
  const kept = await page.evaluate(() => ({
    busy: document.getElementById("table").ariaBusy,
    empty: document.getElementById("empty").textContent,
    rows: [...document.querySelectorAll("#body tr")].map((row) => row.dataset.key),
  }));
  must(kept.busy === "true" && kept.empty === "" && String(kept.rows) === String(before), JSON.stringify(kept));
  held.frames.forEach((text) => held.socket.send(text));
  held.frames = null;
  await page.waitForFunction(() => document.getElementById("table").ariaBusy === "false");
  const after = await rowsOf(page);
  must(String(after) !== String(before), "the order is the former one");
  return `${kept.rows.length} rows stayed, ${before[0]} first; then ${after[0]} was`;
}

async function filters({ page }) {
  await page.focus("#filter");
  await page.keyboard.type("D");
  await page.waitForFunction(() => {
    const keys = [...document.querySelectorAll("#body tr")].map((row) => row.dataset.key);
    return keys.length > 1 && keys.every((key) => key.startsWith("D"));
  });
  const many = (await rowsOf(page)).length;
  await page.keyboard.type("FW");
  await page.waitForFunction(
    () => [...document.querySelectorAll("#body tr")].map((row) => row.dataset.key).join() === "DFW",
  );
  must(await page.evaluate(() => document.activeElement.id === "filter"), "the filter has lost the focus");
  await page.waitForFunction(
    () => document.getElementById("count").textContent === "1 of 1 keys that begin with “DFW”",
  );
  const roles = await page.evaluate(() =>
    ["count", "empty"].map((id) => document.getElementById(id).getAttribute("role")),
  );
  must(
    roles.every((role) => role === "status"),
    `the roles are ${roles}`,
  );
  for (let letter = 0; letter < 3; letter++) {
    await page.keyboard.press("Backspace");
  }
  await page.waitForFunction(() => document.querySelectorAll("#body tr").length > 30);
  return `${many} begin with D, one with DFW`;
}

// The numbers change the order: of the busiest first, somebody overtakes somebody.
async function holds({ page }) {
  await page.evaluate(() => (location.hash = "#/flights?sort=-departures"));
  await isShown(page);
  const order = await page.evaluate(() => {
    document.querySelector("#body a").focus();
    window.order = [...document.querySelectorAll("#body tr")].map((row) => row.dataset.key);
    return window.order;
  });
  const from = await page.evaluate(() => window.changedCells);
  await page.waitForFunction(
    (from) => window.changedCells >= from + 60 && !document.getElementById("resort").hidden,
    from,
    { timeout: 30_000 },
  );
  const present = new Set(await rowsOf(page));
  const stayed = order.filter((key) => present.has(key));
  const now = (await rowsOf(page)).slice(0, stayed.length);
  must(String(now) === String(stayed), `the order was ${stayed} and is ${now}`);
  must((await focused(page)) === order[0], `the focus is on “${await focused(page)}”`);
  await page.click("#resort");
  await page.waitForFunction(() => document.getElementById("resort").hidden);
  const sorted = await numbers(page, "departures");
  must(
    sorted.every((one, index) => index === 0 || sorted[index - 1] >= one),
    `sorted they are ${sorted}`,
  );
  const changed = (await page.evaluate(() => window.changedCells)) - from;
  return `${stayed.length} rows stayed in their places while ${changed} cells changed`;
}

async function counts({ page }) {
  const foot = () =>
    page.evaluate(() =>
      [...document.querySelectorAll(".foot > :not([hidden], .visually-hidden, .keys)")]
        .map((one) => one.textContent)
        .filter((text) => text !== "")
        .join(" "),
    );
  const first = await until(
    "more than 100 keys",
    async () => /^100 of \d+ keys Show \d+ more or filter by prefix$/.test(await foot()) && foot(),
    30_000,
  );
  await page.focus("#more");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("more").hidden && document.activeElement.id === "scroll");
  const all = await foot();
  must(/^(\d+) of \1 keys$/.test(all), `it says ${all}`);
  // Of more keys than a list can have, those that are not shown are spoken of.
  const most = await page.evaluate(async () => {
    const { Table } = await import("/board/table.js");
    const list = document.getElementById("list").cloneNode(true);
    const table = new Table((id) => list.querySelector(`#${id}`), { open() {}, sort() {}, address: () => "#" });
    table.show({ name: "f", key: "k", topics: ["t"], fields: [] }, { sort: null, prefix: null });
    const order = Array.from({ length: 1_000 }, (_, index) => `key${index}`);
    table.rows(
      { version: 1, order, rows: order.map((key) => ({ key, data: {}, state: "live" })), total: 3_412 },
      1_000,
    );
    return [
      list.querySelector("#shown").textContent,
      list.querySelector("#rest").textContent,
      list.querySelector("#more").hidden,
    ];
  });
  must(most[0] === "1,000 of 3,412 keys" && /filter by prefix/.test(most[1]) && most[2], `of 3,412 it says ${most}`);
  return `“${first}”; “${all}”; “${most[0]}, ${most[1]}”`;
}

async function links({ page }) {
  const found = await page.evaluate(() => {
    const rows = [...document.querySelectorAll("#body tr")];
    return {
      count: rows.length,
      wrong: rows.filter((row) => !row.matches(":has(> th[scope=row] > a[href])")).length,
      stops: document.querySelectorAll(
        "#body [tabindex='0'], #body :is(a, button, tr):not([tabindex='-1'], tr:not([tabindex]))",
      ).length,
      href: rows[1].querySelector("a").getAttribute("href"),
      key: rows[1].dataset.key,
      selected: document.querySelectorAll("[aria-selected]").length,
    };
  });
  must(found.wrong === 0 && found.selected === 0, JSON.stringify(found));
  must(found.stops === 1, `${found.stops} stops of Tab`);
  await page.evaluate((href) => (location.hash = href), found.href);
  await page.waitForFunction((key) => document.querySelector(".panel h2")?.textContent === key, found.key);
  const current = await page.evaluate(() =>
    [...document.querySelectorAll("#body [aria-current]")].map((link) => link.textContent),
  );
  must(String(current) === found.key, `current are ${current}`);
  await page.keyboard.press("Escape");
  await page.waitForFunction(
    () => document.getElementById("panel").hidden && !document.querySelector("#body [aria-current]"),
  );
  return `${found.count} rows, ${found.href} opens ${found.key}`;
}

async function feedLinks({ page }) {
  await page.focus("#feeds a");
  await page.evaluate(() => (location.hash = "#/flights?prefix=B"));
  await page.waitForFunction(() => document.querySelector("#body tr")?.dataset.key.startsWith("B"));
  const [name, current] = await page.evaluate(() => [
    document.activeElement.textContent,
    document.activeElement.ariaCurrent,
  ]);
  must(name.startsWith("flights: live") && current === "page", `the focus is on “${name}”`);
  return `on “${name}”`;
}

async function arrows({ page }) {
  await page.focus("#scroll");
  await page.keyboard.press("ArrowDown");
  const key = await focused(page);
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (key) => document.activeElement.tagName === "H2" && document.activeElement.textContent === key,
    key,
  );
  await page.waitForFunction(
    () => document.getElementById("panel").scrollHeight > document.getElementById("panel").clientHeight + 40,
  );
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.getElementById("panel").scrollTop > 0);
  must(
    await page.evaluate(() => document.getElementById("panel").contains(document.activeElement)),
    "the focus has left the panel",
  );
  await page.keyboard.press("Escape");
  await page.waitForFunction((key) => document.activeElement.textContent === key, key);
  return `${key} was scrolled`;
}

async function letters({ page }) {
  const now = () =>
    page.evaluate(() => ({
      hash: location.hash,
      focus: document.activeElement.id,
      hint: document.getElementById("hint").textContent,
      pressed: document.getElementById("letters").ariaPressed,
    }));
  await page.click("#letters");
  await page.reload();
  await isShown(page);
  const before = await now();
  must(before.pressed === "false" && !before.hint.includes("/ filters"), JSON.stringify(before));
  for (const key of ["h", "/", "j", "k"]) {
    await page.keyboard.press(key);
    must(JSON.stringify(await now()) === JSON.stringify(before), `${key} made it ${JSON.stringify(await now())}`);
  }
  await page.keyboard.press("ArrowDown");
  must((await focused(page)) !== "", "the arrow went to no row");
  await page.click("#letters");
  await page.keyboard.press("/");
  const after = await now();
  must(after.focus === "filter" && after.hint.includes("/ filters"), JSON.stringify(after));
  return `off: “${before.hint}”`;
}

async function phone(browser, base) {
  const options = { viewport: { width: 390, height: 800 } };
  const before = (page) => page.route("**/v1/feeds", async (route) => {
    const response = await route.fetch();
    const { feeds } = await response.json();
    const more = Array.from({ length: 9 }, (_, index) => ({ ...feeds[0], name: `another feed ${index}` }));
    await route.fulfill({ response, json: { feeds: [...feeds, ...more] } });
  });
  const screen = await Screen.open(browser, base, { hash: "#/flights", options, before });
  await screen.shows({ state: "live" });
  await isShown(screen.page);
  const [wide, count] = await screen.page.evaluate(() =>
    [document.documentElement.scrollWidth, document.querySelectorAll("#feeds a").length]);
  await screen.close();
  must(wide <= 390 && count === 10, `the page is ${wide} wide, with ${count} feeds`);
  return `390 pixels are enough for ${count} feeds`;
}
