import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fake.js";
import { connect, start, transports, watch } from "./world.js";

test("each block is a step down, each opening a step up; nothing goes back and the state says the rung", async () => {
  const world = start();
  const rungs = [];
  world.feeds.subscribe(({ state, transport }) => rungs.at(-1) === `${transport} ${state}` || rungs.push(`${transport} ${state}`));
  world.server.change("f", "k", { n: 1 });
  const { seen, watched } = watch(world);
  let n = 1;
  const changes = async (milliseconds) => {
    for (const end = world.fake.time + milliseconds; world.fake.time < end; ) {
      world.server.change("f", "k", { n: ++n });
      await world.fake.pass(300);
    }
  };
  const reaches = async (transport, limit) => {
    const begun = world.fake.time;
    while (world.feeds.connection.transport !== transport || world.feeds.connection.state !== "open" || watched.current.state !== "live") {
      await changes(300);
      assert.ok(world.fake.time - begun < limit, `${transport} not within ${limit} ms: ${rungs.join(", ")}`);
    }
  };
  await reaches("websocket", 1_000);
  await changes(12_000);
  for (const [blocked, next] of [["websocket", "sse"], ["sse", "longpoll"], ["longpoll", "poll"]]) {
    world.server.block(blocked);
    await settled();
    assert.equal(watched.current.state, "stale", "a lost connection is told at once");
    await reaches(next, 6_000);
    await changes(11_000);
    assert.equal(world.feeds.connection.transport, next);
  }
  for (const [freed, next] of [["longpoll", "longpoll"], ["sse", "sse"], ["websocket", "websocket"]]) {
    const from = seen.length;
    world.server.free(freed);
    await reaches(next, 700_000);
    const shown = seen.slice(from).map((view) => view.state);
    assert.deepEqual([...new Set(shown)], ["live"], `nothing was stale on the way up to ${next}`);
    await changes(2_000);
  }
  await changes(3_000);
  assert.equal(watched.current.data.n, n);
  assert.equal(world.server.open.sse + world.server.open.longpoll, 0, "the worse rungs were left");
});

test("a page may pin a rung or a list of them, and an unknown one is named", async () => {
  const world = start({ transport: ["sse", "poll"] });
  watch(world);
  await world.fake.pass(500);
  assert.equal(world.feeds.connection.transport, "sse");
  world.server.block("sse");
  await world.fake.pass(3_000);
  assert.equal(world.feeds.connection.transport, "poll");
  assert.ok(!world.server.asked.some(({ kind }) => kind === "websocket" || kind === "longpoll"));
  assert.throws(() => connect({ url: "ws://x", transport: "pigeon" }), /pigeon/);
});

test("probing grows slower, and a better rung that does not last is not tried again at once", async () => {
  const world = start();
  world.server.block("websocket");
  watch(world);
  await world.fake.pass(120_000, 250);
  const tries = () => world.server.asked.filter(({ kind }) => kind === "websocket").length;
  const first = tries();
  const [, probed] = world.server.asked.filter(({ kind }) => kind === "websocket").map(({ at }) => at);
  assert.ok(probed <= 5_000, `the first probe came at ${probed} ms`);
  assert.ok(first >= 4 && first <= 8, `${first} tries in two minutes`);
  await world.fake.pass(120_000, 250);
  assert.ok(tries() - first <= 2, `${tries() - first} tries in the two minutes after`);
});

test("all ways down: a cycle tries each once, pauses grow, and the best rung is reached again", async () => {
  const world = start();
  const { watched } = watch(world);
  await world.fake.pass(15_000);
  world.server.block("websocket", "sse", "longpoll", "http");
  await world.fake.pass(60_000);
  assert.deepEqual([watched.current.state, world.feeds.connection.state], ["stale", "connecting"]);
  const asked = world.server.asked.length;
  world.server.free("websocket", "sse", "longpoll", "http");
  await world.fake.pass(40_000);
  assert.ok(asked < 60, `${asked} requests in a minute`);
  assert.deepEqual([world.feeds.connection.transport, world.feeds.connection.state], ["websocket", "open"]);
});

