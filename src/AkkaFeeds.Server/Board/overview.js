// What the server says of each feed in turn: how many records are not read yet, and why it is not live. One request in
// a few seconds however many feeds there are, and none while nobody can see it or the connection is lost.
import { pause } from "/board/dom.js";

const EVERY = 3_000;
const SOON = 500; // at the least between two, where a feed has just left being live
const PATIENCE = 5_000; // for one answer
const FIRST = 3; // times as often as the others: the feed that is shown, and those that are not live

/** Asks for the status of a feed: { status, code }, of which code is null where no answer came. */
export async function statusOf(name, ...signals) {
  try {
    const answer = await fetch(`/v1/feeds/${encodeURIComponent(name)}/status`, {
      signal: AbortSignal.any([...signals, AbortSignal.timeout(PATIENCE)]),
    });
    return { status: answer.ok ? await answer.json() : null, code: answer.status };
  } catch {
    return { status: null, code: null };
  }
}

/** The records that lanes have yet to read, and whether all lanes say so. */
export function lagOf(lanes) {
  return {
    records: lanes.reduce((sum, { lag = 0 }) => sum + lag, 0),
    isWhole: lanes.every(({ lag }) => lag !== undefined),
  };
}

export class Overview {
  #feeds = []; // { name, state, isShown, isTold }: as they were told last
  #told = new Map(); // name -> { status, at }
  #askedAt = new Map();
  #silent = new Set(); // of those the server tells nothing
  #changed; // called when something new was said
  #wake = new AbortController();

  constructor(changed) {
    this.#changed = changed;
    document.addEventListener("visibilitychange", () => this.#wake.abort());
    void this.#run();
  }

  /** How the feeds are as the page knows; none while nothing may be asked. `isTold` says that somebody else asks. */
  show(feeds) {
    this.#feeds = feeds;
    if (this.#urgent()) {
      this.#wake.abort();
    }
  }

  /** Somebody else has asked. */
  take(status) {
    this.#told.set(status.feed, { status, at: performance.now() });
  }

  /** What was said of a feed last: its state with reason and since, its lanes; undefined where that is old. */
  of(name) {
    const told = this.#told.get(name);
    return told && performance.now() - told.at < this.#old() ? told.status : undefined;
  }

  async #run() {
    for (;;) {
      const next = document.hidden ? undefined : this.#next();
      if (next) {
        this.#askedAt.set(next.name, { at: performance.now(), state: next.state });
        const { status, code } = await statusOf(next.name);
        if (status) {
          this.take(status);
          this.#changed();
        } else if (code === 404) {
          this.#silent.add(next.name);
        }
      }
      await pause(SOON);
      this.#wake = new AbortController();
      if (!this.#urgent()) {
        await pause(EVERY - SOON, this.#wake.signal);
      }
    }
  }

  // Answers are believed for two rounds of all feeds.
  #old() {
    return 2 * EVERY * (this.#feeds.length + FIRST);
  }

  #next() {
    const waited = ({ name, state, isShown }) =>
      (performance.now() - (this.#askedAt.get(name)?.at ?? -Infinity)) * (isShown || state !== "live" ? FIRST : 1);
    return this.#urgent() ?? this.#open().toSorted((one, other) => waited(other) - waited(one))[0];
  }

  // It has left being live since it was asked for.
  #urgent() {
    return this.#open().find(({ name, state }) => state !== "live" && this.#askedAt.get(name)?.state !== state);
  }

  #open() {
    return this.#feeds.filter(({ name, isTold }) => !isTold && !this.#silent.has(name));
  }
}
