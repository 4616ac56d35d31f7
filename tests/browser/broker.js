// What needs a real broker: a server that is killed and one whose broker is stopped, and end at rest with equal numbers.
import { check, must, say, within } from "./checks.js";
import { Served } from "./servers.js";
import { Screen } from "./screen.js";

const feeds = `  flights:
    from: { topic: akkafeeds-demo-flights, format: json }
    key: origin
    time: date
    view: { departures: count(), delayed: count(delay > 15), destinations: distinct(destination), meanDelay: avg(delay) }
    freshness: { slo: 2s }
  newest:
    from: { topic: akkafeeds-demo-flights, format: json }
    key: origin
    view: { "*": last(*) }
  quiet:
    from: { topic: akkafeeds-demo-flights, format: json }
    where: distance < 0
    key: origin
    view: { departures: count() }
`;

export async function brokerCases(browser, binary, broker, producer) {
  const served = new Served(binary, broker, feeds);
  await served.start();
  say("akkafeeds serve answers");
  const screen = await Screen.open(browser, served.base, { hash: "#/flights/ATL" });
  await screen.shows({ state: "live", key: "live" }, 0, 40_000);
  await check('a feed with "*" has the columns of its records', () => star(screen));
  await check("a feed without records waits for its first", () => waiting(screen));
  await check("a killed server is stale within 3 s, and live with equal numbers when it is back", () =>
    killed(screen, served, producer),
  );
  await check("a stopped broker is stale within 2 s and the time to show it, and equal numbers come behind it", () =>
    brokerStopped(screen, broker, producer),
  );
  await screen.close();
}

async function star(screen) {
  await screen.page.evaluate(() => (location.hash = "#/newest/ATL"));
  await screen.page.waitForFunction(
    () => document.querySelectorAll("#body tr").length > 3 && document.querySelector(".numbers .name"),
  );
  const [heads, cells, inside] = await screen.page.evaluate(() => [
    [...document.querySelectorAll("#head th")].map((head) => head.textContent.replace(/[↑↓]/, "")),
    [...document.querySelectorAll("#body tr")].map((row) => row.cells[1].textContent),
    [...document.querySelectorAll(".numbers .name")].map((name) => name.textContent),
  ]);
  for (const name of ["destination", "delay", "distance"]) {
    must(heads.includes(name), `no column ${name}: ${heads}`);
    must(inside.includes(name), `no ${name} in the panel: ${inside}`);
  }
  must(
    cells.every((cell) => cell !== "" && cell !== "–"),
    `empty cells: ${cells}`,
  );
  return `${heads.join(", ")}`;
}

async function waiting(screen) {
  const begun = Date.now();
  await screen.page.evaluate(() => (location.hash = "#/quiet"));
  await screen.shows({ state: "live", empty: "Waiting for the first record of akkafeeds-demo-flights*" }, begun);
  await screen.page.waitForFunction(() => document.getElementById("count").textContent === "0 of 0 keys");
  const said = await screen.page.evaluate(() => [
    document.getElementById("shown").textContent,
    document.getElementById("empty").textContent,
  ]);
  must(said[0] === "0 of 0 keys" && said[1].startsWith("Waiting"), said.join(" / "));
  return said.join(" / ");
}

async function killed(screen, served, producer) {
  const begun = Date.now();
  await screen.page.evaluate(() => (location.hash = "#/flights/ATL"));
  await screen.shows({ state: "live", key: "live", banner: "" }, begun + 1);
  const keys = await screen.keysShown(8);
  const died = await served.kill();
  const stale = await screen.shows(
    { state: "stale", key: "stale", why: "the connection to the server is lost*", banner: "The connection is lost*" },
    died,
  );
  const first = within("stale", stale.at - died, 3_000);
  const back = await served.start();
  const live = await screen.shows({ state: "live", key: "live", banner: "" }, back);
  const second = within("live", live.at - back, 20_000);
  // Nothing more is produced from here on, so the numbers come to rest.
  producer.signal("SIGSTOP");
  return `${first}; ${second}; ${await screen.equalsHttp(keys)}; ${await screen.panelEqualsHttp("ATL")}`;
}

async function brokerStopped(screen, broker, producer) {
  const keys = await screen.keysShown(8);
  const stopped = await broker.kill();
  const stale = await screen.shows(
    { state: "stale", key: "stale", why: "Kafka does not answer*", banner: "" },
    stopped,
  );
  const first = within("stale", stale.at - stopped, 3_000);
  await screen.page.waitForFunction(() =>
    document.getElementById("feedWhy").textContent.startsWith("Kafka does not answer, for "),
  );
  const back = await broker.start();
  const live = await screen.shows({ state: "live", key: "live", banner: "" }, back);
  const second = within("live", live.at - back, 20_000);
  // What is produced behind the stop is shown, and then comes to rest again.
  const [from, { version }] = [await screen.page.evaluate(() => window.changedCells), await screen.panel()];
  producer.signal("SIGCONT");
  const hasNews = ({ from, version }) => window.changedCells >= from + 40
    && Number(document.querySelector(".panel .version").textContent) > version;
  await screen.page.waitForFunction(hasNews, { from, version }, { timeout: 40_000 });
  producer.signal("SIGSTOP");
  return `${first}; ${second}; ${await screen.equalsHttp(keys)}; ${await screen.panelEqualsHttp("ATL")}`;
}
