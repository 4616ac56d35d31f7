import { sendable } from "./fake.js";


/** A server as product.md's sections 6 and 7 describe it, in the moved time of a FakeHost; each way in can be blocked. */
export class FakeServer {
  blocked = new Set();
  cachedFor = 0; // seconds for which a cache on the way has kept what it answers with
  asked = []; // every request: { kind, path, headers }
  refused = null; // what HTTP answers instead: { status, code, retryAfter }, and where: `of` is how the path ends
  tokens = null; // those that are taken; null for all
  state = "live";
  missing = new Set(); // what stands between answers it with a page of its own
  missingStatus = 404;
  opensAfter = 5; // ms that a socket takes to connect
  delay = 0; // ms that an answer over HTTP is under way
  silent = false; // connections stay open and nothing comes
  hung = null; // which requests get nothing, or a head without its body: { of: RegExp, isBody }
  #views = new Map();
  #sockets = new Set();
  #streams = new Set();
  #waiting = new Set();
  #turn = 0;

  constructor(fake) {
    this.fake = fake;
    this.later = fake.host().later;
    fake.server = this;
    this.#tick();
  }

  get now() {
    return 9_000_000 + this.fake.time;
  }

  view(feed, key) {
    const name = `${feed}\0${key}`;
    if (!this.#views.has(name)) {
      this.#views.set(name, { feed, key, epoch: "t.1.a", version: 0, data: null, state: "blank", at: 0, pos: {} });
    }
    return this.#views.get(name);
  }

  change(feed, key, patch) {
    const view = this.view(feed, key);
    const base = view.version;
    view.version++;
    view.data = { ...view.data, ...patch };
    view.at = this.now;
    view.pos = { 0: (view.pos[0] ?? 0) + 1 };
    view.state = this.state;
    const { epoch, version, at, pos } = view;
    this.#tell(view, base === 0 ? { op: "snapshot", ...view, cause: "subscribe" } : { op: "delta", feed, key, epoch, base, version, data: patch, at, pos });
  }

  /** Another incarnation, which has come as far as it is told. */
  become(feed, key, changed) {
    Object.assign(this.view(feed, key), changed);
    this.#tell(this.view(feed, key), { op: "snapshot", ...this.view(feed, key), cause: "recovery" });
  }

  stateIs(feed, key, state, reason) {
    Object.assign(this.view(feed, key), { state, reason });
    this.#tell(this.view(feed, key), { op: "state", feed, key, state, reason });
  }

