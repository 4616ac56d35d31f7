import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "./fake.js";
import { start, transports, watch } from "./world.js";

// What is watched again: an element that is moved, a page that is left and come back to.

for (const transport of transports) {
  test(`${transport}: a key that is closed and watched again in one turn is shown again`, async () => {
    const world = start({ transport });
    world.server.change("f", "k", { a: 1 });
    world.server.change("f", "other", { b: 1 });
    world.feeds.watch("f", "other");
    const { watched } = watch(world);
    await world.fake.pass(2_500);
    watched.close();
    const again = world.feeds.watch("f", "k");
    await world.fake.pass(2_500);
    assert.deepEqual([again.current.data, again.current.state], [{ a: 1 }, "live"]);
  });

  test(`${transport}: a key that is watched again later is shown again, whether another was watched meanwhile or none`, async () => {
    for (const others of [[], ["other"]]) {
      const world = start({ transport });
      world.server.change("f", "k", { a: 1 });
      others.forEach((key) => world.feeds.watch("f", key));
      const { watched } = watch(world);
      await world.fake.pass(2_500);
      watched.close();
      await world.fake.pass(2_500);
      const again = world.feeds.watch("f", "k");
      await world.fake.pass(2_500);
      assert.deepEqual([again.current.data, again.current.state], [{ a: 1 }, "live"], `beside ${others}`);
    }
  });
}

test("sse: what the old stream says while a new one is planned does not count for the new one", async () => {
  const world = start({ transport: "sse" });
  world.server.change("f", "k", { a: 1 });
  const { watched } = watch(world);
  await world.fake.pass(2_500);
  watched.close();
  const again = world.feeds.watch("f", "k");
  for (const stream of world.server.streams) {
    stream.give({ op: "progress", feeds: {}, now: world.server.now }, stream.id());
  }
  await settled(); // it is read before the turn's timers come
  await world.fake.pass(2_500);
  assert.deepEqual([again.current.data, again.current.state], [{ a: 1 }, "live"]);
  assert.ok(world.server.asked.every(({ headers }) => headers["Last-Event-ID"] === undefined));
});

test("sse: a lost stream resumes without a view, with the id of its own keys", async () => {
  const world = start({ transport: "sse" });
  world.server.change("f", "k", { a: 1 });
  const { watched } = watch(world);
  await world.fake.pass(2_500);
  const other = world.feeds.watch("f", "other");
  await world.fake.pass(2_500);
  world.server.block("sse");
  world.server.free("sse");
  await world.fake.pass(2_500);
  const ids = world.server.asked.map(({ headers }) => headers["Last-Event-ID"]);
  assert.deepEqual(ids, [undefined, undefined, "f_k 1,f_other 0"]);
  assert.deepEqual([watched.current.data, watched.current.state, other.current.state], [{ a: 1 }, "live", "blank"]);
});
