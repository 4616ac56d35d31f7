// The rungs over HTTP. They take the client's frames and give the server's, as if they were the WebSocket.
import { nameOf } from "./akkafeeds-views.js";

const STREAM_PATIENCE = 2_500; // progress comes each second
const POLL_EVERY = 2_000; // also how long a long poll waits: a connection that is dead for 3 s has to be seen
const POLL_PATIENCE = 2_700;
const CHANGES_EVERY = 250; // a key that never rests is asked for no more often
const LONG_POLLS = 3; // of six connections that a browser has for a server without HTTP/2; what is above is polled
const QUERY_BYTES = 6_000; // servers take a request line of 8 KB
const SNAPSHOTS = 100;
const STREAM_DEAD = 12_000; // a comment comes each 10 s
const ANSWER_WITHIN = 8_000; // longer than patience ever is: what takes so long is stale

/** Event streams, long polls or polls over HTTP. What a rung cannot carry is polled. */
export class HttpLink {
  patience;
  #core;
  #host;
  #base;
  #wanted = new Map(); // name -> { request, turn, last }
  #turns = 0;
  #channels = new Map(); // id -> AbortController
  #planTimer;
  #isWelcome = false;
  #isClosed = false;
  #bye;

  constructor(core, host, base, rung) {
    this.#core = core;
    this.#host = host;
    this.#base = base;
    this.rung = rung;
    this.patience = rung === "sse" ? STREAM_PATIENCE : POLL_PATIENCE;
  }

  /** A subscribe that comes again wants all of it again, also where it was unsubscribed in between. */
  send(request) {
    const { op } = request;
    const name = nameOf(request);
    if (op === "subscribe") {
      this.#wanted.set(name, { request, turn: ++this.#turns, last: null });
    } else if (op === "unsubscribe") {
      this.#wanted.delete(name);
    }
    this.#planTimer ??= this.#host.later(() => this.#plan(), 0);
  }

  /** The next requests carry the new token; a stream is begun again with it, where it was. */
  authorize() {
    if (this.rung === "sse") {
      this.#stop();
      this.#plan();
    }
  }

  close() {
    this.#isClosed = true;
    this.#host.cancel(this.#planTimer);
    this.#stop();
  }