test("who is down to polls and loses the network for a moment is live again within seconds, whenever he asks", async () => {
  for (const draw of [0, 0.01, 0.05, 0.2, 0.5, 0.99]) {
    const world = start();
    world.fake.random = () => draw;
    world.server.change("f", "k", { n: 1 });
    const { watched } = watch(world);
    await world.fake.pass(1_000);
    for (const kind of ["websocket", "sse", "longpoll"]) {
      world.server.block(kind);
      await world.fake.pass(3_000);
    }
    assert.deepEqual([world.feeds.connection.transport, watched.current.state], ["poll", "live"]);
    world.server.block("http");
    await world.fake.pass(2_500);
    assert.equal(watched.current.state, "stale");
    world.server.free("http");
    await world.fake.pass(6_000);
    assert.deepEqual([world.feeds.connection.transport, watched.current.state], ["poll", "live"], `draws of ${draw}`);
  }
});

test("bye 4012 polls its url, and asks for the better rungs no sooner than half a minute later", async () => {
  const world = start();
  world.server.change("f", "k", { n: 1 });
  const { watched } = watch(world);
  await world.fake.pass(500);
  world.server.say({ op: "bye", code: 4012, reason: "moved", url: "/elsewhere/v1/" });
  world.server.change("f", "k", { n: 2 });
  for (const socket of world.server.sockets) {
    socket.end(4012);
  }
  const before = world.server.asked.length;
  await world.fake.pass(3_000);
  assert.equal(world.feeds.connection.transport, "poll");
  assert.equal(world.feeds.moved, "/elsewhere/v1/");
  const later = world.server.asked.slice(before);
  assert.ok(later.length > 0 && later.every(({ path }) => path.startsWith("/elsewhere/v1/feeds/f/")), JSON.stringify(later));
  assert.equal(watched.current.data.n, 2);
  await world.fake.pass(26_000);
  assert.equal(world.feeds.connection.transport, "poll");
  await world.fake.pass(64_000);
  assert.equal(world.feeds.connection.transport, "websocket");
});

test("over HTTP a view of another incarnation that is behind is not shown, unless it stays so", async () => {
  const world = start({ transport: "poll" });
  for (let n = 1; n <= 5; n++) {
    world.server.change("f", "k", { n });
  }
  const { watched } = watch(world);
  await world.fake.pass(500);
  world.server.become("f", "k", { epoch: "t.1.b", version: 3, data: { n: 3 }, pos: { 0: 3 } });
  await world.fake.pass(2_200);
  assert.deepEqual([watched.current.data.n, watched.current.state], [5, "rebuilding"]);
  world.server.become("f", "k", { version: 6, data: { n: 6 }, pos: { 0: 6 } });
  await world.fake.pass(2_200);
  assert.deepEqual([watched.current.data.n, watched.current.state, watched.current.epoch], [6, "live", "t.1.b"]);
  world.server.become("f", "k", { epoch: "t.1.c", version: 2, data: { n: 2 }, pos: { 0: 2 } });
  await world.fake.pass(9_000);
  assert.equal(watched.current.data.n, 6);
  world.server.change("f", "k", { x: 1 });
  await world.fake.pass(6_000);
  assert.deepEqual([watched.current.data, watched.current.state], [{ n: 2, x: 1 }, "live"]);
  world.server.become("f", "k", { epoch: "u.1.a", version: 1, data: { n: 1 }, pos: { 0: 0 } });
  await world.fake.pass(2_200);
  assert.equal(watched.current.epoch, "u.1.a", "another topic is another world");
});

test("a stream that is lost resumes from its last id, and a changed set of keys asks for the rest alone", async () => {
  const world = start({ transport: "sse" });
  world.server.change("f", "k", { n: 1 });
  const { watched } = watch(world);
  await world.fake.pass(2_000);
  world.server.block("sse");
  world.server.free("sse");
  await world.fake.pass(2_000);
  const [first, second] = world.server.asked.filter(({ kind }) => kind === "sse");
  assert.equal(first.headers["Last-Event-ID"], undefined);
  assert.equal(second.headers["Last-Event-ID"], "f_k 1");
  assert.equal(watched.current.state, "live");
});

