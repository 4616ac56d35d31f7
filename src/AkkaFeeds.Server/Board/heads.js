// The heads of the table. They are made once and told their columns, so that the button that sorts keeps the focus.
import { make, setText, sync } from "/board/dom.js";

export const numeric = new Set(["long", "double"]);
// In pixels, at the least; a column is as wide whatever comes.
const widths = { key: 110, string: 180, time: 170, any: 100 };
const WIDTH = 84;

export class Heads {
  #$;
  #next = []; // by column: the order that its button asks for

  constructor($, sort) {
    this.#$ = $;
    $("head").addEventListener("click", (event) => {
      const head = event.target.closest("button")?.parentElement;
      if (head) {
        sort(this.#next[head.cellIndex]);
      }
    });
  }

  /** Shows key and columns; `sort` is the field that orders the rows, null for the key; `-`: greatest first. */
  show(key, columns, sort) {
    const all = [{ name: key, type: "string" }, ...columns];
    this.#next = [];
    sync(this.#$("head"), all, headOf, (head, field) => this.#tell(head, field, sort));
    const pixels = all.map(({ name, type }, index) =>
      Math.max(widths[index === 0 ? "key" : type] ?? WIDTH, 40 + 7 * name.length),
    );
    sync(
      this.#$("widths"),
      pixels,
      () => make("col"),
      (column, width) => (column.style.width = `${width}px`),
    );
    this.#$("table").style.minWidth = `${pixels.reduce((sum, width) => sum + width, 0)}px`;
  }

  /** A column of any type turned out to be one of numbers. */
  isNumber(index) {
    this.#$("head").cells[index].classList.add("number");
  }

  hide() {
    this.#$("head").replaceChildren();
  }

  #tell(head, { name, type }, sort) {
    const isKey = head.cellIndex === 0;
    const isDown = !isKey && sort === `-${name}`;
    const isUp = isKey ? sort === null : sort === name;
    const [label, arrow] = head.firstElementChild.children;
    head.classList.toggle("number", !isKey && numeric.has(type));
    setText(label, name);
    setText(arrow, isDown ? "↓" : isUp ? "↑" : "");
    isDown || isUp
      ? head.setAttribute("aria-sort", isDown ? "descending" : "ascending")
      : head.removeAttribute("aria-sort");
    this.#next.push(isKey ? null : isDown ? name : isUp || numeric.has(type) ? `-${name}` : name);
  }
}

function headOf() {
  const arrow = make("span", "arrow");
  arrow.setAttribute("aria-hidden", "true"); // aria-sort says it
  const button = make("button", "", make("span"), arrow);
  button.type = "button";
  const head = make("th", "", button);
  head.scope = "col";
  return head;
}
