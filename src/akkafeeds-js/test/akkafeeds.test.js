import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { FakeHost, delta, settled, snapshot, welcome } from "./fake.js";

const { connect, mergePatch } = await import(process.env.AKKAFEEDS_CLIENT ?? "../akkafeeds.js");

function start(options = {}) {
  const fake = new FakeHost();
  const feeds = connect({ url: "ws://x/v1/ws", transport: "websocket", host: fake.host(), ...options });
  return { fake, feeds };
}

function watchOne(options) {
  const { fake, feeds } = start();
  const seen = [];
  const watch = feeds.watch("f", "k", (view) => seen.push(view), options);
  fake.socket.onopen();
  fake.socket.say(welcome(9_000));
  return { fake, feeds, watch, seen };
}

test("hello comes first, subscribes follow the welcome", () => {
  const { fake } = watchOne();
  assert.deepEqual(fake.socket.sent.map((frame) => frame.op), ["hello", "subscribe"]);
  assert.equal(fake.socket.protocol, "akkafeeds.v1");
  assert.deepEqual(fake.socket.sent[0], { op: "hello", marks: true });
});

test("a token is asked for before it is needed, and sent behind hello", async () => {
  const { fake, feeds } = start({ token: async () => "secret" });
  feeds.watch("f", "k");
  assert.equal(fake.sockets.length, 0);
  await settled();
  fake.socket.onopen();
  assert.deepEqual(fake.socket.sent.map((frame) => frame.op), ["hello", "auth"]);
});

test("snapshot and deltas are shown once a frame, and a view stays the same object until something changes", () => {
  const { fake, watch, seen } = watchOne();
  fake.socket.say(snapshot(1, { a: 1, b: { x: 1, y: 2 } }), delta(1, 2, { a: 2, b: { x: null } }));
  fake.advance(20);
  assert.equal(seen.length, 1);
  assert.deepEqual(seen[0].data, { a: 2, b: { y: 2 } });
  assert.deepEqual(seen[0].changed, ["a", "b.x"]);
  assert.equal(watch.current, watch.current);
  fake.advance(100);
  assert.equal(seen.length, 1);
});

test("what is old is dropped, a gap is asked for whole, another epoch too", () => {
  const { fake, watch } = watchOne();
  fake.socket.say(snapshot(5, { a: 5 }), delta(3, 5, { a: 0 }));
  assert.equal(watch.current.data.a, 5);
  fake.socket.take("subscribe");
  fake.socket.say(delta(7, 8, { a: 8 }));
  const [again] = fake.socket.take("subscribe");
  assert.equal(again.resume, undefined);
  assert.equal(watch.current.version, 5);
  fake.socket.say(delta(5, 6, { a: 6 }, { epoch: "t.1.2b" }));
  assert.equal(fake.socket.take("subscribe").length, 1);
  fake.socket.say(delta(4, 7, { a: 7 }));
  assert.equal(watch.current.data.a, 7);
});

test("state frames replace everything that explains the state, deltas change nothing of it", () => {
  const { fake, watch } = watchOne();
  fake.socket.say(snapshot(1, { a: 1 }, { state: "stale", reason: "store-down", since: 5, missing: ["t/1"] }), delta(1, 2, { a: 2 }));
  assert.equal(watch.current.reason, "store-down");
  fake.socket.say({ op: "state", feed: "f", key: "k", state: "rebuilding", reason: "recovering", since: 7, progress: 0.5 });
  assert.deepEqual([watch.current.state, watch.current.progress, watch.current.missing], ["rebuilding", 0.5, undefined]);
  fake.socket.say({ op: "state", feed: "f", key: "k", state: "live" });
  assert.deepEqual([watch.current.state, watch.current.reason], ["live", undefined]);
});

test("a silent connection is stale within three seconds and replaced after ten", () => {
  const { fake, watch } = watchOne();
  fake.socket.say(snapshot(1, { a: 1 }));
  fake.advance(2_400);
  assert.equal(watch.current.state, "live");
  fake.advance(1_100);
  assert.deepEqual([watch.current.state, watch.current.reason], ["stale", "connection"]);
  assert.equal(watch.current.data.a, 1);
  fake.socket.say({ op: "progress", feeds: { f: { at: 9_000, state: "live" } }, now: 12_000 });
  assert.equal(watch.current.state, "live");
  fake.advance(10_600);
  assert.equal(fake.sockets[0].closed, true);
  fake.advance(1_000);
  assert.equal(fake.sockets.length, 2);
});

