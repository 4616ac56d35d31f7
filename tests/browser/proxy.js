// Stands between the page and the server, and lets through what it is told: a network that knows no WebSocket, say.
import { createServer, request } from "node:http";
import { connect } from "node:net";

const kindOf = (url) => url.startsWith("/v1/ws") ? "websocket" : url.startsWith("/v1/events") ? "sse"
  : url.includes("wait=") ? "longpoll" : "http";

export class Proxy {
  #blocked = new Set();
  #open = new Map(); // socket of the page -> what it is used for
  #server = null;
  #target;
  counts = { websocket: 0, sse: 0, longpoll: 0, http: 0 }; // what was let through

  constructor(target) {
    this.#target = new URL(target);
  }

  async start() {
    this.#server = createServer((from, to) => this.#pass(from, to));
    this.#server.on("upgrade", (from, socket, head) => this.#upgrade(from, socket, head));
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.base = `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Cuts what is open of a kind, and lets no more of it through. */
  block(...kinds) {
    kinds.forEach((kind) => this.#blocked.add(kind));
    for (const [socket, kind] of this.#open) {
      if (this.#blocked.has(kind)) {
        socket.destroy();
      }
    }
    return Date.now();
  }

  free(...kinds) {
    kinds.forEach((kind) => this.#blocked.delete(kind));
    return Date.now();
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
    [...this.#open.keys()].forEach((socket) => socket.destroy());
  }

  #isLetThrough(socket, url) {
    const kind = kindOf(url);
    if (this.#blocked.has(kind)) {
      socket.destroy();
      return false;
    }
    this.counts[kind]++;
    this.#open.set(socket, kind);
    return true;
  }

  #pass(from, to) {
    const { socket } = from;
    if (!this.#isLetThrough(socket, from.url)) {
      return;
    }
    const { hostname, port } = this.#target;
    const { method, url: path, headers } = from;
    const on = request({ hostname, port, method, path, headers }, (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    });
    on.on("error", () => socket.destroy());
    to.on("close", () => {
      on.destroy();
      this.#open.delete(socket);
    });
    from.pipe(on);
  }

  #upgrade(from, socket, head) {
    if (!this.#isLetThrough(socket, from.url)) {
      return;
    }
    const on = connect(Number(this.#target.port), this.#target.hostname, () => {
      const lines = from.rawHeaders.reduce((all, text, at) => all + (at % 2 === 0 ? `${text}: ` : `${text}\r\n`), "");
      on.write(`${from.method} ${from.url} HTTP/1.1\r\n${lines}\r\n`);
      on.write(head);
      on.pipe(socket).pipe(on);
    });
    const end = () => {
      this.#open.delete(socket);
      on.destroy();
      socket.destroy();
    };
    [on, socket].forEach((one) => one.on("error", end).on("close", end));
  }
}
