// What is held of keys and collections, and who watches it.

import { changedPaths, mergePatch, patchPaths } from "./akkafeeds-patch.js";

const GATE = 10_000; // how long what is behind the view is not believed, where the server was not told what is shown

export const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** One who watches. */
export class Watch {
  #feeds;
  #subscription;
  #leave;
  #listeners = new Set();
  #shown;
  _over = new AbortController(); // also when its connection is closed

  constructor(feeds, subscription, callback, options, leave) {
    this.#feeds = feeds;
    this.#subscription = subscription;
    this.#leave = leave;
    this.wishes = options;
    if (callback) {
      this.#listeners.add(feeds._guarded(callback));
    }
    const { signal } = options;
    signal?.addEventListener("abort", () => this.close(), { signal: this._over.signal });
    if (signal?.aborted) {
      queueMicrotask(() => this.close());
    }
  }

  get current() {
    return this.#subscription.view();
  }

  /** Milliseconds since what is shown was true, on the server's clock; null before anything is known. */
  age() {
    return this.#feeds._age(this.#subscription.feed, this.current.at);
  }

  close() {
    this.#leave();
    this.#listeners.clear();
    this._over.abort();
  }

  [dispose]() {
    this.close();
  }

  /** Calls back at once and on each change: Svelte's store contract, and with getSnapshot React's. */
  subscribe = (listener) => this.#feeds._listen(this.#listeners, listener, this.current);

  getSnapshot = () => this.current;

  async *[Symbol.asyncIterator]() {
    const { signal } = this._over;
    let wake;
    const leave = this.subscribe(() => wake?.());
    signal.addEventListener("abort", () => wake?.());
    try {
      for (let last; !signal.aborted; ) {
        const view = this.current;
        if (view !== last && view.state !== "connecting") {
          yield (last = view);
        } else {
          await new Promise((resolve) => (wake = resolve));
        }
      }
    } finally {
      leave();
    }
  }

  _show() {
    const view = this.current;
    if (view !== this.#shown) {
      this.#shown = view;
      [...this.#listeners].forEach((tell) => tell(view));
    }
  }
}

/** What all subscriptions share: the watchers, and the overlay of a dead connection. */
class Subscription {
  watches = new Set();
  isAnswered = false; // whether the last subscribe on this connection has had an answer
  lostSince = null; // since the connection was lost, until the server has said something of this again
  shown; // the view, until something has changed

  constructor(feeds, feed) {
    this.core = feeds;
    this.feed = feed;
  }

  /** The view as it is shown: the same object until something has changed. */
  view() {
    const since = this.core._staleSince ?? this.lostSince;
    const overlay = since !== null && stateOf({ state: "stale", reason: "connection", since });
    return (this.shown ??= Object.freeze({ ...this.held, ...overlay }));
  }

  accept(frame, transport) {
    if (this.lostSince !== null) {
      this.lostSince = null;
      this.core._changed(this);
    }
    const { op, code, message } = frame;
    this.isAnswered ||= op !== "state" && code !== "rate";
    if (op === "error") {
      this._hold({ error: { code, message } });
      this.tell("onError", frame);
    } else {
      this.receive(frame, transport);
    }
  }

  unsubscribeFrame() {
    return { op: "unsubscribe", feed: this.feed, key: this.key, id: this.id };
  }

  _hold(changes) {
    this.held = { ...this.held, ...(this.held.changed && { changed: [] }), ...changes };
    this.core._changed(this);
  }

  tell(name, frame) {
    for (const { wishes } of this.watches) {
      this.core._guarded(() => wishes[name]?.(frame))();
    }
  }
}

export class KeySubscription extends Subscription {
  #rate; // asked for last; Infinity for all
  #fields; // asked for last; undefined for all
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
      || (this.#mostRate() > this.#rate && this.core.connection.transport === "websocket");
  }

  // Of other fields nothing goes on, but a server has to know how far the view has come: an epoch that there never was.
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
      resume: resumes && version > 0
        ? { epoch: this.#isOfFields() ? epoch : `${topicsOf(epoch)}.`, version, pos: this.#positions }
        : undefined,
    };
  }

