import assert from "node:assert/strict";
import { test } from "node:test";
import { start, watch } from "./world.js";

const jwt = (expiry) => `h.${btoa(JSON.stringify({ exp: expiry / 1000 })).replaceAll("=", "")}.s`;

test("a token is refreshed ahead of its expiry, over each way", async () => {
  for (const transport of ["websocket", "sse", "poll"]) {
    const world = start({ transport, token: async () => jwt(world.server.now + 60_000) });
    watch(world);
    world.fake.slept = world.server.now - world.fake.time - 5_000_000; // the page's clock is right
    await world.fake.pass(130_000, 250);
    const used = new Set(world.server.asked.map(({ token, headers }) => token ?? headers?.Authorization).filter(Boolean));
    assert.equal(used.size, 3, `${transport}: ${used.size} tokens in 130 s of 60 s each`);
    assert.equal(world.feeds.connection.state, "open");
  }
});

test("a token function that throws, hangs or gives none is told in the state and asked again", async () => {
  const answers = [() => Promise.reject(new Error("no session")), () => new Promise(() => {}), () => undefined, () => "right"];
  const world = start({ token: () => answers.shift()() });
  world.server.tokens = new Set(["right"]);
  watch(world);
  await world.fake.pass(100);
  assert.deepEqual(world.feeds.connection.error, { code: "token", message: "the page's token: no session" });
  await world.fake.pass(12_000);
  assert.match(world.feeds.connection.error.message, /no answer within 10 s/);
  await world.fake.pass(2_000);
  assert.match(world.feeds.connection.error.message, /gave none/);
  await world.fake.pass(5_000);
  assert.deepEqual([world.feeds.connection.error, world.feeds.connection.state], [undefined, "open"]);
  assert.equal(world.feeds.connection.transport, "websocket");
});

test("a token that is renewed while a socket connects is the one that is sent, and is renewed once at a time", async () => {
  let asked = 0;
  const world = start({ transport: "websocket", token: async () => (asked++, jwt(world.server.now + 4_000)) });
  const errors = new Set();
  world.feeds.subscribe(({ error }) => errors.add(error?.code));
  world.server.opensAfter = 3_500;
  watch(world);
  world.fake.slept = world.server.now - world.fake.time - 5_000_000; // the page's clock is right
  await world.fake.pass(3_400);
  assert.equal(asked, 2, "it is renewed after 3.2 s");
  await world.fake.pass(200);
  const sent = () => world.server.asked.filter(({ kind }) => kind === "auth");
  assert.equal(sent().length, 1);
  assert.ok(JSON.parse(atob(sent()[0].token.split(".")[1])).exp * 1000 > world.server.now + 3_000, "the newest");
  await world.fake.pass(30_000);
  assert.ok(asked >= 11 && asked <= 12, `${asked} in 33.6 s`);
  assert.equal(sent().length, asked - 1);
  assert.deepEqual([...errors], [undefined]);
});

test("a token that is renewed between a socket's opening and its welcome is sent, too", async () => {
  const world = start({ transport: "websocket", token: async () => jwt(world.server.now + 4_000) });
  const sent = () => world.server.asked.filter(({ kind }) => kind === "auth").length;
  world.server.silent = true;
  watch(world);
  world.fake.slept = world.server.now - world.fake.time - 5_000_000;
  await world.fake.pass(3_400);
  assert.equal(sent(), 2);
});
