// The ladder of the browser client, seen on the board: a network that lets less and less through, a page that was asleep, and
// one without a network.
import { check, must, until, within } from "./checks.js";
import { Proxy } from "./proxy.js";
import { Screen } from "./screen.js";

const down = [["websocket", "event stream"], ["sse", "long poll"], ["longpoll", "polling"]];
const up = [["longpoll", "long poll"], ["sse", "event stream"], ["websocket", "WebSocket"]];

export async function ladderCases(browser, { base }) {
  const proxy = new Proxy(base);
  await proxy.start();
  const screen = await Screen.open(browser, proxy.base, { hash: "#/flights/ATL" });
  try {
    await screen.shows({ rung: "WebSocket", state: "live", key: "live" });
    await check("a WebSocket that is back is climbed to by itself, and nothing is stale on the way", () => byItself(screen, proxy));
    for (const [kind, rung] of down) {
      await check(`without ${kind} the board goes on over ${rung}`, () => stepDown(screen, proxy, kind, rung));
    }
    await check("a network that lets nothing through is stale in time, and live when it does again", () => cut(screen, proxy));
    for (const [kind, rung] of up) {
      await check(`with ${kind} again the board climbs to ${rung}, and is never stale on the way`, () => stepUp(screen, proxy, kind, rung));
    }
    await check("offline is stale at once, online is live again", () => offline(screen));
    await check("a page that was asleep is stale first, then live", () => asleep(browser, screen));
    await check("<akka-feed> shows what HTTP says, and its state", () => element(screen));
    await check("no version of the key went back", () => never(screen));
  } finally {
    await screen.close();
    proxy.close();
  }
}

async function stepDown(screen, proxy, kind, rung) {
  const blocked = proxy.block(kind);
  const stale = await screen.shows({ state: "stale", key: "stale", why: "the connection to the server is lost*" }, blocked);
  const live = await screen.shows({ rung, state: "live", key: "live", banner: "" }, blocked + 1);
  await changes(screen);
  return `${within("stale", stale.at - blocked, 3_000)}; ${within(`live over ${rung}`, live.at - blocked, 8_000)}`;
}

async function byItself(screen, proxy) {
  const blocked = proxy.block("websocket");
  await screen.shows({ rung: "event stream", state: "live", key: "live", banner: "" }, blocked + 1);
  return stepUp(screen, proxy, "websocket", "WebSocket", () => {});
}

// A new network is tried at once; without that the pause may have grown to minutes by now.
async function stepUp(screen, proxy, kind, rung, hasten = () => dispatchEvent(new Event("online"))) {
  await screen.shows({ state: "live", key: "live" }, Date.now());
  const freed = proxy.free(kind);
  await screen.page.evaluate(hasten);
  const live = await screen.shows({ rung, state: "live", key: "live", banner: "" }, freed, 30_000);
  await changes(screen);
  const seen = await screen.page.evaluate((freed) => window.seen.filter((one) => one.at > freed), freed);
  const wrong = seen.find((one) => one.state !== "live" || one.banner !== "");
  must(!wrong, `on the way it said ${JSON.stringify(wrong)}`);
  return `${within(`over ${rung}`, live.at - freed, 15_000)}; ${await screen.panelEqualsHttp("ATL")}`;
}

async function cut(screen, proxy) {
  const blocked = proxy.block("http");
  const stale = await screen.shows({ state: "stale", key: "stale" }, blocked);
  const freed = proxy.free("http");
  const live = await screen.shows({ state: "live", key: "live", rung: "polling" }, Math.max(freed, stale.at + 1));
  // A poll is given as long as the last one took, on top of the 3 s.
  return `${within("stale", stale.at - blocked, 4_000)}; ${within("live", live.at - freed, 8_000)}`;
}

async function offline(screen) {
  const begun = Date.now();
  await screen.page.context().setOffline(true);
  const stale = await screen.shows({ state: "stale", key: "stale" }, begun);
  await screen.page.context().setOffline(false);
  const back = Date.now();
  const live = await screen.shows({ rung: "WebSocket", state: "live", key: "live", banner: "" }, Math.max(back, stale.at + 1));
  return `${within("stale", stale.at - begun, 1_000)}; ${within("live", live.at - back, 5_000)}`;
}

// The processes that draw pages are stopped, as a machine that sleeps stops them.
async function asleep(browser, screen) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const ids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  must(ids.length > 0, "no process draws pages");
  const version = (await screen.panel()).version;
  ids.forEach((id) => process.kill(id, "SIGSTOP"));
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  const woken = Date.now();
  ids.forEach((id) => process.kill(id, "SIGCONT"));
  const stale = await screen.shows({ state: "stale", key: "stale" }, woken);
  const live = await screen.shows({ rung: "WebSocket", state: "live", key: "live", banner: "" }, stale.at + 1);
  const first = await screen.page.evaluate((woken) => window.seen.find((one) => one.at >= woken), woken);
  must(first.state === "stale", `the first that it said was ${JSON.stringify(first)}`);
  must((await screen.panel()).version > version, "no version came after the sleep");
  return `${within("stale", stale.at - woken, 1_000)}; ${within("live", live.at - woken, 5_000)}`;
}

async function element(screen) {
  await screen.page.evaluate(async () => {
    await import("/akkafeeds-element.js");
    const made = document.createElement("akka-feed");
    Object.entries({ feed: "flights", key: "ATL", field: "departures", lang: "en" }).forEach((pair) => made.setAttribute(...pair));
    document.getElementById("main").append(made);
  });
  const version = await until("the element shows a version that HTTP has", async () => {
    const [shown, [{ version, data }]] = await Promise.all([
      screen.page.evaluate(() => {
        const { view, shadowRoot } = document.querySelector("akka-feed");
        const text = shadowRoot.querySelector("[part=value]").textContent;
        return { version: view?.version, text, state: document.querySelector("akka-feed").getAttribute("state") };
      }),
      screen.http(["ATL"]),
    ]);
    return shown.version === version && shown.state === "live" && shown.text === data.departures.toLocaleString("en") && version;
  }, 15_000, 10);
  return `version ${version} of ATL`;
}

async function changes(screen) {
  const from = await screen.page.evaluate(() => window.changedCells);
  await screen.page.waitForFunction((from) => window.changedCells >= from + 20, from, { timeout: 20_000 });
}

async function never(screen) {
  const { seen, back } = await screen.page.evaluate(() => window.versions);
  must(seen > 10, `only ${seen} versions were seen`);
  must(back.length === 0, back.join(", "));
  return `${seen} versions, none below the one before`;
}
