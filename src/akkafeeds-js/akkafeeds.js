// AkkaFeeds in the browser: watches keys and collections over one WebSocket, and always says how fresh they are.
// A plain ES module without dependencies; types are in akkafeeds.d.ts, the frames in schema.json.

const STALE_AFTER = 2_500; // no frame for so long: what is shown may be old; said within 3 s, looked at each CHECK_EVERY
const CHECK_EVERY = 250;
const DEAD_AFTER = 10_000; // no frame for so long: connect anew
const RETRY_FIRST = 500;
const RETRY_MAX = 20_000;
const AGAIN_AFTER = 1_000; // what the server dropped for its rate is sent again, so many at a time
const AGAIN_COUNT = 50;
const FINAL_CODES = (code) => code === 1008 || code === 1009 || (code >= 4000 && code <= 4007) || code === 4012;

/** Connects; see akkafeeds.d.ts. Nothing is sent before something is watched. */
export function connect(options = {}) {
  return new Feeds(options);
}

const browser = {
  now: () => performance.now(),
  clock: () => Date.now(),
  later: (act, milliseconds) => setTimeout(act, milliseconds),
  cancel: (timer) => clearTimeout(timer),
  frame: (act) => (isHidden() || typeof requestAnimationFrame !== "function" ? setTimeout(act, 16) : requestAnimationFrame(act)),
  isHidden,
  open: (url, protocol) => new WebSocket(url, protocol),
  random: Math.random,
  listen: (name, act) => globalThis.addEventListener?.(name, act),
  report: (error) => (globalThis.reportError ?? console.error)(error),
};

function isHidden() {
  return globalThis.document?.visibilityState === "hidden";
}

