import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, welcome } from "./fake.js";
import { connect } from "./world.js";

const all = { feed: "f", epoch: "r1", version: 1, at: 1 };

/** A connection that is welcome, and what the server says of a collection. */
function start() {
  const fake = new FakeHost();
  const feeds = connect({ url: "ws://x/v1/ws", transport: "websocket", host: fake.host() });
  feeds.watchAll("other");
  fake.socket.onopen();
  fake.socket.say(welcome(9_000));
  fake.socket.take("subscribe");
  const say = (more) => {
    fake.socket.say({ op: "rows", ...all, rows: {}, ...more });
    fake.advance(20);
  };
  return { fake, feeds, say };
}

test("a collection is replaced whole, patched, cut and ordered", () => {
  const { fake, feeds, say } = start();
  let rows;
  feeds.watchAll("f", { sort: "-n", limit: 2 }, (view) => (rows = view));
  const [{ id, ...sent }] = fake.socket.take("subscribe");
  assert.deepEqual(sent, { op: "subscribe", feed: "f", keys: "*", sort: "-n", limit: 2 });
  say({ id, order: ["a", "b"], rows: { a: { n: 2 }, b: { n: 1 } }, states: { b: "stale" }, total: 9 });
  assert.deepEqual(rows.rows.map((row) => [row.key, row.data.n, row.state]), [["a", 2, "live"], ["b", 1, "stale"]]);
  const first = rows.rows[1];
  say({ id, base: 1, version: 2, order: ["c", "b"], rows: { a: null, c: { n: 3 } } });
  assert.deepEqual(rows.rows.map((row) => row.key), ["c", "b"]);
  assert.equal(rows.rows[1], first);
  assert.equal(rows.total, 9);
  // What is old is dropped, what does not continue what is held is asked for whole.
  for (const [version, base, epoch, asked] of [[2, 1, "r1", 0], [6, 5, "r1", 1], [3, 2, "r2", 1]]) {
    say({ id, base, version, epoch, rows: { b: { n: 0 } } });
    assert.deepEqual([fake.socket.take("subscribe").length, rows.rows[1]], [asked, first]);
  }
});

test("what a collection's callback gets is iterable over its rows, and holds what is declared", () => {
  const { fake, feeds, say } = start();
  let shown;
  const watch = feeds.watchAll("f", {}, (rows) => (shown = rows));
  const [{ id }] = fake.socket.take("subscribe");
  assert.deepEqual([...watch.current], []);
  say({ id, order: ["a", "b"], rows: { a: { n: 2 }, b: { n: 1 } }, states: { b: "stale" }, total: 9 });
  assert.deepEqual([...shown], shown.rows);
  const frames = [{ states: {} }, { rows: { a: null }, order: ["b"] }, { rows: { a: { n: 5 } }, order: ["a", "b"] }];
  for (const frame of frames) {
    say({ id, base: shown.version, version: shown.version + 1, ...frame });
    assert.deepEqual([...shown], shown.rows);
  }
  const rows = Array.from(shown, ({ key, data, state }) => [key, data.n, state]);
  assert.deepEqual(rows, [["a", 5, "live"], ["b", 1, "live"]]);
  const declared = ["at", "epoch", "error", "order", "reason", "rows", "since", "state", "total", "version"];
  fake.socket.onclose({ code: 1006 });
  const stale = watch.current;
  for (const view of [shown, stale]) {
    const given = Object.entries(view).filter(([, value]) => value !== undefined).map(([name]) => name);
    assert.deepEqual(given.filter((name) => !declared.includes(name)), []);
    assert.ok(Object.isFrozen(view));
  }
  assert.deepEqual([stale.state, [...stale]], ["stale", shown.rows]);
});

test("a collection's state is that of its feed, without a reason; a lost connection is one", () => {
  const { fake, feeds, say } = start();
  const watch = feeds.watchAll("f");
  const why = () => [watch.current.state, watch.current.reason, watch.current.since];
  const [{ id }] = fake.socket.take("subscribe");
  say({ id, order: ["a"], rows: { a: { n: 2 } }, total: 1 });
  assert.deepEqual(why(), ["live", undefined, undefined]);
  fake.socket.say({ op: "progress", feeds: { f: { at: 9_000, state: "stale" } }, now: 9_020 });
  assert.deepEqual(why(), ["stale", undefined, undefined]);
  fake.socket.onclose({ code: 1006 });
  assert.deepEqual(why(), ["stale", "connection", 9_020]);
});

test("two collections of one id are two on the wire, and the end of the one leaves the other as it is", () => {
  const { fake, feeds, say } = start();
  const older = feeds.watchAll("f", { id: "t", sort: "n" });
  const newer = feeds.watchAll("f", { id: "t", sort: "-n" });
  const elsewhere = feeds.watchAll("g", { id: "t" });
  const [first, second, third] = fake.socket.take("subscribe");
  assert.deepEqual([first.id, third.id], ["t", "t"], "an id is taken in its own feed alone");
  assert.notEqual(second.id, "t");
  older.close();
  assert.deepEqual(fake.socket.take("unsubscribe"), [{ op: "unsubscribe", feed: "f", id: "t" }]);
  say({ id: second.id, order: ["a"], rows: { a: { n: 1 } }, total: 1 });
  assert.deepEqual([newer.current.rows.length, elsewhere.current.rows.length], [1, 0]);

  const again = feeds.watchAll("f", { id: "t" });
  assert.equal(fake.socket.take("subscribe")[0].id, "t", "it is free again");
  older.close();
  newer.close();
  assert.deepEqual(fake.socket.take("unsubscribe").map(({ id }) => id), [second.id]);
  say({ id: "t", order: ["b"], rows: { b: { n: 2 } }, total: 1 });
  assert.equal(again.current.rows[0].key, "b");
});

test("an id that a page gives is never one that is chosen", () => {
  const { fake, feeds } = start();
  const chosen = [feeds.watchAll("f"), feeds.watchAll("f")];
  const free = fake.socket.take("subscribe").map(({ id }) => id);
  chosen.forEach((one) => one.close());
  const next = free[1].replace(/[0-9]+$/, (number) => Number(number) + 1);
  feeds.watchAll("f", { id: next });
  feeds.watchAll("f");
  const [given, other] = fake.socket.take("subscribe");
  assert.equal(given.id, next);
  assert.notEqual(other.id, next);
});
