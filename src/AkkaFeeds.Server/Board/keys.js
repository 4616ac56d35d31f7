// What the keys do. Those that are a letter or a sign alone can be switched off, and stay so (WCAG 2.1.4): who
// dictates to the computer would press them by speaking.
import { setText } from "/board/dom.js";

const KEPT = "akkafeeds-letters";

export class Keys {
  #$;
  #on;
  #hasLetters = localStorage.getItem(KEPT) !== "off";

  /** `on` has move(step), turn(), leave() and isHealth(). */
  constructor($, on) {
    this.#$ = $;
    this.#on = on;
    $("letters").addEventListener("click", () => {
      this.#hasLetters = !this.#hasLetters;
      localStorage.setItem(KEPT, this.#hasLetters ? "on" : "off");
      this.#tell();
    });
    addEventListener("keydown", (event) => this.#press(event));
    this.#tell();
  }

  // Plain keys alone: Ctrl+K and its like are the browser's.
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "Escape") {
      isTyping ? document.activeElement.blur() : this.#on.leave();
    } else if (!isTyping) {
      this.#walk(event);
      if (this.#hasLetters) {
        this.#letter(event);
      }
    }
  }

  #letter(event) {
    if (event.key === "h") {
      this.#on.turn();
    } else if (event.key === "/" && !this.#on.isHealth()) {
      event.preventDefault();
      this.#$("filter").focus();
    }
  }

  // From row to row, where the focus is in the list or nowhere; elsewhere the arrows scroll.
  #walk(event) {
    const { activeElement: focused, body } = document;
    const isList = focused === body || focused === this.#$("main") || this.#$("scroll").contains(focused);
    const down = ["ArrowDown", ...(this.#hasLetters ? ["j"] : [])].includes(event.key);
    const up = ["ArrowUp", ...(this.#hasLetters ? ["k"] : [])].includes(event.key);
    if (isList && !this.#on.isHealth() && (down || up)) {
      event.preventDefault();
      this.#on.move(down ? 1 : -1);
    }
  }

  #tell() {
    const button = this.#$("letters");
    const keys = "/ to filter, h for health, j and k to move";
    button.setAttribute("aria-pressed", String(this.#hasLetters));
    button.title = this.#hasLetters
      ? `Letter keys are on: ${keys}. Switch them off`
      : `Letter keys are off. Switch them on: ${keys}`;
    this.#$("filter").placeholder = this.#hasLetters ? "Filter keys  /" : "Filter keys";
    const hint = this.#hasLetters
      ? "↑ ↓ move · Enter opens · / filters · h health · Esc closes · a-z: letters off"
      : "↑ ↓ move · Enter opens · Esc closes · a-z: letters on";
    setText(this.#$("hint"), hint);
    this.#$("hint").title = hint;
  }
}
