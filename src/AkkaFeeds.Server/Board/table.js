// The table of a feed. Rows are made once and only their texts change; their order is held while somebody reads, and
// what was shown stays until what was asked for is there.
import { make, setText } from "/board/dom.js";
import { Heads, numeric } from "/board/heads.js";
import { decimalsOf, rowStateText, valueText } from "/board/text.js";

export const ROWS_MAX = 1_000; // of one list; the server gives no more
const COLUMNS_MAX = 24; // of a feed whose fields are those of its records
const SPOKEN_EVERY = 10_000; // ms; keys that keep coming are not counted aloud one by one

export class Table {
  #$;
  #on;
  #heads;
  #card = null;
  #prefix = null;
  #columns = [];
  #wide = new Set(); // columns of any type that hold numbers
  #decimals = []; // by column
  #lines = new Map(); // key -> { row, link, cells, texts, state }
  #view = null;
  #limit = 100;
  #isAwaited = false; // whether what is shown is that of the former query
  #isHeld = false;
  #order = [];
  #sort = null;
  #selected = null;
  #reached = null; // the one link that Tab stops at
  #spokenAt = -SPOKEN_EVERY;
  #speaking = null;

  constructor($, on) {
    this.#$ = $;
    this.#on = on;
    this.#heads = new Heads($, on.sort);
    const scroll = $("scroll");
    const hold = () => (this.#isHeld = scroll.matches(":hover") || $("body").contains(document.activeElement));
    scroll.addEventListener("pointerenter", hold);
    scroll.addEventListener("pointerleave", () => {
      hold();
      this.#arrange();
    });
    scroll.addEventListener("focusin", hold);
    scroll.addEventListener("focusout", () =>
      queueMicrotask(() => {
        hold();
        this.#arrange();
      }),
    );
    $("resort").addEventListener("click", () => this.#arrange(true));
    $("body").addEventListener("click", (event) => this.#click(event));
    $("body").addEventListener("focusin", (event) => this.#reach(event.target.closest("a")));
  }

  /** Shows another feed, or the same in another order; rows that are there stay until those come. */
  show(card, { sort, prefix }) {
    const isOther = card !== this.#card;
    this.#card = card;
    this.#sort = sort;
    this.#prefix = prefix;
    if (isOther) {
      this.#columns = card.fields.filter((field) => field.type !== "object");
      this.#begin();
    }
    this.#heads.show(card.key ?? "key", this.#columns, sort);
    for (const [key, { link }] of this.#lines) {
      link.href = this.#on.address(key);
    }
    this.#await(true);
    if (this.#lines.size === 0) {
      setText(this.#$("empty"), "Asking for the rows…"); // whether there are any is not known yet
    }
  }

  /** Shows a sentence and nothing else. */
  say(text) {
    this.#card = null;
    this.#columns = [];
    this.#begin();
    this.#await(false);
    this.#heads.hide();
    this.#count(null, true);
    this.#$("resort").hidden = true;
    setText(this.#$("empty"), text);
  }

  rows(view, limit) {
    if (this.#card === null || view.version < 0) {
      this.#refused(view);
      return;
    }
    const isFirst = this.#isAwaited || limit !== this.#limit;
    this.#view = view;
    this.#limit = limit;
    this.#widen(view.rows);
    this.#decimals = this.#columns.map((field) =>
      decimalsOf(
        view.rows.map(({ data }) => data?.[field.name]),
        field,
      ),
    );
    this.#forget(new Set(view.order));
    for (const row of view.rows) {
      this.#fill(this.#lines.get(row.key) ?? this.#make(row.key), row);
    }
    this.#arrange(this.#isAwaited); // whoever asks for an order gets it, wherever the pointer is
    this.#await(false);
    setText(this.#$("empty"), view.rows.length === 0 ? this.#nothing() : "");
    this.#count(view, isFirst);
  }

  /** Gives the focus to the row of a key, if it is there. */
  focus(key) {
    this.#lines.get(key)?.link.focus();
  }

  select(key) {
    this.#mark(this.#selected, false);
    this.#selected = key;
    this.#mark(key, true);
  }

  /** Moves the focus to the next row, or the one before. */
  move(step) {
    const rows = [...this.#$("body").rows];
    const at = rows.indexOf(document.activeElement.closest("tr"));
    rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))]?.querySelector("a").focus();
  }

  #begin() {
    this.#lines.clear();
    this.#wide.clear();
    this.#order = [];
    this.#view = null;
    this.#reached = null;
    this.#$("body").replaceChildren();
  }

  #await(isAwaited) {
    this.#isAwaited = isAwaited;
    this.#$("table").setAttribute("aria-busy", String(isAwaited));
  }

  // A click that means another tab or window is the browser's.
  #click(event) {
    const key = event.target.closest("tr")?.dataset.key;
    if (key === undefined || (event.target.closest("a") && (event.ctrlKey || event.metaKey || event.shiftKey))) {
      return;
    }
    event.preventDefault();
    this.#on.open(key);
  }

  #refused({ error }) {
    if (this.#card !== null && error) {
      this.#begin();
      this.#await(false);
      this.#count(null, true);
      setText(this.#$("empty"), error.message);
    }
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
      this.#heads.show(this.#card.key ?? "key", this.#columns, this.#sort);
      this.#wide.forEach((index) => this.#heads.isNumber(index + 1));
      for (const { row, cells } of this.#lines.values()) {
        const more = this.#columns.slice(cells.length).map(cellOf);
        cells.push(...more);
        row.append(...more);
      }
    }
  }

