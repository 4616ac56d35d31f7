// The table of a feed. Rows are made once and only their texts change; their order is held while somebody reads.
import { decimalsOf, stateText, valueText } from "/board/text.js";

const COLUMNS_MAX = 24; // of a feed whose fields are those of its records
const numeric = new Set(["long", "double"]);
const widths = { key: 110, string: 180, time: 170, any: 100 }; // pixels at the least; a column is as wide whatever comes
const WIDTH = 84;

export class Table {
  #$;
  #on;
  #card = null;
  #prefix = null;
  #columns = [];
  #wide = new Set(); // columns of any type that hold numbers
  #decimals = []; // by column
  #lines = new Map(); // key -> { row, cells, texts, state }
  #view = null;
  #limit = 100;
  #isHeld = false;
  #order = [];
  #sort = null;
  #selected = null;
  #reached = null; // the one row that Tab stops at

  constructor($, on) {
    this.#$ = $;
    this.#on = on;
    const scroll = $("scroll");
    const hold = () => (this.#isHeld = scroll.matches(":hover") || scroll.contains(document.activeElement) && document.activeElement.tagName === "TR");
    scroll.addEventListener("pointerenter", hold);
    scroll.addEventListener("pointerleave", () => {
      hold();
      this.#arrange();
    });
    scroll.addEventListener("focusin", hold);
    scroll.addEventListener("focusout", () => queueMicrotask(() => {
      hold();
      this.#arrange();
    }));
    $("resort").addEventListener("click", () => this.#arrange(true));
    $("body").addEventListener("click", (event) => {
      const key = event.target.closest("tr")?.dataset.key;
      if (key !== undefined) {
        on.open(key);
      }
    });
    $("body").addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        on.open(event.target.closest("tr").dataset.key);
      }
    });
    $("body").addEventListener("focusin", (event) => this.#reach(event.target.closest("tr")));
  }

  /** Shows another feed, or the same in another order. */
  show(card, { sort, prefix }) {
    this.#card = card;
    this.#sort = sort;
    this.#prefix = prefix;
    this.#columns = card.fields.filter((field) => field.type !== "object");
    this.#begin();
    this.#empty("Asking for the rows…", true); // whether there are any is not known yet
  }

  /** Shows a sentence and nothing else. */
  say(text) {
    this.#card = null;
    this.#columns = [];
    this.#begin();
    this.#$("head").replaceChildren();
    this.#$("count").textContent = "";
    this.#$("more").hidden = true;
    this.#$("resort").hidden = true;
    this.#empty(text, true);
  }

  rows(view, limit) {
    if (view.version < 0 || this.#card === null) {
      return;
    }
    this.#widen(view.rows);
    this.#view = view;
    this.#limit = limit;
    this.#decimals = this.#columns.map((field) => decimalsOf(view.rows.map(({ data }) => data?.[field.name]), field));
    const present = new Set(view.order);
    for (const [key, { row }] of this.#lines) {
      if (!present.has(key)) {
        row.remove();
        this.#lines.delete(key);
      }
    }
    for (const row of view.rows) {
      this.#fill(this.#lines.get(row.key) ?? this.#make(row.key), row);
    }
    this.#arrange();
    this.#empty(this.#nothing(), view.rows.length === 0);
    this.#$("count").textContent = `${view.rows.length.toLocaleString("en")} of ${view.total.toLocaleString("en")} keys`;
    this.#$("more").hidden = view.rows.length >= view.total || limit >= 1000;
  }

  /** Gives the focus to the row of a key, if it is there. */
  focus(key) {
    this.#lines.get(key)?.row.focus();
  }

  select(key) {
    this.#lines.get(this.#selected)?.row.removeAttribute("aria-selected");
    this.#selected = key;
    this.#lines.get(key)?.row.setAttribute("aria-selected", "true");
  }

