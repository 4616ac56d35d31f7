// What is held of keys and collections, and who watches it.

import { changedPaths, mergePatch, patchPaths } from "./akkafeeds-patch.js";

const GATE = 10_000; // how long what is behind the view is not believed, where the server was not told what is shown

export const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** One who watches. */
export class Watch {
  #feeds;
  #subscription;
  #callback;
  #options;
  #leave;
  #listeners = new Set();
  #shown;
  #isEnded = false;
  #ended;
  #end = new Promise((resolve) => {
    this.#ended = () => {
      this.#isEnded = true;
      resolve();
    };
  });

  constructor(feeds, subscription, callback, options, leave) {
    this.#feeds = feeds;
    this.#subscription = subscription;
    this.#callback = callback;
    this.#options = options;
    this.#leave = leave;
    options.signal?.addEventListener("abort", () => this.close(), { once: true });
    if (options.signal?.aborted) {
      Promise.resolve().then(() => this.close());
    }
  }

  get fields() {
    return this.#options.fields;
  }

  get maxRate() {
    return this.#options.maxRate;
  }

  get current() {
    return this.#subscription.view();
  }

  /** Milliseconds since what is shown was true, on the server's clock; null before anything is known. */
  age() {
    return this.#feeds._age(this.#subscription.feed, this.current.at);
  }

  close() {
    const leave = this.#leave;
    this.#leave = () => {};
    leave();
    this.#listeners.clear();
    this.#ended();
  }

  [dispose]() {
    this.close();
  }

  /** Calls back at once and on each change: Svelte's store contract, and with getSnapshot React's. */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    guarded(() => listener(this.current), this.#feeds._report);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = () => this.current;

  async *[Symbol.asyncIterator]() {
    let wake = () => {};
    const leave = this.subscribe(() => wake());
    try {
      for (let last; !this.#isEnded; ) {
        const view = this.current;
        if (view !== last && view.state !== "connecting") {
          yield (last = view);
        } else {
          await Promise.race([this.#end, new Promise((resolve) => (wake = resolve))]);
        }
      }
    } finally {
      leave();
    }
  }

  _show() {
    const view = this.current;
    if (view === this.#shown) {
      return;
    }
    this.#shown = view;
    for (const tell of [this.#callback, ...this.#listeners]) {
      guarded(() => tell?.(view), this.#feeds._report);
    }
  }

  _tell(name, frame) {
    guarded(() => this.#options[name]?.(frame), this.#feeds._report);
  }
}

/** What all subscriptions share: the watchers, and the overlay of a dead connection. */
class Subscription {
  watches = new Set();
  isAnswered = false; // whether the last subscribe on this connection has had an answer
  lostSince = null; // since the connection was lost, until the server has said something of this again
  #view = null;
  #made = null;
  #madeStale;

  constructor(feeds, feed) {
    this.feeds = feeds;
    this.feed = feed;
  }

  /** The view as it is shown: the same object until something has changed. */
  view() {
    const since = this.feeds._staleSince ?? this.lostSince;
    if (this.#view === null || this.#made !== this.held || this.#madeStale !== since) {
      this.#made = this.held;
      this.#madeStale = since;
      const overlay = since !== null && stateOf({ state: "stale", reason: "connection", since });
      this.#view = Object.freeze({ ...this.held, ...overlay });
    }
    return this.#view;
  }

  take(frame, transport) {
    if (this.lostSince !== null) {
      this.lostSince = null;
      this.feeds._changed(this);
    }
    this.isAnswered ||= frame.op !== "state" && frame.code !== "rate";
    this.receive(frame, transport);
  }

  _hold(held) {
    this.held = held;
    this.feeds._changed(this);
  }

  tell(name, frame) {
    for (const watch of this.watches) {
      watch._tell(name, frame);
    }
  }
}

export class KeySubscription extends Subscription {
  #fields; // asked for last; undefined for all
  #rate; // asked for last; Infinity for all
  #heldFields = ""; // of what is held
  #positions = {};
  #gatedSince = null;

  constructor(feeds, feed, key) {
    super(feeds, feed);
    this.key = key;
    this.held = { data: null, state: "connecting", version: -1, epoch: null, at: null, changed: [] };
  }

  /** Whether more is wanted now than was asked for last. A rung over HTTP has no rate. */
  needsMore() {
    return (this.#fields !== undefined && this.#wanted()?.some((field) => !this.#fields.includes(field)) !== false)
      || (this.#mostRate() > this.#rate && this.feeds.connection.transport === "websocket");
  }

  subscribeFrame(resumes) {
    const { epoch, version } = this.held;
    this.#fields = this.#wanted();
    this.#rate = this.#mostRate();
    return {
      op: "subscribe",
      feed: this.feed,
      key: this.key,
      fields: this.#fields,
      maxRate: this.#rate < Infinity ? this.#rate : undefined,
      resume: resumes && version > 0 && this.#heldFields === String(this.#fields) ? { epoch, version, pos: this.#positions } : undefined,
    };
  }

  unsubscribeFrame() {
    return { op: "unsubscribe", feed: this.feed, key: this.key };
  }

  receive(frame, transport) {
    switch (frame.op) {
      case "snapshot":
        if (this.#isBehind(frame)) {
          this._hold({ ...this.held, ...stateOf(frame), changed: [] });
          break;
        }
        if (transport !== "websocket" && this.#isGated(frame)) {
          break;
        }
        this.#positions = frame.pos;
        this.#heldFields = String(this.#fields);
        this._hold(this.#with(frame, frame, frame.data, changedPaths(this.held.data, frame.data)));
        break;
      case "delta":
        this.#delta(frame);
        break;
      case "state":
        this._hold({ ...this.held, ...stateOf(frame), changed: [] });
        break;
      case "error":
        this._hold({ ...this.held, error: { code: frame.code, message: frame.message }, changed: [] });
        this.tell("onError", frame);
        break;
      case "notice":
        this.tell("onNotice", frame);
        break;
    }
  }

  // A view never goes backwards: of an older version of what is held, only the state is taken.
  #isBehind({ epoch, version }) {
    return epoch === this.held.epoch && version < this.held.version && this.#heldFields === String(this.#fields);
  }

  // Over HTTP no server was told what is shown, and another node or a cache may be behind it: its view is asked for again
  // until it has caught up. What stays behind is the truth after all: the log was cut, or its records are filtered now.
  #isGated({ epoch, pos }) {
    const isSameTopics = epoch !== this.held.epoch && topicsOf(epoch) === topicsOf(this.held.epoch);
    const isBehind = isSameTopics && Object.entries(this.#positions).some(([part, held]) => (pos[part] ?? -1) < held);
    const now = this.feeds.now();
    this.#gatedSince = isBehind ? this.#gatedSince ?? now : null;
    if (!isBehind || now - this.#gatedSince > GATE) {
      return false;
    }
    this._hold({ ...this.held, state: "rebuilding", reason: "recovering", since: this.#gatedSince, changed: [] });
    this.feeds._againSoon(this);
    return true;
  }

  // Applied where it continues what is held; what is old is dropped; a gap is asked for whole.
  #delta(frame) {
    const { epoch, version } = this.held;
    if (frame.epoch === epoch && frame.version <= version) {
      return;
    }
    if (frame.epoch !== epoch || frame.base > version) {
      this.feeds._send(this.subscribeFrame(false));
      return;
    }
    Object.assign(this.#positions, frame.pos);
    this._hold(this.#with(frame, this.held, mergePatch(this.held.data, frame.data), patchPaths(frame.data)));
  }

  #with(frame, state, data, changed) {
    return { data, ...stateOf(state), version: frame.version, epoch: frame.epoch, at: frame.at, changed };
  }

  #wanted() {
    const wanted = new Set();
    for (const { fields } of this.watches) {
      if (!fields) {
        return undefined;
      }
      fields.forEach((field) => wanted.add(field));
    }
    return [...wanted].sort();
  }

  #mostRate() {
    return Math.max(...[...this.watches].map(({ maxRate }) => maxRate ?? Infinity));
  }
}

export class RowsSubscription extends Subscription {
  #byKey = new Map();
  #states = {};

  constructor(feeds, feed, id, query) {
    super(feeds, feed);
    this.id = id;
    this.query = query;
    this.held = {
      rows: [], order: [], total: 0, state: "connecting", at: null, version: -1, epoch: null,
      [Symbol.iterator]() {
        return this.rows.values();
      },
    };
  }

  /** The state of the feed is that of the collection, until the server gives a reason to give no rows. */
  stateIs(state, reason) {
    const { held } = this;
    if (state && held.version >= 0 && !held.reason && (reason || held.state !== state)) {
      this._hold({ ...held, state, reason });
    }
  }

  subscribeFrame() {
    const { prefix, fields, sort, limit, maxRate } = this.query;
    return { op: "subscribe", feed: this.feed, keys: "*", id: this.id, prefix, fields, sort, limit, maxRate };
  }

  unsubscribeFrame() {
    return { op: "unsubscribe", feed: this.feed, id: this.id };
  }

  receive(frame) {
    if (frame.op === "error") {
      this._hold({ ...this.held, error: { code: frame.code, message: frame.message } });
      this.tell("onError", frame);
    } else if (frame.op === "state") {
      this.stateIs(frame.state, frame.reason);
    } else if (frame.op === "rows") {
      this.#rows(frame);
    }
  }

  #rows(frame) {
    const { epoch, version } = this.held;
    const isWhole = frame.base === undefined;
    if (!isWhole && (frame.epoch !== epoch || frame.base > version)) {
      this.feeds._send(this.subscribeFrame());
    } else if (isWhole || frame.version > version) {
      this._hold(this.#merge(frame, isWhole));
    }
  }

  #merge(frame, isWhole) {
    const byKey = this.#byKey;
    if (isWhole) {
      byKey.clear();
    }
    const states = (this.#states = frame.states ?? (isWhole ? {} : this.#states));
    for (const [key, patch] of Object.entries(frame.rows)) {
      if (patch === null) {
        byKey.delete(key);
      } else {
        byKey.set(key, { key, data: mergePatch(byKey.get(key)?.data, patch) });
      }
    }
    const { order = this.held.order, total = this.held.total, at, version, epoch } = frame;
    const rows = order.filter((key) => byKey.has(key)).map((key) => {
      const state = Object.hasOwn(states, key) ? states[key] : "live";
      const held = byKey.get(key);
      const row = held.state === state ? held : Object.freeze({ ...held, state });
      byKey.set(key, row);
      return row;
    });
    const state = this.feeds.progress(this.feed)?.state ?? "live";
    return { ...this.held, rows, order, total, state, at, version, epoch, reason: undefined, error: undefined };
  }
}

function topicsOf(epoch) {
  return epoch?.split(".")[0];
}

function stateOf({ state, reason, since, progress, missing }) {
  return { state, reason, since, progress, missing };
}

export function guarded(act, report) {
  try {
    act();
  } catch (error) {
    report(error);
  }
}