  /** Ends what is open of a kind, and lets nothing more of it through. */
  block(...names) {
    names.forEach((name) => this.blocked.add(name));
    for (const socket of [...this.#sockets].filter(() => this.blocked.has("websocket"))) {
      socket.end(1006);
    }
    for (const stream of [...this.#streams].filter(() => this.blocked.has("sse"))) {
      stream.fail();
    }
    for (const one of [...this.#waiting].filter(() => this.blocked.has("longpoll"))) {
      one.fail();
    }
  }

  free(...names) {
    names.forEach((name) => this.blocked.delete(name));
  }

  say(frame) {
    this.#sockets.forEach((socket) => socket.give(frame));
    this.#streams.forEach((stream) => stream.give(frame));
  }

  get sockets() {
    return [...this.#sockets];
  }

  get streams() {
    return [...this.#streams];
  }

  get open() {
    return { websocket: this.#sockets.size, sse: this.#streams.size, longpoll: this.#waiting.size };
  }

  connect(url) {
    this.asked.push({ kind: "websocket", path: url, at: this.fake.time });
    const subscriptions = new Map();
    const socket = {
      readyState: 0,
      give: (frame) => this.silent || socket.onmessage({ data: JSON.stringify(frame) }),
      wants: (name) => subscriptions.has(name),
      wanted: (name) => subscriptions.get(name),
      collections: (feed) => [...subscriptions.values()].filter((frame) => frame.keys && frame.feed === feed),
      end: (code) => {
        if (this.#sockets.delete(socket) || code === 1006) {
          socket.onclose({ code });
        }
      },
      close: () => this.#sockets.delete(socket),
      send: (text) => {
        const frame = JSON.parse(sendable(socket, text));
        const name = `${frame.feed}\0${frame.key ?? `\0${frame.id}`}`;
        if (frame.op === "auth") {
          this.asked.push({ kind: "auth", token: frame.token });
          this.#admit(socket, frame.token);
        } else if (frame.op === "subscribe" && frame.keys) {
          subscriptions.set(name, frame);
          socket.give({ op: "rows", ...this.#rows(frame.feed), id: frame.id });
        } else if (frame.op === "subscribe") {
          subscriptions.set(name, frame);
          this.#answer(frame, (one) => socket.give(one));
        } else if (frame.op === "unsubscribe") {
          subscriptions.delete(name);
        }
      },
    };
    this.later(() => {
      if (this.blocked.has("websocket")) {
        socket.end(1006);
        return;
      }
      this.#sockets.add(socket);
      socket.readyState = 1;
      socket.onopen();
      if (this.tokens === null) {
        this.#admit(socket);
      }
    }, this.opensAfter);
    return socket;
  }

  async fetch(address, { signal, headers }) {
    const url = new URL(address);
    const query = url.searchParams;
    const kind = url.pathname === "/v1/events" ? "sse" : query.has("wait") ? "longpoll" : "poll";
    this.asked.push({ kind, path: url.pathname + url.search, headers });
    if (this.blocked.has(kind) || this.blocked.has("http")) {
      throw new TypeError("fetch failed");
    }
    await new Promise((resolve) => (this.delay > 0 ? this.later(resolve, this.delay) : resolve()));
    if (this.hung?.of.test(url.pathname + url.search)) {
      return this.hung.isBody ? new Response(new ReadableStream(), { headers: { "AkkaFeeds-Now": this.now } }) : new Promise(() => {});
    }
    if (this.missing.has(kind)) {
      return new Response("<html>no</html>", { status: this.missingStatus });
    }
    if (this.refused && url.pathname.endsWith(this.refused.of ?? "")) {
      return problem(this.refused);
    }
    if (this.tokens !== null && !this.tokens.has(headers.Authorization?.slice("Bearer ".length))) {
      return problem({ status: 401, code: "unauthenticated" });
    }
    const subs = query.getAll("sub");
    if (subs.some((sub) => sub.startsWith("unknown:")) || subs.includes("f:bad")) {
      return problem({ status: 404, code: "unknown-feed" });
    }
    if (kind === "sse") {
      return this.#stream(query, headers["Last-Event-ID"], signal);
    }
    const [, , , feed, what] = url.pathname.split("/");
    const keys = query.getAll("key");
    if (feed === "unknown" || keys.includes("bad")) {
      return problem(feed === "unknown" ? { status: 404, code: "unknown-feed" } : { status: 400, code: "bad-key" });
    }
    if (what === "rows") {
      return this.#json(this.#rows(feed));
    }
    if (what === "snapshots") {
      return this.#json(keys.map((key) => this.view(feed, key)));
    }
    const isSame = query.get("after") === tagOf(this.view(feed, keys[0]));
    return isSame && (await this.#wait(this.view(feed, keys[0]), signal)) === "same"
      ? this.#respond(null, 304)
      : this.#json(this.view(feed, keys[0]));
  }

  #admit(socket, token) {
    if (this.tokens !== null && !this.tokens.has(token)) {
      socket.give({ op: "bye", code: 4001, reason: "token-expired" });
      socket.end(4001);
      return;
    }
    if (!socket.isAdmitted) {
      socket.isAdmitted = true;
      socket.give({ op: "welcome", session: "s", now: this.now, limits: {} });
    }
  }

  #answer({ feed, key, resume }, give) {
    const view = this.view(feed, key);
    if (resume && resume.epoch === view.epoch && resume.version === view.version) {
      give({ op: "resumed", feed, key, epoch: view.epoch, version: view.version });
      this.later(() => give({ op: "state", feed, key, state: view.state, reason: view.reason }), 1);
    } else if (resume?.pos && resume.epoch.split(".")[0] === view.epoch.split(".")[0] && view.pos[0] < resume.pos[0]) {
      // It knows what is shown, and is behind it.
      give({ op: "state", feed, key, state: "rebuilding", reason: "recovering" });
      this.later(() => this.#answer({ feed, key, resume }, give), 100);
    } else {
      give({ op: "snapshot", ...view, cause: "subscribe" });
    }
  }

  #stream(query, resume, signal) {
    const encoder = new TextEncoder();
    const [subs, rows] = [query.getAll("sub").map((sub) => sub.replace(":", "\0")), query.get("rows")];
    let stream;
    const body = new ReadableStream({
      start: (controller) => {
        const end = (act) => this.#streams.delete(stream) && act();
        stream = {
          rows,
          wants: (name) => subs.includes(name),
          id: () => subs.map((name) => `${name.replace("\0", "_")} ${this.#views.get(name).version}`).join(),
          write: (text) => this.silent || controller.enqueue(encoder.encode(text)),
          give: (frame, id) => stream.write(`event: ${frame.op}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(frame)}\n\n`),
          fail: () => end(() => controller.error(new TypeError("network error"))),
        };
        this.#streams.add(stream);
        signal.addEventListener("abort", () => stream.fail());
        stream.write(": hello\n\n");
        stream.give({ op: "welcome", session: "e", now: this.now, limits: {} });
        for (const name of subs) {
          const view = this.#views.get(name) ?? this.view(...name.split("\0"));
          this.#answer({ ...view, resume: resume && resume === stream.id() ? view : undefined }, (frame) => stream.give(frame));
        }
        if (rows) {
          stream.give({ op: "rows", ...this.#rows(rows), id: query.get("prefix") ?? "" });
        }
      },
      cancel: () => this.#streams.delete(stream),
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  }

  #wait(view, signal) {
    return new Promise((resolve, reject) => {
      const one = { view, resolve, fail: () => reject(new TypeError("network error")) };
      const leave = (act) => (result) => this.#waiting.delete(one) && act(result);
      one.resolve = leave(resolve);
      one.fail = leave(() => reject(new TypeError("network error")));
      this.#waiting.add(one);
      signal.addEventListener("abort", one.fail);
      this.later(() => this.silent || one.resolve("same"), 2_000);
    });
  }

  #tell(view, frame) {
    const name = `${view.feed}\0${view.key}`;
    for (const one of [...this.#sockets, ...this.#streams].filter((each) => each.wants(name))) {
      one.give(frame);
    }
    for (const one of [...this.#waiting].filter((each) => each.view === view)) {
      one.resolve("changed");
    }
    const rows = this.#rows(view.feed);
    for (const stream of [...this.#streams].filter((each) => each.rows === view.feed)) {
      stream.give({ op: "rows", ...rows, id: "" });
    }
    for (const socket of this.#sockets) {
      socket.collections(view.feed).forEach(({ id }) => socket.give({ op: "rows", ...rows, id }));
    }
  }

  #rows(feed) {
    const made = [...this.#views.values()].filter((view) => view.feed === feed && view.version > 0);
    const rows = Object.fromEntries(made.map(({ key, data }) => [key, data]));
    const version = made.reduce((sum, view) => sum + view.version, 0);
    return { feed, epoch: "r1", version, order: Object.keys(rows).sort(), rows, states: {}, total: made.length, at: Math.max(...made.map((view) => view.at), 0) };
  }

  #tick() {
    this.later(() => {
      this.#turn++;
      const feeds = Object.fromEntries([...this.#views.values()].map(({ feed }) => [feed, { at: this.now - 100, state: this.state }]));
      const progress = { op: "progress", feeds, now: this.now };
      [...this.#sockets].filter((socket) => socket.isAdmitted).forEach((socket) => socket.give(progress));
      for (const stream of this.#streams) {
        stream.give(progress, stream.id());
      }
      this.#tick();
    }, 1_000);
  }

  #json(value) {
    return this.#respond(JSON.stringify(value), 200);
  }

  #respond(body, status) {
    const made = this.now - 1_000 * this.cachedFor;
    const headers = { "AkkaFeeds-Now": made, "AkkaFeeds-Read": made - 100, "Content-Type": "application/json" };
    if (this.cachedFor > 0) {
      headers.Age = this.cachedFor;
    }
    return this.silent ? new Promise(() => {}) : new Response(body, { status, headers });
  }
}

function tagOf({ epoch, version, state }) {
  return `${epoch}-${version}${state === "live" ? "" : `-${state}`}`;
}

function problem({ status, code, retryAfter }) {
  const headers = retryAfter ? { "Retry-After": String(retryAfter) } : {};
  return new Response(JSON.stringify({ type: `/problems/${code}`, status, detail: code }), { status, headers });
}