  receive(frame, transport) {
    const { op } = frame;
    if (op === "delta") {
      this.#delta(frame);
    } else if (op === "notice") {
      this.tell("onNotice", frame);
    } else if (op === "state" || (op === "snapshot" && this.#isBehind(frame))) {
      this._hold(stateOf(frame));
    } else if (op === "snapshot" && (transport === "websocket" || !this.#isGated(frame))) {
      this.#positions = frame.pos;
      this.#heldFields = String(this.#fields);
      this._hold({ ...stateOf(frame), ...this.#with(frame, frame.data, changedPaths(this.held.data, frame.data)) });
    }
  }

  // A view never goes backwards: of an older version of what is held, only the state is taken.
  #isBehind({ epoch, version }) {
    return epoch === this.held.epoch && version < this.held.version && this.#isOfFields();
  }

  #isOfFields() {
    return this.#heldFields === String(this.#fields);
  }

  // Over HTTP no server was told what is shown, and another node or a cache may be behind it: its view is asked for again
  // until it has caught up. What stays behind is the truth after all: the log was cut, or its records are filtered now.
  #isGated({ epoch, pos }) {
    const isBehind = topicsOf(epoch) === topicsOf(this.held.epoch)
      && Object.entries(this.#positions).some(([part, held]) => (pos[part] ?? -1) < held);
    const now = this.core.now();
    this.#gatedSince = isBehind ? this.#gatedSince ?? now : null;
    if (!isBehind || now - this.#gatedSince > GATE) {
      return false;
    }
    this._hold({ state: "rebuilding", reason: "recovering", since: this.#gatedSince });
    this.core._againSoon(this);
    return true;
  }

  // Applied where it continues what is held; what is old is dropped; a gap is asked for whole.
  #delta(frame) {
    const { epoch, version } = this.held;
    if (frame.epoch === epoch && frame.version <= version) {
      return;
    }
    if (frame.epoch !== epoch || frame.base > version) {
      this.core._send(this.subscribeFrame(false));
      return;
    }
    Object.assign(this.#positions, frame.pos);
    this._hold(this.#with(frame, mergePatch(this.held.data, frame.data), patchPaths(frame.data)));
  }

  #with({ version, epoch, at }, data, changed) {
    return { data, version, epoch, at, changed, error: undefined };
  }

  #wanted() {
    const wanted = [...this.watches].map(({ wishes }) => wishes.fields);
    return wanted.every(Boolean) ? [...new Set(wanted.flat())].sort() : undefined;
  }

  #mostRate() {
    return Math.max(...[...this.watches].map(({ wishes }) => wishes.maxRate ?? Infinity));
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
      this._hold({ state, reason });
    }
  }

  subscribeFrame() {
    const { prefix, fields, sort, limit, maxRate } = this.query;
    return { op: "subscribe", feed: this.feed, keys: "*", id: this.id, prefix, fields, sort, limit, maxRate };
  }

  receive(frame) {
    if (frame.op === "state") {
      this.stateIs(frame.state, frame.reason);
    } else if (frame.op === "rows") {
      this.#rows(frame);
    }
  }

  #rows(frame) {
    const { epoch, version } = this.held;
    const isWhole = frame.base === undefined;
    if (!isWhole && (frame.epoch !== epoch || frame.base > version)) {
      this.core._send(this.subscribeFrame());
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
    const state = this.core.progress(this.feed)?.state ?? "live";
    return { rows, order, total, state, at, version, epoch, reason: undefined, error: undefined };
  }
}

/** What tells a key, or a collection by its id, from all others: a key is never empty and has no NUL. */
export function nameOf({ feed, key, id }) {
  return key === undefined ? `${feed}\0\0${id}` : `${feed}\0${key}`;
}

function topicsOf(epoch) {
  return epoch?.split(".")[0];
}

function stateOf({ state, reason, since, progress, missing }) {
  return { state, reason, since, progress, missing };
}
