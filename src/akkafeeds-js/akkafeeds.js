// AkkaFeeds in the browser: watches keys and collections over the best way that the network lets through, and always
// says how fresh they are. Plain ES modules without dependencies; types are in akkafeeds.d.ts, the frames in schema.json.
import { HttpLink, SocketLink } from "./akkafeeds-links.js";
import { Token } from "./akkafeeds-token.js";
import { KeySubscription, RowsSubscription, Watch, dispose, guarded } from "./akkafeeds-views.js";

export { mergePatch } from "./akkafeeds-views.js";

const TRANSPORTS = ["websocket", "sse", "longpoll", "poll"]; // the rungs, the best first
const STALE_AFTER = 2_500; // without a link; said within 3 s, looked at each CHECK_EVERY
const CHECK_EVERY = 250;
const OPEN_WITHIN = 5_000; // a rung that says nothing for so long is not let through
const DEAD_AFTER = 10_000; // no frame for so long: connect anew; a link that lived for so long is a good one
const RETRY_FIRST = 500;
const RETRY_MAX = 20_000;
const PROBE_FIRST = 3_000; // how long after a step down the better rungs are tried
const PROBE_MAX = 300_000;
const MOVED_PROBE = 60_000; // whom the server has sent to polling asks no sooner
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
  frame: (act) => (isHidden() || typeof requestAnimationFrame !== "function" ? setTimeout(act, 16) : requestAnimationFrame(act)),
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

function isFinal(code) {
  return code === 1008 || code === 1009 || (code >= 4000 && code <= 4007);
}

class Feeds {
  #host;
  #url;
  #base; // of the HTTP rungs
  #token = null;
  #rungs;
  #rung = 0;
  #link = null;
  #probe = null; // a better rung that is tried while the link keeps the screen current
  #probeTimer = null;
  #probes = 0;
  #proven = new Set(); // the rungs that were let through before
  #tries = 0; // lost links of this rung in a row
  #keys = new Map(); // "feed\0key" -> KeySubscription
  #rows = new Map(); // "feed\0id" -> RowsSubscription
  #progress = new Map(); // feed -> { at, state }
  #pending = new Set();
  #isFrameDue = false;
  #lastFrameAt;
  #lastFrameClock;
  #welcomedAt;
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
  #ended = new AbortController();
  #onError;
  #error = null; // why there is no connection, where that is known
  #connection = null;
  #againTimer = null;
  #strays = null; // unsubscribes to send again, once the server has dropped frames of this connection
  #unpainted = null; // the mark that waits for its paint
  #rendered = null; // the answer to the last mark
  session = null;
  moved = null; // where to poll, when the server has moved its clients there
  _eventId = null; // what an event stream resumes from

