import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { settled } from "./fake.js";
import { start, transports, watch } from "./world.js";

// What is left of a page's watches once its connection is closed, by the page or for good by the server.

const ends = {
  "the page closes": ({ feeds }) => feeds.close(),
  "the page closes while the connection is lost": async (world) => {
    world.fake.fire("offline");
    await settled();
    world.feeds.close();
  },
  "the server ends it for good": (world) => world.server.sockets[0].end(4000),
};

for (const [name, end] of Object.entries(ends)) {
  test(`${name}: what is held is stale, loops end, and no listener stays`, async () => {
    const world = start({ transport: "websocket" });
    world.server.change("f", "k", { a: 1 });
    const { signal } = new AbortController();
    const { watched, seen } = watch(world, "k", { signal });
    const rows = world.feeds.watchAll("f", {}, null, { signal });
    const looped = [];
    const loop = (async () => {
      for await (const { state } of world.feeds.watch("f", "k", null, { signal })) {
        looped.push(state);
      }
      looped.push("end");
    })();
    await world.fake.pass(500);
    assert.equal(getEventListeners(signal, "abort").length, 3);
    const told = [];
    world.feeds.subscribe(({ state }) => told.push(state));
    await end(world);
    await settled();
    assert.equal(looped.at(-1), "end");
    await loop;
    assert.equal(getEventListeners(signal, "abort").length, 0);
    await world.fake.pass(100);
    for (const { current } of [watched, rows]) {
      assert.deepEqual([current.state, current.reason], ["stale", "connection"]);
    }
    assert.deepEqual([watched.current.data, rows.current.rows.length], [{ a: 1 }, 1]);
    assert.equal(seen.at(-1), watched.current, "its callback is told");
    assert.equal(told.filter((state) => state === "closed").length, 1);
    const count = seen.length;
    await world.fake.pass(60_000, 1_000);
    assert.deepEqual([seen.length, world.feeds.connection.state], [count, "closed"]);
  });
}

test("a watch of what is closed is stale, its loop ends, and it holds no signal", async () => {
  for (const transport of transports) {
    const world = start({ transport });
    world.feeds.close();
    const { signal } = new AbortController();
    const { watched } = watch(world, "k", { signal });
    for await (const _ of watched) {
      assert.fail("nothing comes");
    }
    await world.fake.pass(1_000);
    assert.deepEqual([watched.current.state, world.server.asked.length], ["stale", 0]);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  }
});

test("a watch that is closed twice, or behind its connection, takes no later one with it", async () => {
  const world = start();
  world.server.change("f", "k", { a: 1 });
  const { watched, seen } = watch(world);
  await world.fake.pass(500);
  watched.close();
  const later = world.feeds.watch("f", "k");
  watched.close();
  await world.fake.pass(500);
  assert.equal(later.current.state, "live");
  const { length } = seen;
  world.feeds.close();
  later.close();
  await world.fake.pass(500);
  assert.deepEqual([seen.length, world.feeds.current("f", "k")], [length, undefined]);
});
