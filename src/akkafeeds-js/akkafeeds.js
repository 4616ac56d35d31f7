// AkkaFeeds in the browser: watches keys and collections over the best way that the network lets through, and always
// says how fresh they are. Plain ES modules without dependencies; types are in akkafeeds.d.ts, the frames in schema.json.
import { check } from "./akkafeeds-check.js";
import { Ladder } from "./akkafeeds-ladder.js";
import { KeySubscription, RowsSubscription, Watch, dispose, nameOf } from "./akkafeeds-views.js";

export { mergePatch } from "./akkafeeds-patch.js";

const AGAIN_AFTER = 1_000; // what the server dropped for its rate is sent again, so many at a time
const AGAIN_COUNT = 50;

/** Connects; see akkafeeds.d.ts. Nothing is sent before something is watched. */
export function connect(options = {}) {
  return new Feeds(options);
}

const browser = {
  now: () => performance.now(),
  clock: () => Date.now(),
  later: (act, milliseconds) => setTimeout(act, milliseconds),
  cancel: (timer) => clearTimeout(timer),
  frame: (act) => ((!isHidden() && globalThis.requestAnimationFrame) || setTimeout)(act, 16),
  isHidden,
  open: (url, protocol) => new WebSocket(url, protocol),
  fetch: (url, options) => fetch(url, options),
  random: Math.random,
  listen: (name, act, signal) => globalThis.addEventListener?.(name, act, { signal }),
  report: (error) => (globalThis.reportError ?? console.error)(error),
};

function isHidden() {
  return globalThis.document?.visibilityState === "hidden";
}

class Feeds {
  #ladder;
  #host;
  #subscriptions = new Map(); // by what nameOf calls them
  #progress = new Map(); // feed -> { at, state }
  #pending = new Set();
  #offset = NaN; // the server's clock minus host.now(), once it is known
  #ids = 0;
  #againTimer;
  #onError;
  #connection;
  #isClosed = false;
  #ended = new AbortController();
  #listeners = new Set();
  #strays; // unsubscribes to send again, once the server has dropped frames of this connection
  #unpainted = null; // the mark that waits for its paint
  #rendered = null; // the answer to the last mark
  session = null;
  _staleSince = null; // what begins so is for these modules alone

  constructor({ url, token, transport, onError, host } = {}) {
    check({ token, onError });
    this.#host = { ...browser, ...host };
    this._report = this.#host.report;
    this.#onError = onError;
    this.#ladder = new Ladder(this, this.#host, url, transport, token);
    const { signal } = this.#ended;
    this.#host.listen("offline", () => this.#ladder.lose(), signal);
    this.#host.listen("online", () => this.#ladder.online(), signal);
    this.#host.listen("visibilitychange", () => this.#visibility(), signal);
  }

  /** Shows one key; the callback gets a view whenever it has changed. */
  watch(feed, key, callback, options = {}) {
    return this.#join(this.#find({ feed, key }) ?? new KeySubscription(this, feed, key), callback, options);
  }

  /** Shows a collection; the callback gets its rows whenever they have changed. */
  watchAll(feed, query = {}, callback, options = {}) {
    let { id } = query;
    while ((id ?? null) === null || this.#find({ feed, id })) {
      id = `w${++this.#ids}`; // a second subscribe of an id would replace the first one's query
    }
    return this.#join(new RowsSubscription(this, feed, id, query), callback, options);
  }

  /** The view of a key that somebody watches already, else undefined. */
  current(feed, key) {
    return this.#find({ feed, key })?.view();
  }

