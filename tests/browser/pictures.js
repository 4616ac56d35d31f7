// node pictures.js BINARY FOLDER: pictures of the board in each of its moods, and board.png, which the README shows.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { say } from "./checks.js";
import { endAll } from "./processes.js";
import { startDemo } from "./servers.js";
import { Screen } from "./screen.js";

const [binary, folder] = process.argv.slice(2);
const executablePath = process.env.AKKAFEEDS_TEST_CHROMIUM ?? "/usr/bin/chromium";
const desk = { width: 1280, height: 720 };
const board = "#/flights/ATL?sort=-departures";

// A rebuilding takes less than a second here, so its frames are put into the server's mouth, and its reason.
async function rebuilding(page) {
  const why = { state: "rebuilding", reason: "replaying", since: Date.now() - 4_000 };
  const lanes = Array.from({ length: 4 }, (_, partition) => ({ topic: "t", partition, lag: 9 - partition }));
  await page.route("**/v1/feeds/*/status", (route) => route.fulfill({ json: { feed: "flights", ...why, lanes } }));
  await page.routeWebSocket("**/v1/ws", (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      const frame = JSON.parse(text);
      const state = { ...why, progress: 0.4 };
      Object.values(frame.feeds ?? {}).forEach((feed) => Object.assign(feed, { state: "rebuilding" }));
      socket.send(JSON.stringify(frame.op === "snapshot" ? { ...frame, ...state } : frame));
    });
  });
}

// A curve of some seconds, where there is one.
const curved = () => (document.querySelector(".spark path:last-child")?.getAttribute("d").length ?? 99) > 60;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
try {
  mkdirSync(folder, { recursive: true });
  const { program, base } = await startDemo(binary, ["demo", "--rate", "60"]);
  const take = async (name, hash, options, wanted, before) => {
    const screen = await Screen.open(browser, base, { hash, options: { deviceScaleFactor: 1, viewport: desk, ...options }, before });
    await screen.shows(wanted);
    // What the server says of health, and from the paint on.
    if (hash.includes("view=health")) {
      await screen.page.waitForFunction(() => document.querySelector("#health").textContent.includes("painted by browsers"), null, { timeout: 30_000 });
      await screen.page.screenshot({ path: join(folder, `${name}.png`) });
      say(name);
      return screen;
    }
    // A curve of a few seconds, and rows: what a visitor meets.
    await screen.page.waitForFunction(curved, null, { timeout: 30_000 });
    await screen.page.waitForFunction(() => document.querySelector(".feeds .lag").textContent !== ""
      && (document.querySelectorAll("#body tr").length > 3 || document.querySelector("#empty").textContent !== ""));
    await screen.page.screenshot({ path: join(folder, `${name}.png`) });
    say(name);
    return screen;
  };
  const live = { state: "live", key: "live" };
  await (await take("dark", board, { colorScheme: "dark" }, live)).close();
  await (await take("phone", "#/flights", { viewport: { width: 390, height: 800 } }, { state: "live" })).close();
  await (await take("phone-key", "#/flights/ATL", { viewport: { width: 390, height: 800 } }, live)).close();
  await (await take("blank", "#/flights/nowhere", {}, { state: "live", key: "blank" })).close();
  await (await take("rebuilding", board, {}, { state: "rebuilding", key: "rebuilding" }, rebuilding)).close();
  const health = "#/flights?view=health";
  await (await take("health-dark", health, { colorScheme: "dark" }, { state: "live" })).close();
  await (await take("health-phone", health, { viewport: { width: 390, height: 1_600 } }, { state: "live" })).close();
  await (await take("health", health, { viewport: { width: 1280, height: 1_160 } }, { state: "live" })).close();
  const screen = await take("board", board, {}, live);
  await screen.page.evaluate(() => (location.hash = "#/nope"));
  await screen.shows({ empty: "There is no feed*" });
  await screen.page.screenshot({ path: join(folder, "unknown.png") });
  await screen.page.evaluate((board) => (location.hash = board), board);
  await screen.shows(live, Date.now());
  await screen.page.waitForFunction(curved);
  const died = await program.kill();
  await screen.shows({ state: "stale", key: "stale" }, died);
  await screen.page.waitForFunction(() => / for [3-9]\.\d s$/.test(document.querySelector("#feedWhy").textContent));
  await screen.page.screenshot({ path: join(folder, "stale.png") });
  say("stale");
} finally {
  await browser.close();
  await endAll();
}
