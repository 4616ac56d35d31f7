// What a number was over a span of time, for the curve of the panel.

const SPAN = 300_000; // ms
const EVERY = 500; // what changes within so many ms is one step, so that a span has a bounded number of them

export class Samples {
  #steps = []; // { at, value }, by time

  /** The steps, the oldest of which says with what the span began. */
  get steps() {
    return this.#steps;
  }

  /** Where the span begins, as seen from an instant. */
  beginsAt(now) {
    return Math.max(this.#steps[0]?.at ?? now, now - SPAN);
  }

  add(value, now) {
    const last = this.#steps.at(-1);
    if (last?.value === value) {
      return;
    }
    if (this.#steps.length > 1 && now - last.at < EVERY) {
      last.value = value;
    } else {
      this.#steps.push({ at: now, value });
    }
    this.forget(now);
  }

  /** Drops what is older than the span, but for the value that it began with. */
  forget(now) {
    const inside = this.#steps.findIndex((step) => step.at > now - SPAN);
    this.#steps.splice(0, Math.max(0, (inside < 0 ? this.#steps.length : inside) - 1));
  }
}