  #stop() {
    this.#channels.forEach((channel) => channel.abort());
    this.#channels.clear();
  }

  // One stream has all keys and one collection, another one more: three tabs of a page have six connections.
  #plan() {
    this.#planTimer = null;
    const channels = new Map();
    const polled = [];
    const streams = this.rung === "sse" ? [[], []] : [];
    let bytes = 0;
    for (const one of this.#wanted.values()) {
      const isRows = one.request.key === undefined;
      bytes += isRows ? 0 : subQuery(one).length + 1;
      const stream = isRows ? streams.find((some) => !some.some(isCollection)) : bytes < QUERY_BYTES && streams[0];
      if (!one.isPolled && stream) {
        stream.push(one);
      } else if (!one.isPolled && this.rung === "longpoll" && !isRows && channels.size < LONG_POLLS) {
        channels.set(`${subQuery(one)} ${one.turn}`, (signal) => this.#longPoll(one, signal));
      } else {
        polled.push(one);
      }
    }
    for (const some of streams.filter((each) => each.length > 0)) {
      const query = some.map((one) => (isCollection(one) ? `rows=${encodeURIComponent(one.request.feed)}&${rowsQuery(one.request)}` : subQuery(one))).join("&");
      channels.set(`${query} ${some.map(({ turn }) => turn)}`, (signal) => this.#stream(query, signal, some));
    }
    if (polled.length > 0) {
      const id = polled.map(({ request, turn }) => JSON.stringify([request, turn])).join();
      channels.set(id, (signal) => this.#poll(polled, signal));
    }
    for (const [id, channel] of this.#channels) {
      if (!channels.has(id)) {
        channel.abort();
        this.#channels.delete(id);
      }
    }
    for (const [id, run] of channels) {
      if (!this.#channels.has(id)) {
        this.#run(id, run);
      }
    }
  }

  async #run(id, run) {
    const channel = new AbortController();
    this.#channels.set(id, channel);
    try {
      await run(channel.signal);
    } catch (error) {
      if (!channel.signal.aborted) {
        this.#end(error.code ?? 1006, error.retryAfter);
      }
    }
  }

  #end(code, retryAfter) {
    if (!this.#isClosed) {
      this.close();
      this.#core._ended(this, this.#bye ?? code, retryAfter);
    }
  }

  // A stream is refused whole for one bad key: polls find out which.
  async #stream(query, signal, streamed) {
    const rows = streamed.find(isCollection);
    const hasKeys = streamed.some((one) => one !== rows);
    const resume = hasKeys && this.#core._eventId;
    let answer;
    try {
      [answer] = await this.#within(ANSWER_WITHIN, this.#get(`/v1/events?${query}`, signal, {
        Accept: "text/event-stream", ...(resume && { "Last-Event-ID": resume }),
      }));
    } catch (error) {
      if (!error.isRefusal) {
        throw error;
      }
      streamed.forEach((one) => (one.isPolled = true));
      return this.#plan();
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await this.#within(STREAM_DEAD, reader.read());
      if (done) {
        return this.#end(1006);
      }
      const events = (text + value).split(/\r?\n\r?\n/);
      text = events.pop();
      events.forEach((event) => this.#event(event, rows, hasKeys));
    }
  }

  #event(text, rows, hasKeys) {
    const { event: op, data, id } = Object.fromEntries(text.split(/\r?\n/).map((line) => /^(\w*):? ?(.*)/.exec(line).slice(1)));
    if (!data) {
      return;
    }
    const frame = { ...JSON.parse(data), op };
    if (op === "bye") {
      this.#bye = frame.code;
    }
    this.#give(op === "rows" ? { ...frame, id: rows.request.id } : frame);
    if (id && hasKeys && !this.#planTimer) {
      this.#core._eventId = id;
    }
  }

  async #longPoll(one, signal) {
    const path = `${feedPath(one)}key?${keyQuery(one)}`;
    while (!one.isRefused) {
      const begun = this.#host.now();
      await this.#ask(path + (one.tag ? `&after=${one.tag}&wait=${POLL_EVERY / 1000}s` : ""), [one], signal);
      await this.#wait(Math.max(0, begun + CHANGES_EVERY - this.#host.now()), signal);
    }
  }

  async #poll(polled, signal) {
    for (;;) {
      const groups = new Map();
      for (const one of polled.filter((each) => !each.isRefused)) {
        const { feed, key } = one.request;
        const all = groups.get(feed) ?? groups.set(feed, { keys: [], rows: [] }).get(feed);
        (key === undefined ? all.rows : all.keys).push(one);
      }
      // The pause runs beside the answers: one that is told to come later must not make the others old.
      const asked = [this.#wait(POLL_EVERY * (0.9 + 0.1 * this.#host.random()), signal)];
      for (const { keys, rows } of groups.values()) {
        asked.push(keys.length > 0 && this.#snapshots(keys, signal));
        asked.push(...rows.map((one) => this.#ask(`${feedPath(one)}rows?${rowsQuery(one.request)}`, [one], signal)));
      }
      await Promise.all(asked);
    }
  }

  #snapshots(some, signal) {
    const query = some.map(keyQuery).join("&");
    return some.length > SNAPSHOTS || (query.length > QUERY_BYTES && some.length > 1)
      ? this.#halves(some, signal)
      : this.#ask(`${feedPath(some[0])}snapshots?${query}`, some, signal);
  }

  #halves(some, signal) {
    const half = some.length >> 1;
    return Promise.all([some.slice(0, half), some.slice(half)].map((each) => this.#snapshots(each, signal)));
  }

  // Gives what an answer says of those who were asked for.
  async #ask(path, asked, signal) {
    const { feed } = asked[0].request;
    const begun = this.#host.now();
    try {
      const [answer, views] = await this.#within(ANSWER_WITHIN, this.#get(path, signal));
      this.#took(this.#host.now() - begun - (path.includes("&wait=") ? POLL_EVERY : 0));
      asked.forEach((one, index) => this.#view(one, views[index]));
      this.#read(answer, feed, views.length > 0 ? worst(views) : undefined);
    } catch (error) {
      const { code, message, retryAfter, isRefusal } = error;
      if (code === "not-ready" || code === "rate") {
        for (const one of asked) {
          one.tag = one.last = null;
          const { key, id } = one.request;
          this.#give({ op: "state", feed, key, id, state: "rebuilding", reason: "recovering" });
        }
        await this.#wait(retryAfter, signal);
      } else if (!isRefusal) {
        throw error;
      } else if (asked.length > 1) {
        await this.#halves(asked, signal); // one bad key must not take the others with it
      } else {
        asked[0].isRefused = true;
        const { key, id } = asked[0].request;
        this.#give({ op: "error", feed, key, id, code, message });
      }
    }
  }

  // On a slow way an answer may take longer than the pause in between; nothing is stale for that.
  #took(milliseconds) {
    if (this.rung !== "sse") {
      this.patience = POLL_PATIENCE + Math.min(5_000, Math.max(0, milliseconds));
    }
  }

  // What is as it was is not told again. Another server's, or a cache's, older rows are not shown.
  #view(one, view) {
    const { key, id } = one.request;
    const text = view && JSON.stringify(view);
    const isOlder = key === undefined && one.last?.epoch === view.epoch && view.version < one.last.version;
    if (!view || isOlder || one.last?.text === text) {
      this.#give({ op: "resumed", feed: one.request.feed, key, id });
      return;
    }
    const { epoch, version, state } = view;
    one.tag = `${epoch}-${version}${state === "live" ? "" : `-${state}`}`;
    one.last = { text, epoch, version };
    this.#give({ op: key === undefined ? "rows" : "snapshot", ...view, id });
  }

  #read(answer, feed, state) {
    const [made, at, kept] = ["AkkaFeeds-Now", "AkkaFeeds-Read", "Age"].map((name) => Number(answer.headers.get(name)));
    if (made > 0) {
      // A cache on the way may have kept it for seconds.
      this.#give({ op: "progress", now: made + 1_000 * kept, feeds: { [feed]: { at, state } } });
    }
  }

  #give(frame) {
    // Each stream has a welcome, a poll has none: the first word is the welcome of all.
    const isWelcome = frame.op === "welcome";
    if (this.#isClosed || (isWelcome && this.#isWelcome)) {
      return;
    }
    if (!this.#isWelcome) {
      this.#isWelcome = true;
      isWelcome || this.#core._heard(this, { op: "welcome" });
    }
    const fields = this.#wanted.get(nameOf(frame))?.request.fields;
    const data = fields && frame.data && frame.op !== "notice" ? pick(frame.data, fields) : frame.data;
    this.#core._heard(this, { ...frame, data });
  }

  // What hangs ends the link: it would stay live for as long as another channel speaks.
  #within(limit, answer) {
    const timer = this.#host.later(() => this.#end(1006), limit);
    return answer.finally(() => this.#host.cancel(timer));
  }

  // An answer, and what it says unless it is a stream.
  async #get(path, signal, headers) {
    const token = this.#core._token;
    const answer = await this.#host.fetch(this.#base + path, {
      signal, cache: "no-store", headers: { ...headers, ...(token && { Authorization: `Bearer ${token}` }) },
    });
    if (answer.ok || answer.status === 304) {
      return [answer, headers || answer.status === 304 ? [] : [await answer.json()].flat()];
    }
    throw await failure(answer);
  }

  #wait(milliseconds, signal) {
    return new Promise((resolve, reject) => {
      this.#host.later(() => (signal.aborted ? reject(signal.reason) : resolve()), milliseconds);
    });
  }
}