test("a watch that wants a key more often begins no new stream, and the WebSocket is told", async () => {
  const world = start();
  world.server.block("websocket");
  watch(world, "k", { maxRate: 1 });
  await world.fake.pass(2_500);
  const { watched } = watch(world);
  await world.fake.pass(400);
  assert.equal(world.server.asked.filter(({ kind }) => kind === "sse").length, 1);
  world.server.free("websocket");
  await world.fake.pass(10_000);
  assert.deepEqual([world.feeds.connection.transport, watched.current.state], ["websocket", "blank"]);
  assert.equal(world.server.sockets[0].wanted("f\0k").maxRate, undefined);
});

test("many keys stay below what a request line may hold, and what a rung cannot carry is polled", async () => {
  for (const transport of transports.slice(1)) {
    const world = start({ transport });
    const watched = Array.from({ length: 150 }, (_, index) => world.feeds.watch("f", `${"k".repeat(80)}${index}`));
    const rows = ["f", "f", "g", "g", "g"].map((feed, limit) => world.feeds.watchAll(feed, { limit: limit + 1 }));
    await world.fake.pass(2_500);
    assert.ok(world.server.asked.every(({ path }) => path.length < 7_000));
    assert.ok(watched.every((one) => one.current.state === "blank"), transport);
    assert.ok(rows.every((one) => one.current.version === 0), transport);
    assert.ok(world.server.open.sse <= 2 && world.server.open.longpoll <= 3, JSON.stringify(world.server.open));
  }
});

test("a slow way makes nothing stale that is as fresh as it can be", async () => {
  for (const transport of ["longpoll", "poll"]) {
    const world = start({ transport });
    world.server.delay = 1_500;
    world.server.change("f", "k", { n: 1 });
    const { seen } = watch(world);
    await world.fake.pass(30_000);
    assert.deepEqual([...new Set(seen.slice(1).map((view) => view.state))].filter((state) => state !== "live"), [], transport);
    assert.ok(seen.length > 0);
  }
});

test("a page that watches nothing for a while keeps its rung, and begins again on it", async () => {
  for (const transport of transports) {
    const world = start({ transport: [transport, "poll"] });
    world.server.change("f", "k", { n: 1 });
    const { watched } = watch(world);
    await world.fake.pass(500);
    watched.close();
    await world.fake.pass(60_000, 250);
    const again = world.feeds.watch("f", "k");
    await world.fake.pass(1_000);
    assert.deepEqual([world.feeds.connection.transport, again.current.state], [transport, "live"]);
  }
});

test("what stands between and answers with pages of its own is a rung that is not let through", async () => {
  for (const status of [404, 403]) {
    const world = start();
    world.server.missingStatus = status;
    world.server.change("f", "k", { n: 1 });
    const { watched } = watch(world);
    world.server.block("websocket");
    world.server.missing.add("sse");
    await world.fake.pass(3_000);
    const { current } = watched;
    assert.deepEqual([world.feeds.connection.transport, current.state, current.error], ["longpoll", "live", undefined], `${status}`);
  }
});

test("what the server itself forbids is final", async () => {
  for (const transport of transports.slice(1)) {
    const world = start({ transport });
    world.server.refused = { status: 403, code: "forbidden" };
    watch(world);
    await world.fake.pass(1_000);
    assert.deepEqual([world.feeds.connection.state, world.feeds.connection.error.code], ["closed", "4003"], transport);
  }
});

test("a server that says come later is not left for a worse rung", async () => {
  const world = start({ transport: ["sse", "longpoll"] });
  world.server.refused = { status: 503, code: "not-ready", retryAfter: 2 };
  watch(world);
  await world.fake.pass(1_900);
  assert.equal(world.server.asked.length, 1);
  await world.fake.pass(8_000);
  assert.ok(world.server.asked.every(({ kind }) => kind === "sse"));
  world.server.refused = null;
  await world.fake.pass(9_000);
  assert.deepEqual([world.feeds.connection.transport, world.feeds.connection.state], ["sse", "open"]);
});

