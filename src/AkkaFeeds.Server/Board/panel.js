// One key in depth: its numbers, one of them over the last minutes, what is inside its objects, and how fresh it is.
import { flash } from "/board/table.js";
import { ageText, reasonText, stateText, valueText } from "/board/text.js";

const SAMPLES_MAX = 300;

export class Panel {
  #root;
  #feeds;
  #on;
  #card = null;
  #key = null;
  #watch = null;
  #parts = null;
  #samples = new Map(); // field -> [{ at, value }]
  #field = null;

  constructor(root, feeds, on) {
    this.#root = root;
    this.#feeds = feeds;
    this.#on = on;
  }

  show(card, key) {
    if (this.#card?.name === card.name && this.#key === key) {
      return;
    }
    this.#watch?.close();
    this.#watch = null;
    this.#card = card;
    this.#key = key;
    this.#samples.clear();
    this.#root.hidden = key === null;
    if (key === null) {
      this.#root.replaceChildren();
      return;
    }
    this.#build();
    this.#watch = this.#feeds.watch(card.name, key, (view) => this.#fill(view));
    this.#fill(this.#watch.current);
  }

  /** Called twice a second: ages go on without news. */
  tick() {
    if (this.#watch) {
      this.#freshness(this.#watch.current);
    }
  }

  #build() {
    const numbers = this.#card.fields.filter((field) => field.type !== "object");
    this.#field = numbers.find((field) => field.type === "long" || field.type === "double")?.name ?? null;
    const make = (name, className, ...inner) => {
      const element = document.createElement(name);
      element.className = className;
      element.append(...inner);
      return element;
    };
    const close = make("button", "quiet", "✕");
    close.type = "button";
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => this.#on.close());
    const badge = make("span", "badge");
    const why = make("p", "why");
    const bar = make("div", "bar", document.createElement("i"));
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 100 40");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    const choice = document.createElement("select");
    choice.setAttribute("aria-label", "Field to draw");
    for (const field of numbers.filter((one) => one.type === "long" || one.type === "double")) {
      choice.add(new Option(field.name, field.name));
    }
    choice.addEventListener("change", () => {
      this.#field = choice.value;
      this.#draw();
    });
    const range = make("span", "range");
    const spark = make("div", "spark", svg, make("div", "row", choice, range));
    spark.hidden = this.#field === null;
    const values = new Map();
    const grid = make("div", "numbers", ...numbers.map((field) => {
      const value = make("div", "value", "–");
      values.set(field.name, { element: value, field, text: null });
      return make("div", "", make("div", "name", field.name), value);
    }));
    const objects = make("div", "");
    const details = make("details", "", make("summary", "", "Version and position"), make("code", ""));
    this.#root.replaceChildren(make("header", "", make("h2", "", this.#key), badge, close), why, bar, spark, grid, objects, details);
    this.#parts = { badge, why, bar, svg, range, spark, values, objects, code: details.querySelector("code") };
  }

  #fill(view) {
    const { values, objects, code } = this.#parts;
    for (const [name, one] of values) {
      const value = view.data?.[name];
      const text = valueText(value, one.field);
      if (one.text !== text) {
        if (one.text !== null) {
          flash(one.element);
        }
        one.text = text;
        one.element.textContent = text;
        one.element.title = text;
      }
      if (typeof value === "number") {
        this.#sample(name, value);
      }
    }
    objects.replaceChildren(...this.#card.fields
      .filter((field) => field.type === "object" && view.data?.[field.name])
      .map((field) => objectOf(field.name, view.data[field.name])));
    code.textContent = view.version < 0 ? "" : `version ${view.version} of ${view.epoch}`;
    this.#root.classList.toggle("dimmed", view.state === "stale" || view.state === "rebuilding");
    this.#freshness(view);
    this.#draw();
  }

  #freshness(view) {
    const { badge, why, bar } = this.#parts;
    badge.className = `badge ${view.state}`;
    badge.textContent = view.state;
    const age = this.#watch?.age() ?? null;
    const since = view.since ? ` for ${ageText(Math.max(0, this.#feeds.now() - view.since))}` : "";
    const reason = view.reason ? `${reasonText(view.reason)}${since}` : stateText(view.state);
    const missing = view.missing?.length ? ` (${view.missing.join(", ")})` : "";
    const shown = view.state === "live" ? (age === null ? "" : `true ${ageText(age)} ago`) : `${reason}${missing}`;
    why.textContent = view.error ? view.error.message : shown;
    bar.hidden = view.state !== "rebuilding";
    bar.firstChild.style.width = `${Math.round((view.progress ?? 0) * 100)}%`;
  }

  #sample(name, value) {
    const samples = this.#samples.get(name) ?? [];
    this.#samples.set(name, samples);
    if (samples.at(-1)?.value !== value) {
      samples.push({ at: this.#feeds.now(), value });
      samples.splice(0, samples.length - SAMPLES_MAX);
    }
  }

  #draw() {
    const samples = this.#samples.get(this.#field) ?? [];
    const { svg, range, spark } = this.#parts;
    spark.hidden = this.#field === null || samples.length === 0;
    if (samples.length === 0) {
      return;
    }
    const first = samples[0].at;
    const last = Math.max(first + 1, this.#feeds.now());
    const values = samples.map((sample) => sample.value);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const y = (value) => (most === least ? 20 : 36 - (32 * (value - least)) / (most - least));
    const x = (at) => (100 * (at - first)) / (last - first);
    const line = samples.map(({ at, value }, index) =>
      `${index === 0 ? "M" : `H${x(at).toFixed(2)}V`}${index === 0 ? `${x(at).toFixed(2)} ` : ""}${y(value).toFixed(2)}`).join("") + "H100";
    svg.replaceChildren(path(`${line}V40H0Z`, "area"), path(line, ""));
    svg.setAttribute("aria-label", `${this.#field} from ${valueText(values[0])} to ${valueText(values.at(-1))}`);
    range.textContent = `${valueText(least)} – ${valueText(most)} in ${ageText(last - first)}`;
  }
}

function path(d, className) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "path");
  element.setAttribute("d", d);
  element.setAttribute("class", className);
  return element;
}

function objectOf(name, value) {
  const section = document.createElement("section");
  section.className = "object";
  const heading = document.createElement("h3");
  heading.textContent = name;
  const list = document.createElement("ul");
  const entries = Object.entries(value);
  const isCounts = entries.length > 0 && entries.every(([, inner]) => typeof inner === "number");
  const sorted = isCounts ? entries.sort((a, b) => b[1] - a[1]) : entries;
  const most = isCounts ? sorted[0][1] : 0;
  for (const [member, inner] of sorted.slice(0, 40)) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    label.textContent = member;
    const shown = document.createElement("span");
    shown.textContent = valueText(inner);
    item.append(label, shown);
    if (isCounts && most > 0) {
      const bar = document.createElement("i");
      bar.style.width = `${(100 * inner) / most}%`;
      item.append(bar);
    }
    list.append(item);
  }
  section.append(heading, list);
  return section;
}
