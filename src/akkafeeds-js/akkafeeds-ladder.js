// The ladder: which rung carries the frames, when the next one down is taken, and when a better one is tried.
import { refuse } from "./akkafeeds-check.js";
import { HttpLink } from "./akkafeeds-http.js";
import { SocketLink } from "./akkafeeds-socket.js";
import { Token } from "./akkafeeds-token.js";

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

function isFinal(code) {
  return /^(100[89]|400[0-7])$/.test(code);
}

function baseOf(url) {
  return url.href.replace(/^ws/, "http").replace(/(\/v1\/.*|\/)$/, "");
}

export class Ladder {
  #feeds;
  #host;
  #url;
  #base; // of the HTTP rungs
  #token;
  #checkTimer;
  #rung = 0;
  #link;
  #probe; // a better rung that is tried while the link keeps the screen current
  #probeTimer;
  #probes = 0;
  #tries = 0; // links of this rung in a row that were welcome and lost
  #lastFrameAt;
  #lastFrameClock;
  #welcomedAt;
  #attempts = 0; // what makes the next pause twice as long: rungs tried in vain, all of them, and being told to come again
  #retryTimer;
  #retryAfter = 0;
  #rungs;
  #isClosed = false;
  isWelcome = false;
  fault; // why there is no connection, where that is known
  moved = null;
  _eventId = null; // what an event stream resumes from

  constructor(feeds, host, url, transport, token) {
    this.#feeds = feeds;
    this.#host = host;
    const address = new URL(url ?? "/v1/ws", globalThis.location?.href ?? "none:/");
    if (!/^(http|ws)/.test(address)) {
      refuse("url", url, "http://host:port"); // localhost:8080 is an address, too: of a scheme that is called localhost
    }
    this.#base = baseOf(address);
    this.#url = (/\/ws(\?|$)/.test(address) ? address.href : `${this.#base}/v1/ws`).replace(/^http/, "ws");
    this.#rungs = [transport ?? TRANSPORTS].flat();
    const unknown = this.#rungs.find((name) => !TRANSPORTS.includes(name));
    if (unknown !== undefined || this.#rungs.length === 0) {
      refuse("transport", unknown, `some of ${TRANSPORTS}`);
    }
    this.#heardNow();
    if (token) {
      this.#token = new Token(this, host, token, () => feeds.now());
    }
  }

  get transport() {
    return this.#rungs[this.#rung];
  }

  send(frame) {
    this._eventId = null; // it is of what was wanted before, and resumes no key whose view was let go
    this.#link?.send(frame);
    this.#probe?.send(frame);
  }