  // A focus does not go with its row.
  #forget(present) {
    for (const [key, { row, link }] of this.#lines) {
      if (!present.has(key)) {
        const isFocused = link === document.activeElement;
        row.remove();
        this.#lines.delete(key);
        if (isFocused) {
          this.#$("scroll").focus();
        }
      }
    }
  }

  #nothing() {
    return this.#prefix
      ? `No key begins with “${this.#prefix}”.`
      : `Waiting for the first record of ${this.#card.topics.join(", ")}…`;
  }

  // How many of how many, and the way to the others. It is spoken when something was asked for, and seldom otherwise.
  #count(view, isNow) {
    const [rows, total] = [view?.rows.length ?? 0, view?.total ?? 0];
    const next = Math.min(ROWS_MAX, 3 * this.#limit, total) - rows;
    const canMore = rows < total && this.#limit < ROWS_MAX && next > 0;
    const which = this.#prefix ? ` that begin with “${this.#prefix}”` : "";
    const shown = view ? `${number(rows)} of ${number(total)} keys${which}` : "";
    const rest =
      rows >= total ? "" : canMore ? "or filter by prefix" : "the most in one list: filter by prefix for the rest";
    const more = this.#$("more");
    setText(this.#$("shown"), shown);
    setText(this.#$("rest"), rest);
    setText(more, `Show ${number(next)} more`);
    if (!canMore && more === document.activeElement) {
      this.#$("scroll").focus();
    }
    more.hidden = !canMore;
    this.#speak(rest === "" || canMore ? shown : `${shown}, ${rest}`, isNow);
  }

  #speak(text, isNow) {
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(
      () => {
        if (this.#$("count").textContent !== text) {
          this.#spokenAt = performance.now();
          this.#$("count").textContent = text;
        }
      },
      isNow ? 0 : Math.max(0, this.#spokenAt + SPOKEN_EVERY - performance.now()),
    );
  }

  #mark(key, isOpen) {
    const line = this.#lines.get(key);
    line?.row.classList.toggle("open", isOpen);
    isOpen ? line?.link.setAttribute("aria-current", "true") : line?.link.removeAttribute("aria-current");
  }

  #reach(link) {
    if (link && link !== this.#reached) {
      this.#reached?.setAttribute("tabindex", "-1");
      link.tabIndex = 0;
      this.#reached = link;
    }
  }

  #make(key) {
    const link = make("a", "", key);
    link.href = this.#on.address(key);
    link.title = key;
    link.tabIndex = -1;
    const why = make("span");
    const name = make("th", "", link, why);
    name.scope = "row";
    const cells = this.#columns.map(cellOf);
    const row = make("tr", "", name, ...cells);
    row.dataset.key = key;
    const line = { row, link, cells, why, texts: [], state: null };
    this.#lines.set(key, line);
    if (key === this.#selected) {
      this.#mark(key, true);
    }
    return line;
  }

  #fill(line, { data, state }) {
    this.#columns.forEach((field, index) => {
      const text = valueText(data?.[field.name], field, this.#decimals[index]);
      const before = line.texts[index];
      if (before !== text) {
        line.texts[index] = text;
        line.cells[index].textContent = text;
        if (field.type === "any") {
          const isNumber = typeof data?.[field.name] === "number";
          line.cells[index].classList.toggle("number", isNumber);
          if (isNumber && !this.#wide.has(index)) {
            this.#wide.add(index);
            this.#heads.isNumber(index + 1);
          }
        }
        if (before !== undefined) {
          flash(line.cells[index]);
        }
      }
    });
    if (line.state !== state) {
      line.state = state;
      line.why.className = `why ${state}`;
      line.why.textContent = state === "live" ? "" : state;
      line.why.title = rowStateText(state);
      line.row.classList.toggle("dim", state === "stale" || state === "rebuilding");
    }
  }

  // New rows come at the end while the order is held, so that nothing moves under the eye or the pointer.
  #arrange(now = false) {
    if (!this.#view || (this.#isAwaited && !now)) {
      return;
    }
    const isHeld = this.#isHeld && !now;
    const wanted = isHeld ? this.#held() : this.#view.order.filter((key) => this.#lines.has(key));
    const body = this.#$("body");
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
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
    if (focused && focused !== document.activeElement) {
      focused.focus({ preventScroll: true }); // a row that is moved loses it
    }
    if (!this.#reached?.isConnected) {
      this.#reached = null;
      this.#reach(body.querySelector("a"));
    }
    this.#$("resort").hidden = !isHeld || wanted.every((key, index) => key === this.#view.order[index]);
  }

  #held() {
    const held = new Set(this.#order.filter((key) => this.#lines.has(key)));
    return [...held, ...this.#view.order.filter((key) => this.#lines.has(key) && !held.has(key))];
  }
}

const number = (value) => value.toLocaleString("en");

const cellOf = ({ type }) => make("td", numeric.has(type) ? "number" : "");

// Two names of one animation: to change them begins it again, without asking for the layout in between.
export function flash(element) {
  const isFirst = element.classList.contains("flash-a");
  element.classList.toggle("flash-a", !isFirst);
  element.classList.toggle("flash-b", isFirst);
}
