/** A world for the client in which time stands still until it is moved, and sockets are objects. */
export class FakeHost {
  time = 1_000;
  slept = 0; // ms for which this machine's steady clock stood still
  server = null;
  hidden = false;
  frozen = false; // no animation frame comes
  sockets = [];
  errors = [];
  random = () => 0.5;
  #timers = new Map();
  #events = new Map();
  #ids = 0;

  host() {
    return {
      now: () => this.time,
      clock: () => 5_000_000 + this.time + this.slept,
      later: (act, milliseconds) => this.#timer(act, milliseconds),
      cancel: (id) => this.#timers.delete(id),
      frame: (act) => this.#timer(act, this.frozen ? 50 : 16),
      isHidden: () => this.hidden,
      open: (url, protocol) => (this.server ? this.server.connect(url) : this.#socket(url, protocol)),
      fetch: (url, options) => this.server.fetch(url, options),
      random: () => this.random(),
      listen: (name, act, signal) => {
        this.#events.set(name, act);
        signal.addEventListener("abort", () => this.#events.delete(name));
      },
      report: (error) => this.errors.push(error),
    };
  }

  get socket() {
    return this.sockets.at(-1);
  }

  fire(name) {
    this.#events.get(name)?.();
  }

  advance(milliseconds) {
    const end = this.time + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
      if (!due) {
        break;
      }
      this.#timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].act();
    }
    this.time = end;
  }

  /** Moves time in steps, so that promises and streams come as far as they can in between. */
  async pass(milliseconds, step = 50) {
    for (const end = this.time + milliseconds; this.time < end; ) {
      this.advance(Math.min(step, end - this.time));
      await settled();
    }
  }

  get listening() {
    return [...this.#events.keys()];
  }

  #timer(act, milliseconds) {
    this.#timers.set(++this.#ids, { at: this.time + milliseconds, act });
    return this.#ids;
  }

  #socket(url, protocol) {
    let opened;
    const socket = {
      url,
      protocol,
      sent: [],
      closed: false,
      readyState: 0,
      get onopen() {
        return opened;
      },
      set onopen(act) {
        opened = () => {
          socket.readyState = 1;
          act();
        };
      },
      send: (text) => socket.sent.push(JSON.parse(sendable(socket, text))),
      close: () => (socket.closed = true),
      /** The server speaks. */
      say: (...frames) => frames.forEach((frame) => socket.onmessage({ data: JSON.stringify(frame) })),
      take: (op) => {
        const found = socket.sent.filter((frame) => frame.op === op);
        socket.sent = socket.sent.filter((frame) => frame.op !== op);
        return found;
      },
    };
    this.sockets.push(socket);
    return socket;
  }
}

/** A browser's socket throws at what is sent before it is open. */
export function sendable({ readyState }, text) {
  if (readyState === 0) {
    throw new DOMException("Still in CONNECTING state.", "InvalidStateError");
  }
  return text;
}

export async function settled() {
  for (let turn = 0; turn < 6; turn++) {
    await new Promise(setImmediate);
  }
}

export const welcome = (now) => ({ op: "welcome", session: "s", now, limits: { subscriptions: 128, frameBytes: 16384 } });

export const snapshot = (version, data, more) => ({
  op: "snapshot", feed: "f", key: "k", epoch: "t.1.1a", version, data, state: "live", at: 1_000, pos: { 0: version }, cause: "subscribe", ...more,
});

export const delta = (base, version, data, more) => ({
  op: "delta", feed: "f", key: "k", epoch: "t.1.1a", base, version, data, at: 1_000, pos: { 0: version }, ...more,
});