  constructor({ url, token, transport, onError, host } = {}) {
    this.#host = { ...browser, ...host };
    this.#url = new URL(url ?? "/v1/ws", globalThis.location?.href ?? url);
    this.#url.protocol = this.#url.protocol.replace("http", "ws");
    this.#base = this.#baseOf(this.#url);
    this.#rungs = [transport ?? TRANSPORTS].flat();
    const unknown = this.#rungs.find((name) => !TRANSPORTS.includes(name));
    if (unknown !== undefined || this.#rungs.length === 0) {
      throw new TypeError(`akkafeeds: transport: ${unknown}: give some of ${TRANSPORTS}`);
    }
    this.#onError = onError;
    this.#heardNow();
    if (token) {
      this.#token = new Token(this.#host, token, () => this.now(), {
        fresh: (value) => this.#link?.authorize(value),
        failed: (message) => this.#because("token", message),
      });
    }
    const { signal } = this.#ended;
    this.#host.listen("offline", () => this.#lost(), signal);
    this.#host.listen("online", () => this.#online(), signal);
    this.#host.listen("visibilitychange", () => this.#visibility(), signal);
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

  /** The view of a key that somebody watches already, else undefined. */
  current(feed, key) {
    return this.#keys.get(`${feed}\0${key}`)?.view();
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

  /** The state, the rung of the ladder, and what is wrong: the same object until one of them changes. */
  get connection() {
    const { state } = this;
    const transport = this.#rungs[this.#rung];
    const { code, message } = this.#error ?? {};
    const last = this.#connection;
    return last?.state === state && last.transport === transport && last.error?.message === message
      ? last
      : (this.#connection = Object.freeze({ state, transport, error: code && { code, message } }));
  }

  /** Calls back at once, and when the connection or the progress of a feed changes. */
  subscribe(listener) {
    this.#listeners.add(listener);
    guarded(() => listener(this.connection), this.#host.report);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all watching. */
  close() {
    this.#isClosed = true;
    this.#ended.abort();
    this.#token?.close();
    for (const timer of [this.#retryTimer, this.#checkTimer, this.#againTimer, this.#probeTimer]) {
      this.#host.cancel(timer);
    }
    this.#link?.close();
    this.#probe?.close();
    this.#link = this.#probe = null;
    this.#tell();
  }

  [dispose]() {
    this.close();
  }

  // What follows up to the end of the class is for these modules alone.

  get _staleSince() {
    return this.#staleSince;
  }

  get _report() {
    return this.#host.report;
  }

  get _token() {
    return this.#token?.value;
  }

  _age(feed, at) {
    const read = this.#progress.get(feed)?.at ?? 0;
    const newest = Math.max(at ?? 0, read);
    return newest === 0 ? null : Math.max(0, this.now() - newest);
  }

  _send(frame) {
    this.#link?.send(frame);
    this.#probe?.send(frame);
  }

  /** Calls the watchers of a subscription with the next animation frame. */
  _changed(subscription) {
    this.#pending.add(subscription);
    this.#frameSoon();
  }

  /** A link speaks. */
  _heard(link, frame) {
    if (link === this.#probe && frame.op === "welcome") {
      const worse = this.#link;
      this.#link = link;
      this.#probe = null;
      this.#rung = this.#rungs.indexOf(link.name);
      this.#tries = 0;
      worse?.close();
      this.#heardNow();
    }
    if (link === this.#link) {
      this.#receive(frame);
    }
  }

  /** A link has ended by itself. */
  _ended(link, code, retryAfter = 0) {
    if (link === this.#probe) {
      this.#probe = null;
      this.#climb(this.#rungs.indexOf(link.name) + 1);
    } else if (link === this.#link) {
      this.#retryAfter = Math.max(this.#retryAfter, retryAfter);
      this.#end(code);
    }
  }

  #baseOf(url) {
    return url.href.replace(/^ws/, "http").replace(/(\/v1\/.*|\/)$/, "");
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
    if (this.#link || this.#retryTimer !== null || this.#isClosed || (this.#keys.size === 0 && this.#rows.size === 0)) {
      return;
    }
    this.#checkSoon();
    if (this.#token?.ask(() => this.#open())) {
      return;
    }
    this.#isWelcome = false;
    this.#heardNow();
    this.#link = this.#start(this.#rungs[this.#rung]);
    this.#tell();
  }

  #start(name) {
    if (name === "websocket") {
      return new SocketLink(this, this.#host, this.#url.href);
    }
    const base = name === "poll" && this.moved !== null ? this.#baseOf(new URL(this.moved, this.#base)) : this.#base;
    const link = new HttpLink(this, this.#host, base, name);
    for (const subscription of this.#subscriptions()) {
      link.send(subscription.subscribeFrame(true));
    }
    return link;
  }

  #receive(frame) {
    // What arrives behind a sleep was sent before it, so the link is not believed.
    if (this.#silent() >= DEAD_AFTER) {
      this.#check();
      return;
    }
    this.#heardNow();
    if (this.#staleSince !== null && this.#isWelcome) {
      this.#setStale(null);
    }
    switch (frame.op) {
      case "welcome":
        this.#welcome(frame);
        break;
      case "progress":
        this.#measure(frame.now);
        for (const [feed, { at, state }] of Object.entries(frame.feeds)) {
          this.#progress.set(feed, { at, state: state ?? this.#progress.get(feed)?.state ?? "live" });
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
        this.#error = { code: frame.reason, message: `the server ended the connection: ${frame.reason}` };
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
      subscription.take(frame, this.#link.name);
    } else if (this.#strays && frame.op !== "unsubscribed") {
      const { feed, key, id } = frame;
      this.#strays.set(`${feed}\0${key ?? ""}\0${id ?? ""}`, { op: "unsubscribe", feed, key, id });
      this._againSoon();
    }
  }

  // What belongs to no watch is told to whoever asked for it, and else reported: nothing is refused in silence.
  #refused(frame) {
    const subscription = frame.feed === undefined ? undefined : this.#find(frame);
    if (frame.code === "rate") {
      this.#strays ??= new Map();
      this._againSoon(subscription);
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
  _againSoon(refused) {
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
        this._againSoon();
      }
    }, AGAIN_AFTER * (1 + this.#host.random()));
  }

  #welcome(frame) {
    this.session = frame.session ?? this.session ?? "";
    if (frame.now !== undefined) {
      this.#measure(frame.now);
    }
    this.#isWelcome = true;
    this.#welcomedAt = this.#host.now();
    this.#proven.add(this.#rung);
    this.#strays = this.#error = null;
    const isSocket = this.#link.name === "websocket";
    this._eventId = this.#link.name === "sse" ? this._eventId : null;
    for (const subscription of this.#subscriptions()) {
      subscription.isAnswered = false;
      if (isSocket) {
        this.#link.send(subscription.subscribeFrame(true));
      }
    }
    this.#probeSoon();
    this.#setStale(null);
    this.#tell();
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

  // All clients of a network come back in one instant. Another network may let better rungs through.
  #online() {
    this.#attempts = this.#probes = this.#tries = 0;
    if (this.#link === null && !this.#isClosed) {
      this.#rung = 0;
      this.#retry(RETRY_FIRST);
    } else {
      this.#probeSoon();
    }
  }

  #end(code) {
    const isRefused = code === 4001 && this.#token;
    const polls = this.#rungs.indexOf("poll");
    if (code === 4012 && polls >= 0 && this.moved !== null) {
      this.#rung = polls;
      this.#lost();
    } else if ((isFinal(code) && !isRefused) || code === 4012) {
      this.#error ??= { code: String(code), message: `the server ended the connection: ${code}` };
      this.close();
      this.#setStale(this.now());
    } else {
      if (isRefused) {
        this.#token.drop();
      }
      this.#lost(code);
    }
  }

  // A rung that works and is lost is tried twice, one that never worked once; then the next is. Whoever was told to come
  // again, or was refused by the server itself, has been let through: he stays. Below the last rung is the first.
  #lost(code) {
    const isFault = code !== undefined && !(code >= 4000) && code !== 1001 && this.#retryAfter === 0;
    if (this.#isWelcome && this.#host.now() - this.#welcomedAt >= DEAD_AFTER) {
      this.#attempts = this.#tries = 0;
      this.#probes = this.#rung === 0 ? 0 : this.#probes;
    }
    this.#link?.close();
    this.#probe?.close();
    this.#link = this.#probe = null;
    this.#isWelcome = false;
    this.#unpainted = this.#rendered = null;
    if (this.#isClosed) {
      return;
    }
    const isNext = isFault && ++this.#tries >= (this.#proven.has(this.#rung) ? 2 : 1);
    if (isNext) {
      this.#tries = 0;
      this.#rung = (this.#rung + 1) % this.#rungs.length;
    }
    const isStepDown = code === undefined || (isNext && this.#rung > 0);
    const most = isStepDown ? RETRY_FIRST : Math.min(RETRY_MAX, RETRY_FIRST * 2 ** this.#attempts++);
    this.#setStale(this.#staleSince ?? this.now());
    for (const subscription of this.#subscriptions()) {
      subscription.lostSince ??= this.#staleSince;
    }
    this.#tell();
    this.#retry(most);
  }

  // Full jitter: clients that lost one server must not meet at the next in the same instant.
  #retry(most) {
    this.#host.cancel(this.#retryTimer);
    const wait = this.#retryAfter + this.#host.random() * most;
    this.#retryAfter = 0;
    this.#retryTimer = this.#host.later(() => {
      this.#retryTimer = null;
      this.#open();
    }, wait);
  }

  // The better rungs are tried after growing pauses, the best first, while the screen is kept current from below.
  #probeSoon() {
    this.#host.cancel(this.#probeTimer);
    if (this.#rung === 0 || this.#isClosed) {
      return;
    }
    const first = this.moved === null ? PROBE_FIRST : MOVED_PROBE;
    const wait = Math.min(PROBE_MAX, first * 2 ** this.#probes++) * (0.5 + this.#host.random());
    this.#probeTimer = this.#host.later(() => this.#climb(0), wait);
  }

  #climb(rung) {
    if (this.#probe || !this.#isWelcome) {
      return; // the next welcome begins again
    }
    if (rung >= this.#rung) {
      this.#probeSoon();
      return;
    }
    const probe = (this.#probe = this.#start(this.#rungs[rung]));
    this.#host.later(() => {
      if (this.#probe === probe) {
        probe.close();
        this._ended(probe);
      }
    }, OPEN_WITHIN);
  }

  #checkSoon() {
    this.#host.cancel(this.#checkTimer);
    this.#checkTimer = this.#host.later(() => this.#check(), CHECK_EVERY);
  }

  #heardNow() {
    this.#lastFrameAt = this.#host.now();
    this.#lastFrameClock = this.#host.clock();
  }

  // Some machines stop the one clock while they sleep, and the other is set by people.
  #silent() {
    return Math.max(this.#host.now() - this.#lastFrameAt, this.#host.clock() - this.#lastFrameClock);
  }

  #check() {
    if (this.#isClosed) {
      return;
    }
    // Without a watch nothing comes over HTTP, and nothing is missed.
    if (this.#keys.size + this.#rows.size === 0 && this.#link?.name !== "websocket") {
      this.#link?.close();
      this.#link = null;
      this.#isWelcome = false;
      this.#heardNow();
      return;
    }
    const silent = this.#silent();
    if (silent >= (this.#link?.patience ?? STALE_AFTER) && this.#staleSince === null) {
      this.#setStale(this.now() - Math.round(silent));
    }
    if (this.#link && silent >= (this.#isWelcome ? DEAD_AFTER : OPEN_WITHIN)) {
      // Whoever slept lost every link, and no rung is to blame.
      this.#lost(silent >= 2 * DEAD_AFTER ? undefined : 1006);
    }
    this.#checkSoon();
  }

  #because(code, message) {
    if (message !== null || this.#error?.code === code) {
      this.#error = message === null ? null : { code, message };
      this.#tell();
    }
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
        watch._show();
      }
    }
  }

  #tell() {
    for (const listener of this.#listeners) {
      guarded(() => listener(this.connection), this.#host.report);
    }
  }
}
