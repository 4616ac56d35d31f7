// The bearer token of a page: asked for before it is needed, and again ahead of its expiry.

const ANSWER_WITHIN = 10_000;
const RETRY_FIRST = 1_000;
const RETRY_MAX = 30_000;
const TIMER_MAX = 2 ** 31 - 1; // what a browser's timers can hold

export class Token {
  #core;
  #host;
  #get;
  #now;
  #then;
  #timer;
  #isAsking = false;
  #isClosed = false;
  #failures = 0;
  #expiry = NaN;
  held;

  constructor(core, host, get, now) {
    this.#core = core;
    this.#host = host;
    this.#get = get;
    this.#now = now;
  }

  /** Whether one has to be waited for; then the act is done as soon as it is there. */
  ask(then) {
    if (this.held && !(this.#now() >= this.#expiry)) {
      return false;
    }
    this.#then = then;
    if (!this.#timer) {
      this.#refresh();
    }
    return true;
  }

  /** The server did not take it. */
  forget() {
    this.held = undefined;
    this.#host.cancel(this.#timer);
    this.#timer = null;
  }

  close() {
    this.#isClosed = true;
    this.#host.cancel(this.#timer);
  }

  async #refresh() {
    if (this.#isAsking || this.#isClosed) {
      return;
    }
    this.#isAsking = true;
    this.#timer = null;
    try {
      this.#took(await this.#answer());
    } catch (error) {
      if (!this.#isClosed) {
        const wait = Math.min(RETRY_MAX, RETRY_FIRST * 2 ** this.#failures++) * (0.5 + this.#host.random() / 2);
        this.#timer = this.#host.later(() => this.#refresh(), wait);
        this.#core._tokenFails(`the page's token: ${error.message ?? error}`);
      }
    } finally {
      this.#isAsking = false;
    }
  }

  async #answer() {
    let timer;
    const late = new Promise((_, reject) => {
      timer = this.#host.later(() => reject(new Error(`no answer within ${ANSWER_WITHIN / 1000} s`)), ANSWER_WITHIN);
    });
    try {
      const token = await Promise.race([this.#get(), late]);
      if (typeof token !== "string" || token === "") {
        throw new Error("the function gave none");
      }
      return token;
    } finally {
      this.#host.cancel(timer);
    }
  }

  // A token that does not say when it expires is asked for anew when the server refuses it.
  #took(token) {
    if (this.#isClosed) {
      return;
    }
    const isFirst = !this.held;
    this.held = token;
    this.#failures = 0;
    this.#expiry = expiryOf(token);
    const left = this.#expiry - this.#now();
    if (left > 0) {
      const wait = Math.min(TIMER_MAX, left * (0.75 + 0.1 * this.#host.random()));
      this.#timer = this.#host.later(() => this.#refresh(), wait);
    }
    this.#core._tokenFails();
    if (!isFirst) {
      this.#core._renew(token);
    }
    const then = this.#then;
    this.#then = null;
    then?.();
  }
}

function expiryOf(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;
  } catch {
    return NaN;
  }
}