function defaultUrl() {
  const { protocol, host } = globalThis.location;
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/v1/ws`;
}

class Feeds {
  #host;
  #url;
  #token;
  #socket = null;
  #keys = new Map(); // "feed\0key" -> KeySubscription
  #rows = new Map(); // "feed\0id" -> RowsSubscription
  #progress = new Map(); // feed -> { at, state }
  #pending = new Set();
  #isFrameDue = false;
  #lastFrameAt;
  #attempts = 0;
  #retryTimer = null;
  #checkTimer = null;
  #retryAfter = 0;
  #isWelcome = false;
  #isClosed = false;
  #offset = null; // the server's clock minus host.now()
  #staleSince = null;
  #ids = 0;
  #listeners = new Set();
  #onError;
  #againTimer = null;
  #strays = null; // unsubscribes to send again, once the server has dropped frames of this connection
  #unpainted = null; // the mark that waits for its paint
  #rendered = null; // the answer to the last mark
  session = null;
  moved = null; // where to poll, when the server has moved its clients there

  constructor({ url, token, onError, host } = {}) {
    this.#host = { ...browser, ...host };
    this.#url = url ?? defaultUrl();
    this.#token = token;
    this.#onError = onError;
    this.#lastFrameAt = this.#host.now();
    this.#host.listen("offline", () => this.#lost());
    this.#host.listen("online", () => this.#online());
    this.#host.listen("visibilitychange", () => this.#visibility());
  }

  /** Shows one key; the callback gets a view whenever it has changed. */
  watch(feed, key, callback, options = {}) {
    const id = `${feed}\0${key}`;
    let subscription = this.#keys.get(id);
    if (!subscription) {
      this.#keys.set(id, (subscription = new KeySubscription(this, feed, key)));
    }
    return this.#join(subscription, callback, options, () => this.#keys.delete(id));
  }

  /** Shows a collection; the callback gets its rows whenever they have changed. */
  watchAll(feed, query = {}, callback, options = {}) {
    const id = query.id ?? `w${++this.#ids}`;
    const subscription = new RowsSubscription(this, feed, id, query);
    this.#rows.set(`${feed}\0${id}`, subscription);
    return this.#join(subscription, callback, options, () => this.#rows.delete(`${feed}\0${id}`));
  }

  /** The server's clock, Unix ms. */
  now() {
    return this.#offset === null ? this.#host.clock() : Math.round(this.#host.now() + this.#offset);
  }

  /** How far a watched feed is: { at, state }, or undefined before the first word of it. */
  progress(feed) {
    return this.#progress.get(feed);
  }

  /** Whether frames come in, "connecting", or "closed" for good. */
  get state() {
    return this.#isClosed ? "closed" : this.#isWelcome && this.#staleSince === null ? "open" : "connecting";
  }

  /** Calls back when state or the progress of a feed changes. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all watching. */
  close() {
    this.#isClosed = true;
    this.#host.cancel(this.#retryTimer);
    this.#host.cancel(this.#checkTimer);
    this.#host.cancel(this.#againTimer);
    this.#socket?.close(1000);
    this.#socket = null;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.close();
  }

  // What follows up to the end of the class is for this module alone.

  get _staleSince() {
    return this.#staleSince;
  }

  _age(feed, at) {
    const read = this.#progress.get(feed)?.at ?? 0;
    const newest = Math.max(at ?? 0, read);
    return newest === 0 ? null : Math.max(0, this.now() - newest);
  }

  _send(frame) {
    if (this.#isWelcome) {
      this.#socket.send(JSON.stringify(frame));
    }
  }

  /** Calls the watchers of a subscription with the next animation frame. */
  _changed(subscription) {
    this.#pending.add(subscription);
    this.#frameSoon();
  }

  #join(subscription, callback, options, forget) {
    const watch = new Watch(this, subscription, callback, options, () => {
      subscription.watches.delete(watch);
      if (subscription.watches.size > 0) {
        subscription.widen();
        return;
      }
      forget();
      this._send(subscription.unsubscribeFrame());
      this.#pending.delete(subscription);
    });
    const isFirst = subscription.watches.size === 0;
    subscription.watches.add(watch);
    if (isFirst || subscription.needsMore()) {
      subscription.widen();
      this._send(subscription.subscribeFrame(isFirst));
    }
    this.#open();
    return watch;
  }

  #open() {
    if (this.#socket || this.#isClosed || (this.#keys.size === 0 && this.#rows.size === 0)) {
      return;
    }
    this.#host.cancel(this.#retryTimer);
    this.#retryTimer = null;
    this.#isWelcome = false;
    this.#lastFrameAt = this.#host.now();
    let socket;
    try {
      socket = this.#host.open(this.#url, "akkafeeds.v1");
    } catch (error) {
      this.#host.report(error);
      this.#retry();
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = (message) => this.#socket === socket && this.#receive(message.data);
    socket.onclose = (close) => this.#socket === socket && this.#ended(close.code);
    socket.onerror = () => {}; // a close follows
    this.#checkSoon();
  }

  async #greet(socket) {
    socket.send(JSON.stringify({ op: "hello", marks: true }));
    if (!this.#token) {
      return;
    }
    try {
      const token = await this.#token();
      if (this.#socket === socket) {
        socket.send(JSON.stringify({ op: "auth", token }));
      }
    } catch (error) {
      this.#host.report(error);
      this.#lost();
    }
  }

  #receive(text) {
    this.#lastFrameAt = this.#host.now();
    if (this.#staleSince !== null && this.#isWelcome) {
      this.#setStale(null);
    }
    const frame = JSON.parse(text);
    switch (frame.op) {
      case "welcome":
        this.#welcome(frame);
        break;
      case "progress":
        this.#measure(frame.now);
        for (const [feed, value] of Object.entries(frame.feeds)) {
          this.#progress.set(feed, value);
        }
        for (const subscription of this.#rows.values()) {
          subscription.stateIs(frame.feeds[subscription.feed]?.state);
        }
        this.#tell();
        break;
      case "pong":
        this.#measure(frame.now);
        break;
      case "mark":
        this.#mark(frame.mark);
        break;
      case "bye":
        this.#retryAfter = frame.retryAfter ?? 0;
        this.moved = frame.url ?? null;
        break;
      case "error":
        this.#refused(frame);
        break;
      default:
        this.#view(frame);
    }
  }

  // Once the server has dropped something for its rate, a view that nobody watches says that an unsubscribe was lost.
  #view(frame) {
    const subscription = this.#find(frame);
    if (subscription) {
      subscription.take(frame);
    } else if (this.#strays && frame.op !== "unsubscribed") {
      const { feed, key, id } = frame;
      this.#strays.set(`${feed}\0${key ?? ""}\0${id ?? ""}`, { op: "unsubscribe", feed, key, id });
      this.#againSoon();
    }
  }

  // What belongs to no watch is told to whoever asked for it, and else reported: nothing is refused in silence.
  #refused(frame) {
    const subscription = frame.feed === undefined ? undefined : this.#find(frame);
    if (frame.code === "rate") {
      this.#strays ??= new Map();
      this.#againSoon(subscription);
    }
    if (subscription) {
      subscription.take(frame);
    } else if (this.#onError) {
      guarded(() => this.#onError(frame), this.#host.report);
    } else {
      this.#host.report(new Error(`${frame.code}: ${frame.message}`));
    }
  }

  // The server does not say which frames it dropped: all that is without an answer is asked for again, in portions, and
  // the last mark is answered again, because an unanswered one holds everything back.
  #againSoon(refused) {
    if (refused) {
      refused.isAnswered = false;
    }
    this.#againTimer ??= this.#host.later(() => {
      this.#againTimer = null;
      if (this.#rendered !== null) {
        this._send(this.#rendered);
      }
      const unanswered = [...this.#subscriptions()].filter((subscription) => !subscription.isAnswered);
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
        this.#againSoon();
      }
    }, AGAIN_AFTER * (1 + this.#host.random()));
  }

  #welcome(frame) {
    this.session = frame.session;
    this.#measure(frame.now);
    this.#isWelcome = true;
    this.#strays = null;
    this.#attempts = 0;
    for (const subscription of this.#subscriptions()) {
      subscription.isAnswered = false;
      this._send(subscription.subscribeFrame(true));
    }
    this.#setStale(null);
  }

  // The least offset of those measured is the one that was least delayed on its way.
  #measure(now) {
    const offset = now - this.#host.now();
    this.#offset = this.#offset === null || Math.abs(offset - this.#offset) > 5_000 ? offset : Math.max(offset, this.#offset);
  }

  #find(frame) {
    return frame.id !== undefined && frame.key === undefined
      ? this.#rows.get(`${frame.feed}\0${frame.id}`)
      : this.#keys.get(`${frame.feed}\0${frame.key}`);
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
      if (this.#isFrameDue) {
        this.#host.later(() => this.#flush(), 0);
      }
    }
    this.#check();
  }

  // All clients of a network come back in one instant.
  #online() {
    if (this.#socket === null && !this.#isClosed) {
      this.#host.cancel(this.#retryTimer);
      this.#retryTimer = null;
      this.#attempts = 0;
      this.#retry();
    }
  }

  #ended(code) {
    if (FINAL_CODES(code) && !(code === 4001 && this.#token)) {
      this.close();
      this.#setStale(this.now());
      return;
    }
    this.#lost();
  }

  #lost() {
    const socket = this.#socket;
    this.#socket = null;
    this.#isWelcome = false;
    this.#unpainted = this.#rendered = null;
    socket?.close();
    if (!this.#isClosed) {
      this.#setStale(this.#staleSince ?? this.now());
      for (const subscription of this.#subscriptions()) {
        subscription.lostSince ??= this.#staleSince;
      }
      this.#retry();
    }
  }

  // Full jitter: clients that lost one server must not meet at the next in the same instant.
  #retry() {
    if (this.#retryTimer !== null) {
      return;
    }
    const most = Math.min(RETRY_MAX, RETRY_FIRST * 2 ** this.#attempts++);
    const wait = this.#retryAfter + this.#host.random() * most;
    this.#retryAfter = 0;
    this.#retryTimer = this.#host.later(() => {
      this.#retryTimer = null;
      this.#open();
    }, wait);
  }

  #checkSoon() {
    this.#host.cancel(this.#checkTimer);
    this.#checkTimer = this.#host.later(() => this.#check(), CHECK_EVERY);
  }

  #check() {
    if (this.#isClosed) {
      return;
    }
    const silent = this.#host.now() - this.#lastFrameAt;
    if (this.#socket && silent >= DEAD_AFTER) {
      this.#lost();
    } else if (silent >= STALE_AFTER && this.#staleSince === null) {
      this.#setStale(this.now() - Math.round(silent));
    }
    this.#checkSoon();
  }

  #setStale(since) {
    if (since === this.#staleSince) {
      return;
    }
    this.#staleSince = since;
    for (const subscription of this.#subscriptions()) {
      this._changed(subscription);
    }
    this.#tell();
  }

  *#subscriptions() {
    yield* this.#keys.values();
    yield* this.#rows.values();
  }

  #frameSoon() {
    if (this.#isFrameDue) {
      return;
    }
    this.#isFrameDue = true;
    this.#host.frame(() => this.#flush());
  }

  #flush() {
    this.#isFrameDue = false;
    const due = [...this.#pending];
    this.#pending.clear();
    for (const subscription of due) {
      for (const watch of [...subscription.watches]) {
        watch._show(this.#host.report);
      }
    }
  }

  #tell() {
    for (const listener of this.#listeners) {
      guarded(() => listener(), this.#host.report);
    }
  }
}

