import assert from "node:assert/strict";
import { test } from "node:test";
import { start, transports, watch } from "./world.js";

// What is true of each rung alone.

for (const transport of transports) {
  const begin = (options) => start({ transport, ...options });

  test(`${transport}: a first view, changes, and the connection says its rung`, async () => {
    const world = begin();
    world.server.change("f", "k", { a: 1 });
    const { watched } = watch(world);
    await world.fake.pass(300);
    assert.deepEqual([watched.current.data, watched.current.version, watched.current.state], [{ a: 1 }, 1, "live"]);
    const { state, error } = world.feeds.connection;
    assert.deepEqual([state, world.feeds.connection.transport, error], ["open", transport, undefined]);
    world.server.change("f", "k", { b: 2 });
    await world.fake.pass(2_500);
    assert.deepEqual([watched.current.data, watched.current.version], [{ a: 1, b: 2 }, 2]);
    assert.equal(watched.current.state, "live");
  });

  test(`${transport}: the server's address is enough`, async () => {
    const world = begin({ url: "http://x" });
    world.server.change("f", "k", { a: 1 });
    const { watched } = watch(world);
    await world.fake.pass(300);
    assert.deepEqual([watched.current.data, watched.current.state], [{ a: 1 }, "live"]);
    assert.match(world.server.asked[0].path, transport === "websocket" ? /^ws:\/\/x\/v1\/ws$/ : /^\/v1\//);
  });

  test(`${transport}: a blank key comes to life, states are shown, and the age is the server's`, async () => {
    const world = begin();
    const { watched } = watch(world);
    await world.fake.pass(300);
    assert.deepEqual([watched.current.data, watched.current.state, watched.current.version], [null, "blank", 0]);
    world.server.change("f", "k", { a: 1 });
    await world.fake.pass(2_500);
    assert.deepEqual([watched.current.data, watched.current.state], [{ a: 1 }, "live"]);
    world.server.stateIs("f", "k", "stale", "behind-slo");
    await world.fake.pass(2_500);
    assert.deepEqual([watched.current.state, watched.current.reason], ["stale", "behind-slo"]);
    assert.ok(watched.age() >= 100 && watched.age() < 2_500, `${watched.age()} ms`);
  });

  test(`${transport}: keys that are alike, fields, a collection, and what is not watched any more`, async () => {
    const world = begin();
    const names = ["k", "k:1", "é/ %", "__proto__"];
    names.forEach((key, index) => world.server.change("f", key, { n: index, other: true }));
    world.server.change("g", "k", { n: 9 });
    const watched = names.map((key) => world.feeds.watch("f", key, null, { fields: ["n"] }));
    const other = world.feeds.watch("g", "k");
    const rows = world.feeds.watchAll("f", { sort: "-n", limit: 50 });
    await world.fake.pass(2_500);
    if (transport !== "websocket") {
      assert.deepEqual(watched.map((one) => one.current.data), [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
    }
    assert.deepEqual(watched.map((one) => one.current.data.n), [0, 1, 2, 3]);
    assert.equal(other.current.data.n, 9);
    assert.deepEqual(rows.current.rows.map((row) => row.data.n).sort(), [0, 1, 2, 3]);
    assert.equal(rows.current.state, "live");
    const before = rows.current;
    await world.fake.pass(4_000);
    assert.ok(transport === "websocket" || rows.current === before, "rows that did not change are the same object");
    [...watched, other, rows].forEach((one) => one.close());
    await world.fake.pass(3_000);
    const count = world.server.asked.length;
    await world.fake.pass(5_000);
    assert.equal(world.server.asked.length, count, "nothing is asked for any more");
  });

  test(`${transport}: a server that falls silent is stale within 3 s and live again when it speaks`, async () => {
    const world = begin();
    world.server.change("f", "k", { a: 1 });
    const { watched } = watch(world);
    await world.fake.pass(6_000);
    assert.equal(watched.current.state, "live");
    world.server.silent = true;
    const begun = world.fake.time;
    while (watched.current.state === "live") {
      await world.fake.pass(50);
    }
    assert.deepEqual([watched.current.reason, watched.current.data.a], ["connection", 1]);
    assert.ok(world.fake.time - begun <= 3_000, `after ${world.fake.time - begun} ms`);
    assert.equal(world.feeds.connection.state, "connecting");
    world.server.silent = false;
    world.server.change("f", "k", { a: 2 });
    await world.fake.pass(15_000);
    assert.deepEqual([watched.current.state, watched.current.data.a], ["live", 2]);
  });

  test(`${transport}: a bad key is told to who watches it and takes nobody with it`, async () => {
    if (transport === "websocket") {
      return; // the server's own error frames: akkafeeds.test.js
    }
    const world = begin();
    world.server.change("f", "k", { a: 1 });
    const told = [];
    const bad = world.feeds.watch("f", "bad", null, { onError: (frame) => told.push(frame.code) });
    const good = ["k", "k2", "k3", "k4", "k5"].map((key) => world.feeds.watch("f", key));
    const unknown = world.feeds.watch("unknown", "k", null, { onError: (frame) => told.push(frame.code) });
    await world.fake.pass(6_000);
    assert.deepEqual(told.sort(), ["bad-key", "unknown-feed"]);
    assert.deepEqual([bad.current.error.code, unknown.current.error.code], ["bad-key", "unknown-feed"]);
    assert.deepEqual(good.map((one) => one.current.version), [1, 0, 0, 0, 0]);
    assert.equal(world.feeds.connection.state, "open");
  });

  test(`${transport}: a token goes with every request, and one that is refused is asked for anew`, async () => {
    const given = ["old", "new"];
    const world = begin({ token: async () => given.shift() ?? "new" });
    world.server.tokens = new Set(["new"]);
    world.server.change("f", "k", { a: 1 });
    const { watched } = watch(world);
    await world.fake.pass(2_500);
    assert.equal(watched.current.data.a, 1);
    assert.ok(world.server.asked.some(({ headers, token }) => (token ?? headers?.Authorization)?.endsWith("old")));
  });
}

test("poll: what a cache has kept is as old as it is", async () => {
  const world = start({ transport: "poll" });
  world.server.change("f", "k", { a: 1 });
  await world.fake.pass(30_000);
  world.server.cachedFor = 25;
  const { watched } = watch(world);
  await world.fake.pass(300);
  assert.ok(watched.age() >= 25_100 && watched.age() < 26_000, `${watched.age()} ms`);
});