  /** Moves the focus to the next row, or the one before. */
  move(step) {
    const rows = [...this.#$("body").rows];
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))]?.focus();
  }

  #begin() {
    this.#lines.clear();
    this.#wide.clear();
    this.#order = [];
    this.#view = null;
    this.#reached = null;
    this.#$("body").replaceChildren();
    this.#heads();
  }

  #heads() {
    const key = this.#card?.key ?? "key";
    const all = [{ name: key, type: "string" }, ...this.#columns];
    this.#$("head").replaceChildren(
      ...all.map((field, index) => this.#heading({ ...field, label: field.name }, index === 0 ? null : field.name)));
    const pixels = all.map(({ name, type }, index) => Math.max(widths[index === 0 ? "key" : type] ?? WIDTH, 40 + 7 * name.length));
    this.#$("widths").replaceChildren(...pixels.map((width) => {
      const column = document.createElement("col");
      column.style.width = `${width}px`;
      return column;
    }));
    this.#$("table").style.minWidth = `${pixels.reduce((sum, width) => sum + width, 0)}px`;
  }

  // The fields of a feed with "*" are those of its records: they are not in its card, and come with the data.
  #widen(rows) {
    const known = new Set([...this.#card.fields, ...this.#columns].map((field) => field.name));
    const found = [];
    for (const { data } of rows) {
      for (const [name, value] of Object.entries(data ?? {})) {
        if (!known.has(name) && value !== null && (typeof value !== "object" || Array.isArray(value))) {
          known.add(name);
          found.push({ name, type: "any" });
        }
      }
    }
    if (found.length > 0 && this.#columns.length < COLUMNS_MAX) {
      this.#columns = [...this.#columns, ...found].slice(0, COLUMNS_MAX);
      this.#begin();
    }
  }

  #nothing() {
    return this.#prefix ? `No key begins with “${this.#prefix}”.` : `Waiting for the first record of ${this.#card.topics.join(", ")}…`;
  }

  #reach(row) {
    if (row && row !== this.#reached) {
      this.#reached?.setAttribute("tabindex", "-1");
      row.tabIndex = 0;
      this.#reached = row;
    }
  }

  #heading({ name, label, type }, sort) {
    const head = document.createElement("th");
    head.scope = "col";
    head.className = numeric.has(type) ? "number" : "";
    const button = document.createElement("button");
    const arrow = document.createElement("span");
    arrow.className = "arrow";
    const isDown = this.#sort === `-${name}` && sort !== null;
    const isUp = sort === null ? this.#sort === null : this.#sort === name;
    arrow.textContent = isDown ? "↓" : isUp ? "↑" : "";
    if (isDown || isUp) {
      head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    }
    button.append(label, arrow);
    button.addEventListener("click", () =>
      this.#on.sort(sort === null ? null : isDown ? name : isUp ? `-${name}` : numeric.has(type) ? `-${name}` : name));
    head.append(button);
    return head;
  }

  #make(key) {
    const row = document.createElement("tr");
    row.dataset.key = key;
    row.tabIndex = -1;
    const name = document.createElement("td");
    name.textContent = key;
    name.title = key;
    const why = document.createElement("span");
    name.append(why);
    const cells = this.#columns.map((field) => {
      const cell = document.createElement("td");
      cell.className = numeric.has(field.type) ? "number" : "";
      return cell;
    });
    row.append(name, ...cells);
    const line = { row, cells, why, texts: [], state: null, isNew: true };
    this.#lines.set(key, line);
    if (key === this.#selected) {
      row.setAttribute("aria-selected", "true");
    }
    return line;
  }

  #fill(line, { data, state }) {
    this.#columns.forEach((field, index) => {
      const text = valueText(data?.[field.name], field, this.#decimals[index]);
      if (line.texts[index] !== text) {
        line.texts[index] = text;
        line.cells[index].textContent = text;
        if (field.type === "any") {
          const isNumber = typeof data?.[field.name] === "number";
          line.cells[index].classList.toggle("number", isNumber);
          if (isNumber && !this.#wide.has(index)) {
            this.#wide.add(index);
            this.#$("head").cells[index + 1].classList.add("number");
          }
        }
        if (!line.isNew) {
          flash(line.cells[index]);
        }
      }
    });
    line.isNew = false;
    if (line.state !== state) {
      line.state = state;
      line.why.className = `why ${state}`;
      line.why.textContent = state === "live" ? "" : state;
      line.why.title = stateText(state);
      line.row.classList.toggle("dim", state === "stale" || state === "rebuilding");
    }
  }

  // New rows come at the end while the order is held, so that nothing moves under the eye or the pointer.
  #arrange(now = false) {
    if (!this.#view) {
      return;
    }
    const isHeld = this.#isHeld && !now;
    const wanted = isHeld ? this.#held() : this.#view.order.filter((key) => this.#lines.has(key));
    const body = this.#$("body");
    let next = body.firstElementChild;
    for (const key of wanted) {
      const { row } = this.#lines.get(key);
      if (row === next) {
        next = next.nextElementSibling;
      } else {
        body.insertBefore(row, next);
      }
    }
    this.#order = wanted;
    if (!this.#reached?.isConnected) {
      this.#reached = null;
      this.#reach(body.firstElementChild);
    }
    this.#$("resort").hidden = !isHeld || wanted.every((key, index) => key === this.#view.order[index]);
  }

  #held() {
    const held = new Set(this.#order.filter((key) => this.#lines.has(key)));
    return [...held, ...this.#view.order.filter((key) => this.#lines.has(key) && !held.has(key))];
  }

  #empty(text, isShown) {
    this.#$("empty").hidden = !isShown;
    this.#$("empty").textContent = text;
  }
}

// Two names of one animation: to change them begins it again, without asking for the layout in between.
export function flash(element) {
  const isFirst = element.classList.contains("flash-a");
  element.classList.toggle("flash-a", !isFirst);
  element.classList.toggle("flash-b", isFirst);
}