/** One who watches. */
class Watch {
  #feeds;
  #subscription;
  #callback;
  #options;
  #leave;
  #listeners = new Set();
  #shown;

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
    for (const listener of this.#listeners) {
      listener(true);
    }
    this.#listeners.clear();
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    this.close();
  }

  /** The two halves of React's useSyncExternalStore. */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = () => this.current;

  async *[Symbol.asyncIterator]() {
    let isDone = false;
    let wake = () => {};
    const leave = this.subscribe((ended) => {
      isDone = ended === true;
      wake();
    });
    try {
      for (let last; !isDone; ) {
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

  _show(report) {
    const view = this.current;
    if (view === this.#shown) {
      return;
    }
    this.#shown = view;
    guarded(() => this.#callback?.(view), report);
    for (const listener of [...this.#listeners]) {
      guarded(() => listener(), report);
    }
  }

  _tell(name, frame, report) {
    guarded(() => this.#options[name]?.(frame), report ?? console.error);
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
      this.#view = Object.freeze(
        since === null
          ? { ...this.held }
          : { ...this.held, state: "stale", reason: "connection", since, progress: undefined, missing: undefined },
      );
    }
    return this.#view;
  }

  take(frame) {
    if (this.lostSince !== null) {
      this.lostSince = null;
      this.feeds._changed(this);
    }
    this.isAnswered ||= frame.op !== "state" && frame.code !== "rate";
    this.receive(frame);
  }

  needsMore() {
    return false;
  }

  widen() {}

  replace(held) {
    this.held = held;
    this.feeds._changed(this);
  }

  tell(name, frame) {
    for (const watch of this.watches) {
      watch._tell(name, frame);
    }
  }
}

class KeySubscription extends Subscription {
  #fields; // wanted; undefined for all
  #heldFields = ""; // of what is held
  #positions = {};

  constructor(feeds, feed, key) {
    super(feeds, feed);
    this.key = key;
    this.held = { data: null, state: "connecting", version: -1, epoch: null, at: null, changed: [] };
  }

  needsMore() {
    return this.#fields !== undefined && this.#wanted()?.some((field) => !this.#fields.includes(field)) !== false;
  }

  widen() {
    this.#fields = this.#wanted();
  }

  subscribeFrame(resumes) {
    const { epoch, version } = this.held;
    return {
      op: "subscribe",
      feed: this.feed,
      key: this.key,
      fields: this.#fields,
      maxRate: this.#rate(),
      resume: resumes && version > 0 && this.#heldFields === String(this.#fields) ? { epoch, version, pos: this.#positions } : undefined,
    };
  }

  unsubscribeFrame() {
    return { op: "unsubscribe", feed: this.feed, key: this.key };
  }

  receive(frame) {
    switch (frame.op) {
      case "snapshot":
        if (this.#isBehind(frame)) {
          this.replace({ ...this.held, ...stateOf(frame), changed: [] });
          break;
        }
        this.#positions = frame.pos;
        this.#heldFields = String(this.#fields);
        this.replace(this.#with(frame, frame, frame.data, changedPaths(this.held.data, frame.data)));
        break;
      case "delta":
        this.#delta(frame);
        break;
      case "state":
        this.replace({ ...this.held, ...stateOf(frame), changed: [] });
        break;
      case "error":
        this.replace({ ...this.held, error: { code: frame.code, message: frame.message }, changed: [] });
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
    this.replace(this.#with(frame, this.held, mergePatch(this.held.data, frame.data), patchPaths(frame.data)));
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

  #rate() {
    const rates = [...this.watches].map((watch) => watch.maxRate ?? Infinity);
    const most = Math.max(...rates);
    return Number.isFinite(most) ? most : undefined;
  }
}

class RowsSubscription extends Subscription {
  constructor(feeds, feed, id, query) {
    super(feeds, feed);
    this.id = id;
    this.query = query;
    this.held = { rows: [], order: [], total: 0, state: "connecting", at: null, version: -1, epoch: null, byKey: new Map(), states: {} };
  }

  /** The state of the feed is that of the collection. */
  stateIs(state) {
    if (state !== undefined && this.held.version >= 0 && this.held.state !== state) {
      this.replace({ ...this.held, state });
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
      this.replace({ ...this.held, error: { code: frame.code, message: frame.message } });
      this.tell("onError", frame);
      return;
    }
    if (frame.op !== "rows") {
      return;
    }
    const { epoch, version } = this.held;
    const isWhole = frame.base === undefined;
    if (!isWhole && frame.epoch === epoch && frame.version <= version) {
      return;
    }
    if (!isWhole && (frame.epoch !== epoch || frame.base > version)) {
      this.feeds._send(this.subscribeFrame());
      return;
    }
    this.replace(this.#merge(frame, isWhole));
  }

  #merge(frame, isWhole) {
    const byKey = isWhole ? new Map() : new Map(this.held.byKey);
    const states = frame.states ?? (isWhole ? {} : this.held.states);
    for (const [key, patch] of Object.entries(frame.rows)) {
      if (patch === null) {
        byKey.delete(key);
      } else {
        byKey.set(key, Object.freeze({ key, data: mergePatch(byKey.get(key)?.data, patch), state: stateIn(states, key) }));
      }
    }
    const order = frame.order ?? this.held.order;
    const rows = order.filter((key) => byKey.has(key)).map((key) => {
      const row = byKey.get(key);
      const state = stateIn(states, key);
      if (row.state !== state) {
        byKey.set(key, Object.freeze({ ...row, state }));
      }
      return byKey.get(key);
    });
    const total = frame.total ?? this.held.total;
    const state = this.feeds.progress(this.feed)?.state ?? "live";
    return { rows, order, total, state, at: frame.at, version: frame.version, epoch: frame.epoch, byKey, states };
  }
}

function stateIn(states, key) {
  return Object.hasOwn(states, key) ? states[key] : "live";
}

function stateOf({ state, reason, since, progress, missing }) {
  return { state, reason, since, progress, missing };
}

function guarded(act, report) {
  try {
    act();
  } catch (error) {
    report(error);
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 7396 without touching what is held. A key may be called __proto__: it is only ever a key. */
export function mergePatch(target, patch) {
  if (!isObject(patch)) {
    return patch;
  }
  const result = isObject(target) ? new Map(Object.entries(target)) : new Map();
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) {
      result.delete(name);
    } else {
      result.set(name, mergePatch(result.get(name), change));
    }
  }
  return Object.fromEntries(result);
}

function patchPaths(patch, before = "") {
  return Object.entries(patch).flatMap(([name, change]) =>
    isObject(change) && Object.keys(change).length > 0 ? patchPaths(change, `${before}${name}.`) : [before + name]);
}

function changedPaths(held, data) {
  if (!isObject(held) || !isObject(data)) {
    return Object.keys(data ?? {});
  }
  const names = new Set([...Object.keys(held), ...Object.keys(data)]);
  return [...names].filter((name) => JSON.stringify(held[name]) !== JSON.stringify(data[name]));
}
