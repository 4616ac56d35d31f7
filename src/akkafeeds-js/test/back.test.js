import assert from "node:assert/strict";
import { test } from "node:test";
import { start, transports } from "./world.js";

// A view never goes back, also where what is wanted of a key is no longer what is held of it.

const moves = {
  "another incarnation": { epoch: "t.1.b", version: 3, data: { a: 3, b: 3 }, pos: { 0: 3 } },
  "another node, which is behind": { version: 3, data: { a: 3, b: 3 }, pos: { 0: 3 } },
};

function begin(transport) {
  const world = start({ transport });
  for (let n = 1; n <= 5; n++) {
    world.server.change("f", "k", { a: n, b: n });
  }
  return world;
}

for (const transport of transports) {
  for (const [name, older] of Object.entries(moves)) {
    test(`${transport}: ${name}: not behind a narrower set of fields and a lost connection`, async () => {
      const world = begin(transport);
      const kept = world.feeds.watch("f", "k", null, { fields: ["a"] });
      const closed = world.feeds.watch("f", "k", null, { fields: ["b"] });
      await world.fake.pass(2_500);
      closed.close();
      world.server.block(transport, "http");
      await world.fake.pass(2_500);
      Object.assign(world.server.view("f", "k"), older);
      world.server.free(transport, "http");
      await world.fake.pass(4_000);
      assert.deepEqual([kept.current.data.a, kept.current.state], [5, "rebuilding"]);
      world.server.become("f", "k", { version: 6, data: { a: 6, b: 6 }, pos: { 0: 6 } });
      await world.fake.pass(4_000);
      assert.deepEqual([kept.current.data.a, kept.current.state], [6, "live"]);
    });

    test(`${transport}: ${name}: not when a second watch wants more`, async () => {
      const world = begin(transport);
      const first = world.feeds.watch("f", "k", null, { fields: ["a"] });
      await world.fake.pass(2_500);
      if (transport === "websocket") {
        return; // the server knows what this connection was sent
      }
      Object.assign(world.server.view("f", "k"), older);
      world.feeds.watch("f", "k", null, { fields: ["b"] });
      await world.fake.pass(4_000);
      assert.deepEqual([first.current.data.a, first.current.state], [5, "rebuilding"]);
      world.server.become("f", "k", { version: 6, data: { a: 6, b: 6 }, pos: { 0: 6 } });
      await world.fake.pass(4_000);
      assert.deepEqual([first.current.data.a, first.current.data.b, first.current.state], [6, 6, "live"]);
    });
  }
}

test("websocket: what a server that knows what is shown sends all the same is the truth, and is shown at once", async () => {
  const world = begin("websocket");
  const watched = world.feeds.watch("f", "k");
  await world.fake.pass(500);
  world.server.become("f", "k", moves["another incarnation"]); // its log was cut
  await world.fake.pass(50);
  assert.deepEqual([watched.current.data.a, watched.current.state], [3, "live"]);
});
