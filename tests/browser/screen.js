// One page with the board: what it showed and when, and what it shows.
import { must, seconds, until } from "./checks.js";

// Runs in the page before its own scripts: writes down each change of what the screen says, with its instant.
function watchScreen() {
  window.seen = [];
  window.changedCells = 0;
  window.layoutsAsked = 0;
  window.oldestLive = 0; // s
  window.versions = { seen: 0, last: null, back: [] }; // of the open key
  const text = (selector) => document.querySelector(selector)?.textContent ?? "";
  const withoutAge = (why) => why.replace(/ for \d.*$/, "").replace(/^true .*/, "");
  const look = () => {
    const banner = document.getElementById("banner");
    const now = {
      state: text("#feedState"), rung: text("#rung"), banner: banner && !banner.hidden ? banner.textContent : "",
      key: text(".panel .badge"), why: withoutAge(text(".panel .why")),
      empty: document.getElementById("empty")?.hidden === false ? text("#empty") : "",
    };
    const age = /^read up to ([\d.]+) s ago$/.exec(text("#feedAge"))?.[1];
    if (now.state === "live" && age) {
      window.oldestLive = Math.max(window.oldestLive, Number(age));
    }
    const last = window.seen.at(-1);
    if (!last || Object.keys(now).some((name) => now[name] !== last[name])) {
      window.seen.push({ ...now, at: Date.now() });
    }
  };
  const count = () => {
    const [version, epoch] = [text(".panel .version"), text(".panel .epoch")];
    const key = text(".panel h2");
    const { last, back } = window.versions;
    if (version && (last?.version !== version || last.epoch !== epoch)) {
      if (last?.key === key && last.epoch === epoch && Number(last.version) > Number(version)) {
        back.push(`${key}: ${last.version} became ${version}`);
      }
      window.versions.seen++;
      window.versions.last = { version, epoch, key };
    }
  };
  new MutationObserver((changes) => {
    count();
    window.changedCells += changes.filter((change) => change.target.nodeName === "TD").length;
    look();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "class"] });
  const offset = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "offsetWidth");
  Object.defineProperty(HTMLElement.prototype, "offsetWidth", { get() {
    window.layoutsAsked++;
    return offset.get.call(this);
  } });
}

export class Screen {
  problems = [];

  constructor(page, base) {
    this.page = page;
    this.base = base;
  }

  /** Opens the board; without motion, as all that is drawn is drawn by the processors that the server runs on. */
  static async open(browser, base, { hash = "", options = {}, before } = {}) {
    const still = { viewport: { width: 1000, height: 600 }, reducedMotion: "reduce" };
    const page = await (await browser.newContext({ ...still, ...options })).newPage();
    const screen = new Screen(page, base);
    page.on("console", (message) => message.type() === "error" && screen.problems.push(message.text()));
    page.on("pageerror", (error) => screen.problems.push(String(error)));
    await page.addInitScript(watchScreen);
    await before?.(page);
    await page.goto(`${base}/${hash}`);
    return screen;
  }

  close() {
    return this.page.context().close();
  }

  /** The first thing shown from an instant on that is as told: values are text, or a beginning followed by *. */
  async shows(wanted, since = 0, limit = 20_000) {
    const found = ({ wanted, since }) => {
      const is = (value, pattern) => pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
      const all = window.seen ?? [];
      const current = all.findLast((one) => one.at <= since);
      return [current && { ...current, at: since }, ...all.filter((one) => one.at > since)]
        .find((one) => one && Object.entries(wanted).every(([name, pattern]) => is(one[name], pattern)));
    };
    try {
      const handle = await this.page.waitForFunction(found, { wanted, since }, { timeout: limit, polling: 50 });
      return await handle.jsonValue();
    } catch (error) {
      const last = await this.page.evaluate(() => window.seen.slice(-6)).catch(() => []);
      throw new Error(`${JSON.stringify(wanted)} was not shown within ${seconds(limit)}: ${error.message.split("\n")[0]}\n`
        + last.map((one) => JSON.stringify(one)).join("\n"));
    }
  }

  /** What the table says of keys: { ATL: { departures: 17, ... } }, whole numbers only. */
  rows(keys) {
    return this.page.evaluate((keys) => {
      const names = [...document.querySelectorAll("#head th")].map((head) => head.firstChild.firstChild.textContent);
      const lines = [...document.querySelectorAll("#body tr")].filter((row) => keys.includes(row.dataset.key));
      const number = (text) => (/^-?[\d,]+$/.test(text) ? Number(text.replaceAll(",", "")) : undefined);
      return Object.fromEntries(lines.map((row) => [
        row.dataset.key,
        Object.fromEntries([...row.cells].map((cell, index) => [names[index], number(cell.textContent)]).slice(1)),
      ]));
    }, keys);
  }

  keysShown(count) {
    return this.page.evaluate((count) => [...document.querySelectorAll("#body tr")].slice(0, count).map((row) => row.dataset.key), count);
  }

  /** The version that the open panel says, and its numbers. */
  panel() {
    return this.page.evaluate(() => ({
      version: Number(document.querySelector(".panel .version").textContent || NaN),
      departures: Number(document.querySelector(".numbers .value").textContent.replaceAll(",", "")),
    }));
  }

  async http(keys, feed = "flights") {
    const query = keys.map((key) => `key=${encodeURIComponent(key)}`).join("&");
    const answer = await fetch(`${this.base}/v1/feeds/${feed}/snapshots?${query}`);
    if (!answer.ok) {
      throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
    }
    return (await answer.json()).map(({ key, data, version }) => ({ key, data, version }));
  }

  /** Waits until the table says of each key what HTTP says before and after it was read. */
  async equalsHttp(keys, limit = 20_000) {
    const from = performance.now();
    let difference = "";
    const numbers = await until("the numbers on the screen equal those of HTTP", async () => {
      const before = await this.http(keys);
      const shown = await this.rows(keys);
      const after = await this.http(keys);
      difference = before.some(({ version }, index) => version !== after[index].version) ? "HTTP moved" : differenceOf(after, shown);
      return difference === "" && after.length;
    }, limit).catch((error) => {
      throw new Error(`${error.message}: ${difference}`);
    });
    must(numbers === keys.length, `HTTP knows ${numbers} of ${keys.length} keys`);
    return `${keys.length} keys (${keys.join(" ")}) equal HTTP after ${seconds(performance.now() - from)}`;
  }

  /** Waits until the panel shows the version that HTTP has; a number that differs at one version fails at once. */
  async panelEqualsHttp(key, limit = 20_000) {
    let wrong = "";
    const version = await until(`the panel shows a version of ${key} that HTTP has`, async () => {
      const shown = await this.panel();
      const [{ version, data }] = await this.http([key]);
      if (version === shown.version && data.departures !== shown.departures) {
        wrong = `version ${version} has ${data.departures} departures over HTTP and ${shown.departures} on the screen`;
      }
      return wrong !== "" || (version === shown.version && version);
    }, limit, 10);
    must(wrong === "", wrong);
    return `version ${version} of ${key} is the same on the screen and over HTTP`;
  }
}

function differenceOf(views, shown) {
  return views.flatMap(({ key, data }) => Object.entries(data)
    .filter(([name, value]) => Number.isInteger(value) && ["departures", "delayed", "destinations"].includes(name))
    .filter(([name, value]) => shown[key]?.[name] !== value)
    .map(([name, value]) => `${key}.${name} is ${value} over HTTP and ${shown[key]?.[name]} on the screen`)).join("; ");
}