test("a key whose slot recovers is rebuilding over polls, the rung is kept, and no connection is blamed", async () => {
  for (const transport of ["longpoll", "poll"]) {
    const world = start({ transport: [transport, "poll"] });
    world.server.refused = { status: 503, code: "not-ready", retryAfter: 1 };
    const { watched, seen } = watch(world);
    await world.fake.pass(7_500);
    assert.deepEqual([watched.current.state, world.feeds.connection.transport], ["rebuilding", transport]);
    world.server.refused = null;
    world.server.change("f", "k", { a: 1 });
    await world.fake.pass(4_000);
    assert.deepEqual([watched.current.state, world.feeds.connection.transport], ["live", transport]);
    assert.deepEqual([...new Set(seen.map(({ reason }) => reason))], ["recovering", undefined], transport);
  }
});

test("a collection that the server cannot give yet is rebuilding over polls, whatever a key says", async () => {
  for (const transport of ["longpoll", "poll"]) {
    const world = start({ transport });
    world.server.change("f", "k", { n: 1 });
    const { watched } = watch(world);
    const shown = [];
    const rows = world.feeds.watchAll("f", {}, ({ state, reason }) => shown.push(`${state} ${reason}`));
    await world.fake.pass(3_000);
    world.server.refused = { of: "/rows", status: 503, code: "not-ready", retryAfter: 1 };
    world.server.change("f", "k", { n: 2 });
    await world.fake.pass(9_000);
    const holds = () => [rows.current.state, rows.current.reason, rows.current.rows[0].data.n];
    assert.deepEqual(holds(), ["rebuilding", "recovering", 1]);
    assert.deepEqual([watched.current.state, watched.current.data.n], ["live", 2]);
    world.server.refused = null;
    await world.fake.pass(4_000);
    assert.deepEqual(holds(), ["live", undefined, 2]);
    assert.deepEqual(shown, ["live undefined", "rebuilding recovering", "live undefined"], transport);
  }
});

test("who has slept is stale first, whatever was still under way, and live after a new connection", async () => {
  const world = start();
  world.server.change("f", "k", { a: 1 });
  const { watched, seen } = watch(world);
  await world.fake.pass(12_000);
  for (const wake of [() => world.fake.fire("visibilitychange"), () => world.server.say({ op: "pong", now: world.server.now })]) {
    world.fake.slept += 60_000; // the steady clock stood still
    const from = seen.length;
    wake();
    assert.deepEqual([watched.current.state, watched.current.reason], ["stale", "connection"]);
    await world.fake.pass(3_000);
    assert.deepEqual([...new Set(seen.slice(from).map((view) => view.state))], ["stale", "live"]);
    assert.equal(world.feeds.connection.transport, "websocket", "no rung is to blame for a sleep");
  }
});

test("offline and online: stale at once, the best rung again, and no listener is left behind a close", async () => {
  const world = start();
  const { watched } = watch(world);
  await world.fake.pass(500);
  world.server.block("websocket");
  await world.fake.pass(3_000);
  assert.equal(world.feeds.connection.transport, "sse");
  world.server.block("sse", "longpoll", "http");
  world.fake.fire("offline");
  assert.equal(watched.current.reason, "connection");
  await world.fake.pass(5_000);
  world.server.free("websocket", "sse", "longpoll", "http");
  world.fake.fire("online");
  await world.fake.pass(1_000);
  assert.deepEqual([world.feeds.connection.transport, watched.current.state], ["websocket", "blank"]);
  world.feeds.close();
  assert.deepEqual(world.fake.listening, []);
  assert.equal(world.feeds.connection.state, "closed");
});

test("a store: subscribe calls at once, with the view, and with each one after it", async () => {
  const world = start();
  world.server.change("f", "k", { n: 1 });
  const { watched } = watch(world);
  const got = [];
  const leave = watched.subscribe((view) => got.push(view.version));
  assert.deepEqual(got, [-1]);
  await world.fake.pass(500);
  world.server.change("f", "k", { n: 2 });
  await world.fake.pass(100);
  leave();
  world.server.change("f", "k", { n: 3 });
  await world.fake.pass(100);
  assert.deepEqual(got, [-1, 1, 2]);
  await settled();
});