  close() {
    this.#isClosed = true;
    this.#token?.close();
    [this.#retryTimer, this.#checkTimer, this.#probeTimer].forEach((timer) => this.#host.cancel(timer));
    this.#drop();
  }

  /** Connects, where something is watched and no pause is kept. */
  open() {
    if (this.#link || this.#retryTimer || this.#isClosed || this.#feeds._isIdle) {
      return;
    }
    this.#checkSoon();
    if (this.#token?.ask(() => this.open())) {
      return;
    }
    this.isWelcome = false;
    this.#heardNow();
    this.#link = this.#start(this.transport);
    this.#feeds._tell();
  }

  #start(name) {
    if (name === "websocket") {
      return new SocketLink(this, this.#host, this.#url);
    }
    const base = name === "poll" && this.moved ? baseOf(new URL(this.moved, this.#base)) : this.#base;
    const link = new HttpLink(this, this.#host, base, name);
    for (const subscription of this.#feeds._subscriptions()) {
      link.send(subscription.subscribeFrame(true));
    }
    return link;
  }

  /** A link speaks. */
  _heard(link, frame) {
    if (link === this.#probe && frame.op === "welcome") {
      const worse = this.#link;
      this.#link = link;
      this.#probe = null;
      this.#rung = this.#rungs.indexOf(link.rung);
      this.#tries = 0;
      worse?.close();
      this.#heardNow();
    }
    if (link !== this.#link) {
      return;
    }
    // What arrives behind a sleep was sent before it, so the link is not believed.
    if (this.#silent() >= DEAD_AFTER) {
      this.check();
      return;
    }
    this.#heardNow();
    if (frame.op === "welcome") {
      this.#welcome();
    } else if (frame.op === "bye") {
      this.#retryAfter = frame.retryAfter ?? 0;
      this.moved = frame.url ?? null;
      this.fault = { code: frame.reason, message: `the server ended the connection: ${frame.reason}` };
    }
    this.#feeds._receive(frame, link.rung);
    if (this.isWelcome) {
      this.#feeds._stale(null);
    }
    if (frame.op === "welcome") {
      this.#feeds._tell();
    }
  }

  get _token() {
    return this.#token?.held;
  }

  /** A link has ended by itself. */
  _ended(link, code, retryAfter = 0) {
    if (link === this.#probe) {
      this.#probe = null;
      this.#climb(this.#rungs.indexOf(link.rung) + 1);
    } else if (link === this.#link) {
      this.#retryAfter = Math.max(this.#retryAfter, retryAfter);
      this.#end(code);
    }
  }

  #welcome() {
    this.isWelcome = true;
    this.#welcomedAt = this.#host.now();
    this.fault = undefined;
    this._eventId = this.transport === "sse" ? this._eventId : null;
    this.#probeSoon();
  }

  // All clients of a network come back in one instant. Another network may let better rungs through.
  online() {
    this.#attempts = this.#probes = this.#tries = 0;
    if (!this.#link && !this.#isClosed) {
      this.#rung = 0;
      this.#retry(RETRY_FIRST);
    } else {
      this.#probeSoon();
    }
  }

  #end(code) {
    const isRefused = code === 4001 && this.#token;
    const polls = this.#rungs.indexOf("poll");
    if (code === 4012 && polls >= 0 && this.moved) {
      this.#rung = polls;
      this.lose();
    } else if ((isFinal(code) && !isRefused) || code === 4012) {
      this.fault ??= { code: String(code), message: `the server ended the connection: ${code}` };
      this.#feeds.close();
    } else {
      if (isRefused) {
        this.#token.forget();
      }
      this.lose(code);
    }
  }

  // A link that was welcome and is lost may be tried once more; then, and where none was, the next rung is. Whoever was
  // told to come again, or was refused by the server itself, has been let through: he stays. Below the last rung is the
  // first; pauses grow from there only, or who is back after a moment would wait as long as whoever tried in vain.
  lose(code) {
    const isFault = code !== undefined && !(code >= 4000) && code !== 1001 && this.#retryAfter === 0;
    const wasWelcome = this.isWelcome;
    if (wasWelcome && this.#host.now() - this.#welcomedAt >= DEAD_AFTER) {
      this.#attempts = this.#tries = 0;
      this.#probes = this.#rung === 0 ? 0 : this.#probes;
    }
    this.#drop();
    if (this.#isClosed) {
      return;
    }
    const isNext = isFault && (!wasWelcome || ++this.#tries > 1);
    if (isNext) {
      this.#tries = 0;
      this.#rung = (this.#rung + 1) % this.#rungs.length;
    }
    const most = code === undefined ? RETRY_FIRST : Math.min(RETRY_MAX, RETRY_FIRST * 2 ** this.#attempts);
    if (code !== undefined && (!isFault || (isNext && this.#rung === 0))) {
      this.#attempts++;
    }
    this.#feeds._lost();
    this.#retry(most);
  }

  #drop() {
    this.#link?.close();
    this.#probe?.close();
    this.#link = this.#probe = null;
    this.isWelcome = false;
  }

  // Full jitter: clients that lost one server must not meet at the next in the same instant.
  #retry(most) {
    this.#host.cancel(this.#retryTimer);
    const wait = this.#retryAfter + this.#host.random() * most;
    this.#retryAfter = 0;
    this.#retryTimer = this.#host.later(() => {
      this.#retryTimer = null;
      this.open();
    }, wait);
  }

  // The better rungs are tried after growing pauses, the best first, while the screen is kept current from below.
  #probeSoon() {
    this.#host.cancel(this.#probeTimer);
    if (this.#rung === 0 || this.#isClosed) {
      return;
    }
    const first = this.moved ? MOVED_PROBE : PROBE_FIRST;
    const wait = Math.min(PROBE_MAX, first * 2 ** this.#probes++) * (0.5 + this.#host.random());
    this.#probeTimer = this.#host.later(() => this.#climb(0), wait);
  }

  #climb(rung) {
    if (this.#probe || !this.isWelcome) {
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
    this.#checkTimer = this.#host.later(() => this.check(), CHECK_EVERY);
  }

  #heardNow() {
    this.#lastFrameAt = this.#host.now();
    this.#lastFrameClock = this.#host.clock();
  }

  // Some machines stop the one clock while they sleep, and the other is set by people.
  #silent() {
    return Math.max(this.#host.now() - this.#lastFrameAt, this.#host.clock() - this.#lastFrameClock);
  }

  /** Looks whether the link still speaks. */
  check() {
    if (this.#isClosed) {
      return;
    }
    // Without a watch nothing comes over HTTP, and nothing is missed.
    if (this.#feeds._isIdle && this.#link?.rung !== "websocket") {
      this.#drop();
      this.#heardNow();
      return;
    }
    const silent = this.#silent();
    if (silent >= (this.#link?.patience ?? STALE_AFTER)) {
      this.#feeds._silent(silent);
    }
    if (this.#link && silent >= (this.isWelcome ? DEAD_AFTER : OPEN_WITHIN)) {
      // Whoever slept lost every link, and no rung is to blame.
      this.lose(silent >= 2 * DEAD_AFTER ? undefined : 1006);
    }
    this.#checkSoon();
  }

  /** The page's function gave no token, or without a message: it gives them again. */
  _tokenFails(message) {
    if (message || this.fault?.code === "token") {
      this.fault = message && { code: "token", message };
      this.#feeds._tell();
    }
  }

  _renew(token) {
    this.#link?.authorize(token);
  }
}