// A problem with a name is the server's own word; anything else may come from what stands between.
async function failure(answer) {
  const problem = await answer.json().catch(() => ({}));
  const code = /^\/problems\/(.+)/.exec(problem.type)?.[1];
  const isLater = code === "not-ready" || code === "rate" || code === "limit";
  return {
    code: { 401: 4001, 403: code && 4003 }[answer.status] ?? code ?? 1006,
    isRefusal: /^(bad-|unknown-f|too-large)/.test(code),
    message: problem.detail,
    retryAfter: Number(answer.headers.get("Retry-After")) * 1000 || (isLater ? 1_000 : 0),
  };
}

function feedPath({ request }) {
  return `/v1/feeds/${encodeURIComponent(request.feed)}/`;
}

function isCollection({ request }) {
  return request.key === undefined;
}

function subQuery({ request }) {
  return `sub=${encodeURIComponent(`${request.feed}:${request.key}`)}`;
}

function keyQuery({ request }) {
  return `key=${encodeURIComponent(request.key)}`;
}

function rowsQuery({ prefix, fields, sort, limit }) {
  const given = Object.entries({ prefix, fields: fields?.join(), sort, limit }).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given).toString();
}

// A feed is as good as the worst of what was seen of it.
function worst(views) {
  const seen = views.flatMap(({ state, states }) => [state, ...Object.values(states ?? {})]);
  return ["stale", "rebuilding", "partial"].find((state) => seen.includes(state)) ?? "live";
}

function pick(data, fields) {
  return Object.fromEntries(Object.entries(data).filter(([name]) => fields.includes(name)));
}