test("a lost connection is stale at once, and resumes with what is held", () => {
  const { fake, watch } = watchOne();
  fake.socket.say(snapshot(1, { a: 1 }), delta(1, 4, { a: 4 }, { pos: { 0: 9, 1: 3 } }));
  fake.socket.onclose({ code: 1006 });
  assert.equal(watch.current.reason, "connection");
  fake.advance(600);
  fake.socket.onopen();
  fake.socket.say(welcome(20_000));
  const [subscribe] = fake.socket.take("subscribe");
  assert.deepEqual(subscribe.resume, { epoch: "t.1.1a", version: 4, pos: { 0: 9, 1: 3 } });
  assert.equal(watch.current.reason, "connection", "what was held is old until the server has answered for it");
  fake.socket.say({ op: "resumed", feed: "f", key: "k", epoch: "t.1.1a", version: 4 });
  assert.equal(watch.current.state, "live");
});

test("bye says when to come back, and codes that are final end the client", () => {
  const { fake } = watchOne();
  fake.socket.say({ op: "bye", code: 1001, reason: "going-away", retryAfter: 3_000 });
  fake.socket.onclose({ code: 1001 });
  fake.advance(3_100);
  assert.equal(fake.sockets.length, 1);
  fake.advance(300);
  assert.equal(fake.sockets.length, 2);
  for (const code of [1008, 1009, 4000, 4001, 4003, 4007, 4012]) {
    const { fake: other, watch } = watchOne();
    other.socket.onclose({ code });
    other.advance(60_000);
    assert.equal(other.sockets.length, 1, `code ${code}`);
    assert.equal(watch.current.state, "stale");
  }
  for (const code of [1001, 1006, 4008, 4009, 4011]) {
    const { fake: other } = watchOne();
    other.socket.onclose({ code });
    other.advance(1_000);
    assert.equal(other.sockets.length, 2, `code ${code}`);
  }
});

test("marks are answered behind the paint, on the server's clock; a hidden page answers at once", () => {
  const { fake } = watchOne();
  fake.socket.say({ op: "mark", mark: 3 });
  assert.equal(fake.socket.take("rendered").length, 0);
  fake.advance(20);
  assert.deepEqual(fake.socket.take("rendered"), [{ op: "rendered", mark: 3, at: 9_016 }]);
  fake.hidden = true;
  fake.socket.say({ op: "mark", mark: 4 });
  assert.deepEqual(fake.socket.take("rendered"), [{ op: "rendered", mark: 4 }]);
});

test("age is measured on the server's clock and never below zero", () => {
  const { fake, watch } = watchOne();
  assert.equal(watch.age(), null);
  fake.socket.say(snapshot(1, { a: 1 }, { at: 8_500 }));
  assert.equal(watch.age(), 500);
  fake.socket.say({ op: "progress", feeds: { f: { at: 8_900, state: "live" } }, now: 9_000 });
  assert.equal(watch.age(), 100);
  fake.advance(400);
  assert.equal(watch.age(), 500);
  fake.socket.say({ op: "progress", feeds: { f: { at: 99_000, state: "live" } }, now: 9_400 });
  assert.equal(watch.age(), 0);
});

test("watches of one key share a subscription, with the union of their fields", () => {
  const { fake, feeds, watch } = watchOne({ fields: ["a"] });
  assert.deepEqual(fake.socket.take("subscribe")[0].fields, ["a"]);
  const same = feeds.watch("f", "k", null, { fields: ["a"] });
  assert.equal(fake.socket.take("subscribe").length, 0);
  const wider = feeds.watch("f", "k", null, { fields: ["b"] });
  assert.deepEqual(fake.socket.take("subscribe")[0].fields, ["a", "b"]);
  const all = feeds.watch("f", "k");
  assert.equal(fake.socket.take("subscribe")[0].fields, undefined);
  for (const one of [same, wider, all]) {
    one.close();
  }
  assert.equal(fake.socket.take("unsubscribe").length, 0);
  watch.close();
  watch.close();
  assert.equal(fake.socket.take("unsubscribe").length, 1);
});

test("a watch that wants a key more often than was asked for asks again, no other does", () => {
  const { fake, feeds, watch } = watchOne({ maxRate: 2, fields: ["a"] });
  const rates = () => fake.socket.take("subscribe").map(({ maxRate, fields }) => [maxRate, fields.join()]);
  const more = (maxRate) => feeds.watch("f", "k", null, { maxRate, fields: ["a"] });
  assert.deepEqual(rates(), [[2, "a"]]);
  more(1);
  more(2);
  assert.deepEqual(rates(), []);
  more(4);
  assert.deepEqual(rates(), [[4, "a"]]);
  const unlimited = more(undefined);
  assert.deepEqual(rates(), [[undefined, "a"]], "without a rate there is no limit");
  more(1_000);
  unlimited.close();
  watch.close();
  more(undefined);
  assert.deepEqual(rates(), [], "what was asked for last is enough");
  feeds.watch("f", "k", null, { maxRate: 1, fields: ["b"] });
  assert.deepEqual(rates(), [[undefined, "a,b"]]);
});

