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
      empty: text("#empty"),
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

  /** What the table says of keys: { ATL: { departures: "17", ... } }, in all of its columns. */
  rows(keys) {
    return this.page.evaluate((keys) => {
      const names = [...document.querySelectorAll("#head th")].map((head) => head.firstChild.firstChild.textContent);
      const lines = [...document.querySelectorAll("#body tr")].filter((row) => keys.includes(row.dataset.key));
      return Object.fromEntries(lines.map((row) => [
        row.dataset.key,
        Object.fromEntries([...row.cells].map((cell, index) => [names[index], cell.textContent]).slice(1)),
      ]));
    }, keys);
  }

  keysShown(count) {
    return this.page.evaluate((count) =>
      [...document.querySelectorAll("#body tr")].slice(0, count).map((row) => row.dataset.key), count);
  }

  /** The version that the open panel says, and all that it shows: texts by field, and by the members of objects. */
  panel() {
    return this.page.evaluate(() => {
      const pairs = (elements, name, value) => [...elements].map((one) =>
        [one.querySelector(name).textContent, one.querySelector(value).textContent]);
      const objectOf = (one) =>
        [one.querySelector("h3").textContent, pairs(one.querySelectorAll("li"), "span", "span:nth-of-type(2)")];
      return {
        version: Number(document.querySelector(".panel .version").textContent || NaN),
        values: Object.fromEntries(pairs(document.querySelectorAll(".numbers > div"), ".name", ".value")),
        objects: Object.fromEntries([...document.querySelectorAll(".panel .object")].map(objectOf)),
      };
    });
  }

  /** What the board makes of views: [{ key, fields: [{ name, texts }] }], its texts by decimals, and alone. */
  texts(views, feed = "flights") {
    return this.page.evaluate(async ({ views, feed }) => {
      const { singleText, valueText } = await import("/board/text.js");
      const { fields } = (await (await fetch("/v1/feeds")).json()).feeds.find(({ name }) => name === feed);
      const textsOf = (value, field) => [null, 1, 3].map((decimals) => valueText(value, field, decimals));
      const membersOf = (value) => Object.entries(value ?? {}).map(([member, inner]) => [member, valueText(inner)]);
      const told = (value, field) =>
        field.type === "object" ? { members: membersOf(value) }
          : { texts: textsOf(value, field), text: singleText(value, field) };
      return views.map(({ key, data }) =>
        ({ key, fields: fields.map((field) => ({ name: field.name, ...told(data?.[field.name], field) })) }));
    }, { views, feed });
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
      const moved = before.some(({ version }, index) => version !== after[index].version);
      difference = moved ? "HTTP moved" : tableDifference(await this.texts(after), shown);
      return difference === "" && after.length;
    }, limit).catch((error) => {
      throw new Error(`${error.message}: ${difference}`);
    });
    must(numbers === keys.length, `HTTP knows ${numbers} of ${keys.length} keys`);
    return `${keys.length} keys (${keys.join(" ")}) equal HTTP after ${seconds(performance.now() - from)}`;
  }

  /** Waits until the panel shows the version that HTTP has; a text that differs at one version fails at once. */
  async panelEqualsHttp(key, limit = 20_000) {
    let wrong = "";
    let fields = [];
    const version = await until(`the panel shows a version of ${key} that HTTP has`, async () => {
      const shown = await this.panel();
      const [{ version, data }] = await this.http([key]);
      if (version === shown.version) {
        [{ fields }] = await this.texts([{ key, data }]);
        wrong = panelDifference(fields, shown);
      }
      return wrong !== "" || (version === shown.version && version);
    }, limit, 10);
    must(wrong === "", `of version ${version}, ${wrong}`);
    return `version ${version} of ${key} is the same on the screen and over HTTP in ${fields.length} fields`;
  }
}

// Each column of each key: a column has one number of decimals, whichever that is.
function tableDifference(views, shown) {
  const columns = views[0].fields.filter(({ texts }) => texts).map(({ name }) => name);
  const textsOf = ({ fields }, column) => fields.find(({ name }) => name === column).texts;
  const isEqual = (column) => [0, 1, 2].some((decimals) =>
    views.every((view) => textsOf(view, column)[decimals] === shown[view.key]?.[column]));
  const said = (column) => views.map((view) =>
    `${view.key}.${column} is ${textsOf(view, column)[0]} over HTTP and ${shown[view.key]?.[column]} here`);
  return columns.filter((column) => !isEqual(column)).flatMap(said).join("; ");
}

// Each field, and of an object each member: those that are counted stand in the order of their counts.
function panelDifference(fields, shown) {
  const text = (members) => JSON.stringify((members ?? []).toSorted());
  return fields.map(({ name, text: alone, members }) => {
    const [here, there] = alone ? [shown.values[name], alone] : [text(shown.objects[name]), text(members)];
    return here === there ? "" : `${name} is ${there} over HTTP and ${here} here`;
  }).filter((difference) => difference !== "").join("; ");
}
