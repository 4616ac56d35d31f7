// The table of a feed. Rows are made once and only their texts change; their order is held while somebody reads.
import { stateText, valueText } from "/board/text.js";

const numeric = new Set(["long", "double"]);

export class Table {
  #$;
  #on;
  #columns = [];
  #lines = new Map(); // key -> { row, cells, texts, state }
  #view = null;
  #limit = 100;
  #isHeld = false;
  #order = [];
  #sort = null;
  #selected = null;

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
  }

  /** Shows another feed, or the same in another order. */
  show(card, sort) {
    this.#sort = sort;
    this.#columns = card.fields.filter((field) => field.type !== "object");
    this.#lines.clear();
    this.#order = [];
    this.#view = null;
    this.#$("body").replaceChildren();
    this.#$("head").replaceChildren(
      this.#heading({ name: card.key ?? "key", label: card.key ?? "key", type: "string" }, null),
      ...this.#columns.map((field) => this.#heading({ ...field, label: field.name }, field.name)));
    this.#empty(`Waiting for the first record of ${card.topics.join(", ")}…`, true);
  }

  say(text) {
    this.#$("body").replaceChildren();
    this.#empty(text, true);
  }

  rows(view, limit) {
    if (view.version < 0) {
      return;
    }
    this.#view = view;
    this.#limit = limit;
    const present = new Set(view.order);
    for (const key of this.#lines.keys()) {
      if (!present.has(key)) {
        this.#lines.get(key).row.remove();
        this.#lines.delete(key);
      }
    }
    for (const row of view.rows) {
      this.#fill(this.#lines.get(row.key) ?? this.#make(row.key), row);
    }
    this.#arrange();
    this.#empty("No key begins so.", view.rows.length === 0);
    this.#$("count").textContent = `${view.rows.length.toLocaleString("en")} of ${view.total.toLocaleString("en")} keys`;
    this.#$("more").hidden = view.rows.length >= view.total || limit >= 1000;
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
      const text = valueText(data[field.name], field);
      if (line.texts[index] !== text) {
        line.texts[index] = text;
        line.cells[index].textContent = text;
        if (field.type === "any") {
          const isNumber = typeof data[field.name] === "number";
          line.cells[index].classList.toggle("number", isNumber);
          this.#$("head").cells[index + 1].classList.toggle("number", isNumber);
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
    const wanted = isHeld
      ? [...this.#order.filter((key) => this.#lines.has(key)), ...this.#view.order.filter((key) => !this.#order.includes(key))]
      : this.#view.order;
    const body = this.#$("body");
    wanted.forEach((key, index) => {
      const row = this.#lines.get(key)?.row;
      if (row && body.rows[index] !== row) {
        body.insertBefore(row, body.rows[index] ?? null);
      }
    });
    this.#order = [...wanted];
    this.#$("resort").hidden = !isHeld || wanted.every((key, index) => key === this.#view.order[index]);
  }

  #empty(text, isShown) {
    this.#$("empty").hidden = !isShown;
    this.#$("empty").textContent = text;
  }
}

export function flash(element) {
  element.classList.remove("flash");
  void element.offsetWidth;
  element.classList.add("flash");
}
