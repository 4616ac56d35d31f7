// One key in depth: its numbers, one of them over the last minutes, what is inside its objects, and how fresh it is.
import { Depth } from "/board/depth.js";
import { make } from "/board/dom.js";
import { Samples } from "/board/samples.js";
import { flash } from "/board/table.js";
import { ageText, reasonText, singleText, stateText, valueText, whyText } from "/board/text.js";

export class Panel {
  #root;
  #feeds;
  #on;
  #card = null;
  #key = null;
  #watch = null;
  #parts = null;
  #samples = new Map(); // field -> Samples
  #field = null;
  #fields = []; // of the card, and those that only the data has
  #takesFocus = false;
  #depth;

  constructor(root, feeds, on) {
    this.#depth = new Depth(feeds);
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
    this.#field = null;
    this.#root.hidden = key === null;
    if (key === null) {
      this.#depth.hide();
      this.#root.replaceChildren();
      return;
    }
    this.#fields = card.fields;
    this.#depth.show(card, key);
    this.#build();
    this.#watch = this.#feeds.watch(card.name, key, (view) => this.#fill(view));
    this.#fill(this.#watch.current);
    if (this.#takesFocus) {
      this.#focus();
    }
  }

  /** Shows nothing any more. */
  hide() {
    this.#watch?.close();
    this.#depth.hide();
    this.#watch = this.#card = this.#key = null;
    this.#root.hidden = true;
    this.#root.replaceChildren();
  }

  /** The key that is opened next gets the focus; at once when it is open already. */
  takeFocus(isOpen) {
    this.#takesFocus = !isOpen;
    if (isOpen) {
      this.#focus();
    }
  }

  #focus() {
    this.#takesFocus = false;
    this.#root.querySelector("h2")?.focus();
  }

  /** The state of the open key in words, without what changes by itself; empty where none is open or known. */
  said() {
    const { state = "connecting", reason } = this.#watch?.current ?? {};
    return state === "connecting" ? "" : `${this.#key}: ${stateText(state)}${reason ? `, ${reasonText(reason)}` : ""}`;
  }

  /** Called twice a second: ages go on without news. */
  tick() {
    if (this.#watch) {
      this.#freshness(this.#watch.current);
      this.#draw();
      this.#depth.tick();
    }
  }

  #build() {
    const numbers = this.#fields.filter((field) => field.type !== "object");
    const drawn = numbers.filter((field) => field.type === "long" || field.type === "double");
    this.#field ??= drawn[0]?.name ?? null;
    const title = make("h2", "", this.#key);
    title.tabIndex = -1;
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
    for (const field of drawn) {
      choice.add(new Option(field.name, field.name, false, field.name === this.#field));
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
    this.#root.replaceChildren(make("header", "", title, badge, close), why, bar, spark, grid, objects, this.#depth.element);
    this.#parts = { badge, why, bar, svg, range, spark, values, objects };
  }

  #fill(view) {
    this.#widen(view.data);
    const { values, objects } = this.#parts;
    for (const [name, one] of values) {
      const value = view.data?.[name];
      const text = singleText(value, one.field);
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
    objects.replaceChildren(...this.#fields
      .filter((field) => field.type === "object" && view.data?.[field.name])
      .map((field) => objectOf(field.name, view.data[field.name])));
    this.#depth.fill(view);
    this.#root.classList.toggle("dimmed", view.state === "stale" || view.state === "rebuilding");
    this.#freshness(view);
    this.#draw();
  }

  // The fields of a feed with "*" come with the data, as in the table.
  #widen(data) {
    const known = new Set(this.#fields.map((field) => field.name));
    const found = Object.entries(data ?? {}).filter(([name, value]) => !known.has(name) && value !== null);
    if (found.length > 0) {
      const isInside = document.activeElement === this.#root.querySelector("h2");
      this.#fields = [...this.#fields, ...found.map(([name, value]) => ({ name, type: typeOf(value) }))];
      this.#build();
      if (isInside) {
        this.#focus();
      }
    }
  }

  #freshness(view) {
    const { badge, why, bar } = this.#parts;
    badge.className = `badge ${view.state}`;
    badge.textContent = view.state;
    const age = this.#watch?.age() ?? null;
    const isTrue = age === null ? "" : `true ${ageText(age)} ago`;
    const shown = view.state === "live" ? isTrue : whyText(view, this.#feeds.now());
    why.textContent = view.error ? view.error.message : shown;
    bar.hidden = view.state !== "rebuilding";
    bar.firstChild.style.width = `${Math.round((view.progress ?? 0) * 100)}%`;
  }

  #sample(name, value) {
    const samples = this.#samples.get(name) ?? new Samples();
    this.#samples.set(name, samples);
    samples.add(value, this.#feeds.now());
  }

  #draw() {
    const now = this.#feeds.now();
    const samples = this.#samples.get(this.#field);
    samples?.forget(now);
    const steps = samples?.steps ?? [];
    const { svg, range, spark } = this.#parts;
    spark.hidden = this.#field === null || steps.length === 0;
    if (steps.length === 0) {
      return;
    }
    const first = samples.beginsAt(now);
    const last = Math.max(first + 1, now);
    const values = steps.map((step) => step.value);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const y = (value) => (most === least ? 20 : 36 - (32 * (value - least)) / (most - least));
    const x = (at) => Math.max(0, (100 * (at - first)) / (last - first));
    const line = steps.map(({ at, value }, index) =>
      `${index === 0 ? "M" : `H${x(at).toFixed(2)}V`}${index === 0 ? `${x(at).toFixed(2)} ` : ""}${y(value).toFixed(2)}`).join("") + "H100";
    svg.replaceChildren(path(`${line}V40H0Z`, "area"), path(line, ""));
    const text = (value) => singleText(value, this.#fields.find(({ name }) => name === this.#field));
    svg.setAttribute("aria-label", `${this.#field} from ${text(values[0])} to ${text(values.at(-1))}`);
    range.textContent = `${text(least)} – ${text(most)} in ${ageText(last - first)}`;
  }
}

function typeOf(value) {
  if (typeof value === "number") {
    return Number.isInteger(value) ? "long" : "double";
  }
  return typeof value === "object" && !Array.isArray(value) ? "object" : "any";
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