test("a connection that is new asks for what is wanted by then", () => {
  const { fake, feeds } = watchOne({ maxRate: 2, fields: ["a"] });
  feeds.watch("f", "k", null, { fields: ["b"] }).close();
  fake.socket.onclose({ code: 1006 });
  fake.advance(600);
  fake.socket.onopen();
  fake.socket.say(welcome(20_000));
  const [{ maxRate, fields }] = fake.socket.take("subscribe");
  assert.deepEqual([maxRate, fields], [2, ["a"]]);
  feeds.watch("f", "k", null, { maxRate: 3, fields: ["a"] });
  assert.equal(fake.socket.take("subscribe")[0].maxRate, 3);
});

test("an abort signal and Symbol.dispose end a watch", () => {
  const { fake, feeds } = start();
  const abort = new AbortController();
  feeds.watch("f", "a", null, { signal: abort.signal });
  const other = feeds.watch("f", "b");
  fake.socket.onopen();
  fake.socket.say(welcome(9_000));
  abort.abort();
  other[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
  assert.deepEqual(fake.socket.take("unsubscribe").map((frame) => frame.key), ["a", "b"]);
});

test("one function may listen twice, and each ends for itself", () => {
  const { fake, feeds, watch } = watchOne();
  const seen = [];
  const listener = (view) => seen.push(view.version);
  const leave = watch.subscribe(listener);
  watch.subscribe(listener);
  leave();
  leave();
  fake.socket.say(snapshot(1, { a: 1 }));
  fake.advance(20);
  assert.deepEqual(seen, [-1, -1, 1]);
  const states = [];
  const told = ({ state }) => states.push(state);
  feeds.subscribe(told)();
  feeds.subscribe(told);
  feeds.close();
  assert.deepEqual(states, ["open", "open", "closed"]);
});

test("a page's signal holds nothing of a watch that has ended", () => {
  const { feeds } = start();
  const abort = new AbortController();
  for (let round = 0; round < 3; round++) {
    feeds.watch("f", "k", null, { signal: abort.signal }).close();
  }
  const kept = feeds.watch("f", "k", null, { signal: abort.signal });
  assert.equal(getEventListeners(abort.signal, "abort").length, 1);
  kept.close();
  assert.equal(getEventListeners(abort.signal, "abort").length, 0);
});

test("a callback that throws is reported and does not stop the others", () => {
  const { fake, feeds, seen } = watchOne();
  feeds.watch("f", "k", () => {
    throw new Error("mine");
  });
  fake.socket.say(snapshot(1, { a: 1 }));
  fake.advance(20);
  assert.equal(seen.length, 1);
  assert.equal(fake.errors[0].message, "mine");
});

test("errors reach the watch that they name", () => {
  const errors = [];
  const { fake, watch } = watchOne({ onError: (frame) => errors.push(frame.code) });
  fake.socket.say({ op: "error", code: "unknown-feed", message: "no", feed: "f", key: "k" });
  assert.equal(watch.current.error.code, "unknown-feed");
  assert.deepEqual(errors, ["unknown-feed"]);
});

test("iterating gives the newest view, and ends with the watch", async () => {
  const { fake, watch } = watchOne();
  const seen = [];
  const reading = (async () => {
    for await (const view of watch) {
      seen.push(view.version);
      if (view.version === 3) {
        watch.close();
      }
    }
  })();
  fake.socket.say(snapshot(1, { a: 1 }));
  fake.advance(20);
  await new Promise(setImmediate);
  fake.socket.say(delta(1, 2, { a: 2 }), delta(2, 3, { a: 3 }));
  fake.advance(20);
  await reading;
  assert.deepEqual(seen, [1, 3]);
});

test("patches are merged without touching what is held, and names of prototypes are only names", () => {
  const held = JSON.parse('{"a":{"x":1},"__proto__":{"y":1}}');
  const merged = mergePatch(held, JSON.parse('{"a":{"x":null,"z":[null]},"__proto__":{"y":2}}'));
  assert.equal(JSON.stringify(merged), '{"a":{"z":[null]},"__proto__":{"y":2}}');
  assert.equal(JSON.stringify(held), '{"a":{"x":1},"__proto__":{"y":1}}');
  assert.equal({}.y, undefined);
});

test("offline is stale at once, online connects within a second and not at once", () => {
  const { fake, watch } = watchOne();
  fake.socket.say(snapshot(1, { a: 1 }));
  fake.fire("offline");
  assert.equal(watch.current.reason, "connection");
  fake.fire("online");
  assert.equal(fake.sockets.length, 1);
  fake.advance(1_000);
  assert.equal(fake.sockets.length, 2);
});

test("an error that belongs to no watch reaches onError, or is reported", () => {
  const told = [];
  const { fake, feeds } = start({ onError: (frame) => told.push(frame.code) });
  feeds.watch("f", "k");
  fake.socket.onopen();
  fake.socket.say(welcome(9_000), { op: "error", code: "bad-frame", message: "no" });
  assert.deepEqual(told, ["bad-frame"]);
  const { fake: other } = watchOne();
  other.socket.say({ op: "error", code: "bad-frame", message: "no" });
  assert.equal(other.errors[0].message, "bad-frame: no");
});

test("subscribes and marks that the server dropped for their rate are sent again, answered ones are not", () => {
  const { fake, feeds } = start({ onError: () => {} });
  for (let index = 0; index < 120; index++) {
    feeds.watch("f", `k${index}`);
  }
  fake.socket.onopen();
  fake.socket.say(welcome(9_000));
  assert.equal(fake.socket.take("subscribe").length, 120);
  fake.socket.say(snapshot(1, { a: 1 }, { key: "k7" }), { op: "mark", mark: 5 });
  fake.advance(20);
  fake.socket.take("rendered");
  fake.socket.say({ op: "error", code: "rate", message: "too fast" }, { op: "error", code: "rate", message: "too fast" });
  fake.advance(1_600);
  const again = fake.socket.take("subscribe");
  assert.equal(again.length, 50);
  assert.ok(!again.some((frame) => frame.key === "k7"));
  assert.equal(fake.socket.take("rendered")[0].mark, 5);
  fake.socket.say(...again.map(({ key }) => snapshot(1, { a: 1 }, { key })));
  fake.advance(1_600);
  const rest = fake.socket.take("subscribe");
  assert.equal(rest.length, 50);
  assert.ok(!rest.some((frame) => again.some((one) => one.key === frame.key)));
});

test("an unsubscribe that the server dropped for its rate is sent again when its key is still shown", () => {
  const { fake, feeds } = start({ onError: () => {} });
  feeds.watch("f", "kept");
  const left = feeds.watch("f", "left");
  fake.socket.onopen();
  fake.socket.say(welcome(9_000), snapshot(1, { a: 1 }, { key: "kept" }), snapshot(1, { a: 1 }, { key: "left" }));
  left.close();
  fake.socket.take("unsubscribe");
  fake.socket.say(snapshot(2, { a: 2 }, { key: "left" }));
  fake.advance(2_100);
  assert.equal(fake.socket.take("unsubscribe").length, 0, "a view may have been under way");

  fake.socket.say({ op: "error", code: "rate", message: "too fast" });
  fake.socket.say(snapshot(3, { a: 3 }, { key: "left" }), snapshot(4, { a: 4 }, { key: "left" }));
  fake.advance(2_100);
  const again = fake.socket.take("unsubscribe");
  assert.deepEqual(again.map((frame) => [frame.feed, frame.key]), [["f", "left"]]);
  fake.advance(2_100);
  assert.equal(fake.socket.take("unsubscribe").length, 0);
});

test("a snapshot of an older version in one epoch changes the state alone", () => {
  const { fake, watch } = watchOne();
  fake.socket.say(snapshot(5, { a: 5 }), snapshot(3, { a: 3 }, { state: "partial", reason: "quarantined", since: 1 }));
  assert.deepEqual([watch.current.version, watch.current.data.a, watch.current.state], [5, 5, "partial"]);
  fake.socket.say(delta(3, 6, { a: 6 }));
  assert.deepEqual([watch.current.version, watch.current.data.a], [6, 6]);
  fake.socket.say(snapshot(1, { a: 1 }, { epoch: "t.2.1b" }));
  assert.equal(watch.current.version, 1);
});

test("a page that is hidden before the paint answers its mark then, once, and goes on calling back", () => {
  const { fake, seen } = watchOne();
  fake.frozen = true;
  fake.socket.say(snapshot(1, { a: 1 }), { op: "mark", mark: 7 });
  fake.hidden = true;
  fake.fire("visibilitychange");
  assert.deepEqual(fake.socket.take("rendered"), [{ op: "rendered", mark: 7 }]);
  fake.advance(20);
  assert.equal(seen.length, 1);
  fake.frozen = false;
  fake.hidden = false;
  fake.advance(100);
  assert.equal(fake.socket.take("rendered").length, 0);
});
