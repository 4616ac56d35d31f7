import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost } from "./fake.js";

// Each thing that a page gives, given wrong: the error names it, says what was found, and what is wanted. Of maxRate,
// limit, sort, prefix and id the server says it, in a frame that reaches onError.

const { connect } = await import(process.env.AKKAFEEDS_CLIENT ?? "../akkafeeds.js");

function start() {
  const fake = new FakeHost();
  return { fake, feeds: connect({ url: "http://x", transport: "websocket", host: fake.host() }) };
}

function refuses(act, message) {
  assert.throws(act, { name: "TypeError", message: `akkafeeds: ${message}` });
}

test("connect refuses what it cannot use", () => {
  const address = "give http://host:port";
  refuses(() => connect({ url: "localhost:8080" }), `url: localhost:8080: ${address}`);
  refuses(() => connect({ url: "example.org/feeds" }), `url: example.org/feeds: ${address}`);
  refuses(() => connect(), `url: undefined: ${address}`);
  const some = "give some of websocket,sse,longpoll,poll";
  refuses(() => connect({ url: "http://x", transport: "pigeon" }), `transport: pigeon: ${some}`);
  refuses(() => connect({ url: "http://x", transport: ["poll", "ws"] }), `transport: ws: ${some}`);
  refuses(() => connect({ url: "http://x", transport: [] }), `transport: undefined: ${some}`);
  refuses(() => connect({ url: "http://x", token: "secret" }), "token: string: give function");
  refuses(() => connect({ url: "http://x", onError: {} }), "onError: object: give function");
});

test("an address may have a path, and may be that of the WebSocket", () => {
  for (const [url, opened] of Object.entries({
    "http://x": "ws://x/v1/ws",
    "https://x:8080/": "wss://x:8080/v1/ws",
    "https://x/feeds": "wss://x/feeds/v1/ws",
    "https://x/feeds/": "wss://x/feeds/v1/ws",
    "wss://x/feeds/v1/ws": "wss://x/feeds/v1/ws",
    "ws://x/live/ws": "ws://x/live/ws",
  })) {
    const fake = new FakeHost();
    connect({ url, transport: "websocket", host: fake.host() }).watch("f", "k");
    assert.equal(fake.socket.url, opened);
    const asked = [];
    const host = { ...fake.host(), fetch: (path) => new Promise(() => asked.push(path)) };
    connect({ url, transport: "poll", host }).watch("f", "k");
    fake.advance(10);
    assert.equal(asked[0], `${opened.replace(/^ws/, "http").replace("/v1/ws", "")}/v1/feeds/f/snapshots?key=k`);
  }
});

test("a watch refuses what it cannot use, and nothing of it is left", () => {
  const { fake, feeds } = start();
  const wrong = {
    "feed: undefined: give string": () => feeds.watch(),
    "key: undefined: give string": () => feeds.watch("f"),
    "key: null: give string": () => feeds.watch("f", null),
    "key: number: give string": () => feeds.watch("f", 7),
    "key: 0: give string": () => feeds.watch("f", 0),
    "callback: object: give function": () => feeds.watch("f", "k", { fields: ["a"] }),
    "fields: string: give array": () => feeds.watch("f", "k", null, { fields: "a" }),
    "signal: function: give object": () => feeds.watch("f", "k", null, { signal: () => {} }),
    "onError: string: give function": () => feeds.watch("f", "k", null, { onError: "log" }),
    "onNotice: string: give function": () => feeds.watch("f", "k", null, { onNotice: "log" }),
  };
  for (const [message, act] of Object.entries(wrong)) {
    refuses(act, message);
  }
  fake.advance(1_000);
  assert.deepEqual([fake.sockets.length, feeds.current("f", "k"), fake.errors.length], [0, undefined, 0]);
});

test("a collection refuses what it cannot use, and nothing of it is left", () => {
  const { fake, feeds } = start();
  const wrong = {
    "feed: object: give string": () => feeds.watchAll({ sort: "a" }),
    "query: function: give object": () => feeds.watchAll("f", () => {}),
    "fields: string: give array": () => feeds.watchAll("f", { fields: "a" }),
    "callback: object: give function": () => feeds.watchAll("f", {}, { signal: null }),
  };
  for (const [message, act] of Object.entries(wrong)) {
    refuses(act, message);
  }
  fake.advance(1_000);
  assert.deepEqual([fake.sockets.length, fake.errors.length], [0, 0]);
});

test("what is left out, or null, is left out", () => {
  const { fake, feeds } = start();
  feeds.watch("f", "k", null, { fields: null, maxRate: undefined, signal: null, onError: null });
  feeds.watchAll("f", { fields: undefined, id: null }, null);
  feeds.watchAll("f", undefined, async () => {});
  assert.deepEqual([fake.sockets.length, fake.errors], [1, []]);
});