  /** The server's clock, Unix ms. */
  now() {
    return Math.round(this.#host.now() + this.#offset) || this.#host.clock();
  }

  /** How far a watched feed is: { at, state }, or undefined before the first word of it. */
  progress(feed) {
    return this.#progress.get(feed);
  }

  /** Whether frames come in, "connecting", or "closed" for good. */
  get state() {
    return this.#isClosed ? "closed" : this.#ladder.isWelcome && this._staleSince === null ? "open" : "connecting";
  }

  /** Where to poll, when the server has moved its clients there. */
  get moved() {
    return this.#ladder.moved;
  }

  /** The state, the rung of the ladder, and what is wrong: the same object until one of them changes. */
  get connection() {
    const { state } = this;
    const { transport } = this.#ladder;
    const made = { state, transport, error: this.#ladder.fault };
    return JSON.stringify(made) === JSON.stringify(this.#connection)
      ? this.#connection
      : (this.#connection = Object.freeze(made));
  }

  /** Calls back at once, and when the connection or the progress of a feed changes. */
  subscribe(listener) {
    return this._listen(this.#listeners, listener, this.connection);
  }

  /** Ends all watching: what is held is stale from then on. */
  close() {
    this.#isClosed = true;
    this.#ended.abort();
    this.#host.cancel(this.#againTimer);
    this.#ladder.close();
    for (const { watches } of this._subscriptions()) {
      watches.forEach((watch) => watch._over.abort());
    }
    this._silent(0) || this._tell();
  }

  [dispose]() {
    this.close();
  }

  get _isIdle() {
    return this.#subscriptions.size === 0;
  }

  /** A function that calls another one, and reports what that throws. */
  _guarded(act) {
    return (value) => {
      try {
        act(value);
      } catch (error) {
        this._report(error);
      }
    };
  }

  /** Adds one who is called at once and on each change, and gives what ends that. */
  _listen(listeners, listener, value) {
    const tell = this._guarded(listener);
    listeners.add(tell);
    tell(value);
    return () => listeners.delete(tell);
  }

  _age(feed, at) {
    const read = this.#progress.get(feed)?.at ?? 0;
    const newest = Math.max(at ?? 0, read);
    return newest > 0 ? Math.max(0, this.now() - newest) : null;
  }

  _send(frame) {
    this.#ladder.send(frame);
  }

  /** Calls the watchers of a subscription with the next animation frame. */
  _changed(subscription) {
    subscription.shown = undefined;
    if (this.#pending.size === 0) {
      this.#host.frame(() => this.#flush());
    }
    this.#pending.add(subscription);
  }

  #join(subscription, callback, options) {
    check({ ...subscription, ...subscription.query, ...options, callback });
    const name = nameOf(subscription);
    const watch = new Watch(this, subscription, callback, options, () => {
      if (subscription.watches.delete(watch) && subscription.watches.size === 0) {
        this.#subscriptions.delete(name);
        this._send(subscription.unsubscribeFrame());
        this.#pending.delete(subscription);
      }
    });
    this.#subscriptions.set(name, subscription);
    subscription.watches.add(watch);
    this.#isClosed && watch._over.abort();
    if (subscription.watches.size === 1 || subscription.needsMore()) {
      this._send(subscription.subscribeFrame(false));
    }
    this.#ladder.open();
    return watch;
  }

  /** The server speaks. */
  _receive(frame, transport) {
    if (frame.now !== undefined) {
      this.#measure(frame.now);
    }
    switch (frame.op) {
      case "welcome":
        this.#welcome(frame, transport);
        break;
      case "progress":
        for (const [feed, { at, state }] of Object.entries(frame.feeds)) {
          this.#progress.set(feed, { at, state: state ?? this.#progress.get(feed)?.state ?? "live" });
        }
        for (const subscription of this._subscriptions()) {
          subscription.stateIs?.(frame.feeds[subscription.feed]?.state);
        }
        this._tell();
        break;
      case "mark":
        this.#mark(frame.mark);
        break;
      case "error":
        this.#refused(frame);
        break;
      case "pong":
      case "bye":
        break;
      default:
        this.#view(frame, transport);
    }
  }

  // Once the server has dropped something for its rate, a view that nobody watches says that an unsubscribe was lost.
  #view(frame, transport) {
    const subscription = this.#find(frame);
    if (subscription) {
      subscription.accept(frame, transport);
    } else if (this.#strays && frame.op !== "unsubscribed") {
      const { feed, key, id } = frame;
      this.#strays.set(nameOf(frame), { op: "unsubscribe", feed, key, id });
      this._againSoon();
    }
  }

  // What belongs to no watch is told to whoever asked for it, and else reported: nothing is refused in silence.
  #refused(frame) {
    const subscription = this.#find(frame);
    if (frame.code === "rate") {
      this.#strays ??= new Map();
      this._againSoon(subscription);
    }
    if (subscription) {
      subscription.accept(frame);
    } else if (this.#onError) {
      this._guarded(this.#onError)(frame);
    } else {
      this._report(new Error(`${frame.code}: ${frame.message}`));
    }
  }

  // The server does not say which frames it dropped: all that is without an answer is asked for again, in portions, and
  // the last mark is answered again, because an unanswered one holds everything back.
  _againSoon(refused) {
    if (refused) {
      refused.isAnswered = false;
    }
    this.#againTimer ??= this.#host.later(() => {
      this.#againTimer = null;
      if (this.#rendered) {
        this._send(this.#rendered);
      }
      const unanswered = [...this._subscriptions()].filter((subscription) => !subscription.isAnswered);
      for (const subscription of unanswered.slice(0, AGAIN_COUNT)) {
        this._send(subscription.subscribeFrame(true));
      }
      for (const [name, stray] of [...(this.#strays ?? [])].slice(0, AGAIN_COUNT)) {
        this.#strays.delete(name);
        if (!this.#find(stray)) {
          this._send(stray);
        }
      }
      if (unanswered.length > AGAIN_COUNT || this.#strays?.size > 0) {
        this._againSoon();
      }
    }, AGAIN_AFTER * (1 + this.#host.random()));
  }

  #welcome(frame, transport) {
    this.session = frame.session ?? this.session ?? "";
    this.#strays = null;
    for (const subscription of this._subscriptions()) {
      subscription.isAnswered = false;
      if (transport === "websocket") {
        this._send(subscription.subscribeFrame(true));
      }
    }
  }

  // The greatest offset of those measured was least delayed on its way. It sinks by more than clocks drift, or a page that
  // stands for days would follow whatever once made it too great.
  #measure(now) {
    const offset = now - this.#host.now();
    this.#offset = Math.abs(offset - this.#offset) <= 5_000 ? Math.max(offset, this.#offset - 0.5) : offset;
  }

  #find(frame) {
    return this.#subscriptions.get(nameOf(frame));
  }

  // A mark is answered when what came before it stands on the screen: behind the next paint. A hidden page is not
  // painted and answers at once, also for the mark that waited for a paint when it was hidden.
  #mark(mark) {
    if (this.#host.isHidden()) {
      this.#answer(mark);
      return;
    }
    this.#unpainted = mark;
    this.#host.frame(() => this.#host.later(() => this.#unpainted === mark && this.#answer(mark, this.now()), 0));
  }

  #answer(mark, at) {
    this.#unpainted = null;
    this.#rendered = { op: "rendered", mark, at };
    this._send(this.#rendered);
  }

  #visibility() {
    if (this.#host.isHidden()) {
      if (this.#unpainted !== null) {
        this.#answer(this.#unpainted);
      }
      this.#host.later(() => this.#flush(), 0);
    }
    this.#ladder.check();
  }

  /** The connection is lost: nothing is true again before the server has said so of it. */
  _lost() {
    this.#unpainted = this.#rendered = null;
    this._silent(0);
    for (const subscription of this._subscriptions()) {
      subscription.lostSince ??= this._staleSince;
    }
    this._tell();
  }

  /** Nothing has come for so long. */
  _silent(milliseconds) {
    return this._stale(this._staleSince ?? this.now() - Math.round(milliseconds));
  }

  /** Since when all is stale; null where something has come. Whether that was told. */
  _stale(since) {
    if (since === this._staleSince) {
      return false;
    }
    this._staleSince = since;
    for (const subscription of this._subscriptions()) {
      this._changed(subscription);
    }
    this._tell();
    return true;
  }

  _subscriptions() {
    return this.#subscriptions.values();
  }

  #flush() {
    const due = [...this.#pending];
    this.#pending.clear();
    for (const subscription of due) {
      for (const watch of [...subscription.watches]) {
        watch._show();
      }
    }
  }

  _tell() {
    [...this.#listeners].forEach((tell) => tell(this.connection));
  }
}
