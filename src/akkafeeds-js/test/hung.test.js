import assert from "node:assert/strict";
import { test } from "node:test";
import { start, watch } from "./world.js";

// One request that hangs while others of the same rung go on: what it is for must not be live for as long as they speak.

async function hangs(transport, of, isBody, begin) {
  const world = start({ transport: [transport, "poll"] });
  ["k", "k2"].forEach((key) => world.server.change("f", key, { n: 1 }));
  world.server.change("g", "k", { n: 1 });
  const hung = begin(world);
  await world.fake.pass(2_500);
  assert.equal(hung.current.state, "live");
  world.server.hung = { of, isBody };
  world.feeds.watch("f", "k3");
  await world.fake.pass(11_000); // a long poll that was under way comes back first
  assert.deepEqual([hung.current.state, hung.current.reason], ["stale", "connection"]);
  world.server.hung = null;
  await world.fake.pass(15_000);
  assert.equal(hung.current.state, "live");
}

for (const isBody of [false, true]) {
  const what = isBody ? "the body of an answer" : "an answer";

  test(`longpoll: ${what} that does not come`, async () => {
    await hangs("longpoll", /\/key.key=k2/, isBody, (world) => (watch(world), world.feeds.watch("f", "k2")));
  });

  test(`sse: ${what} that does not come of what is polled beside the streams`, async () => {
    await hangs("sse", /g\/rows.limit=3/, isBody, ({ feeds }) => {
      return [1, 2, 3].map((limit) => feeds.watchAll(limit < 3 ? "f" : "g", { limit })).at(-1);
    });
  });
}

test("sse: a stream that is begun again and does not come", async () => {
  await hangs("sse", /events.*sub=/, false, (world) => {
    [1, 2].forEach((limit) => world.feeds.watchAll("f", { limit }));
    return watch(world).watched;
  });
});

test("a rung one of whose requests never comes is left for the next", async () => {
  const world = start({ transport: ["longpoll", "poll"] });
  world.server.hung = { of: /\/key.key=k2/ };
  watch(world);
  world.feeds.watch("f", "k2");
  await world.fake.pass(18_000);
  world.server.hung = null;
  await world.fake.pass(1_000);
  assert.deepEqual([world.feeds.connection.transport, world.feeds.connection.state], ["poll", "open"]);
});

test("an answer that takes some seconds is waited for", async () => {
  for (const transport of ["longpoll", "poll"]) {
    const world = start({ transport });
    world.server.change("f", "k", { n: 1 });
    const { watched } = watch(world);
    await world.fake.pass(2_500);
    world.server.delay = 4_500; // and 2 s that a long poll waits
    await world.fake.pass(20_000);
    const { length } = world.server.asked;
    assert.equal(watched.current.state, "live");
    assert.ok(length < 8, `${length} requests: none was given up`);
  }
});
