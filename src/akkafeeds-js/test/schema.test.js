import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { connect } from "../akkafeeds.js";
import { FakeHost, settled, snapshot, welcome } from "./fake.js";

const schema = JSON.parse(await readFile(new URL("../schema.json", import.meta.url), "utf8"));
const types = await readFile(new URL("../akkafeeds.d.ts", import.meta.url), "utf8");
const skip = existsSync(new URL("../node_modules/ajv", import.meta.url)) ? false : "npm ci --prefix src/akkafeeds-js";
let ajv;
if (!skip) {
  const { default: Ajv } = await import("ajv/dist/2020.js");
  ajv = new Ajv({ strict: true, allErrors: true });
  ajv.addSchema(schema);
}

/** What is wrong with a frame, by a part of the schema; null where nothing is. */
function wrong(frame, part = "") {
  const isValid = ajv.getSchema(`/v1/schema.json${part}`);
  return isValid(frame) ? null : ajv.errorsText(isValid.errors);
}

const good = [
  { op: "hello", marks: true },
  { op: "auth", token: "..." },
  { op: "subscribe", feed: "flights", key: "ATL", fields: ["departures"], resume: { epoch: "e", version: 41, pos: { 3: 1234 } }, maxRate: 4 },
  { op: "subscribe", feed: "flights", keys: "*", id: "t1", prefix: "A", fields: ["departures"], sort: "-delayRate", limit: 50 },
  { op: "unsubscribe", feed: "flights", key: "ATL" },
  { op: "rendered", mark: 17, at: 1764000000123 },
  { op: "ping", t: 1 },
  { op: "welcome", session: "s", now: 1764000000000, limits: { subscriptions: 128, frameBytes: 16384 } },
  { op: "snapshot", feed: "f", key: "k", epoch: "e", version: 41, data: { a: 1 }, state: "live", at: 1, pos: { 3: 1234 }, cause: "subscribe" },
  { op: "snapshot", feed: "f", key: "k", epoch: "e", version: 0, data: null, state: "blank", at: 0, pos: {}, cause: "reset" },
  { op: "resumed", feed: "f", key: "k", epoch: "e", version: 41 },
  { op: "delta", feed: "f", key: "k", epoch: "e", base: 41, version: 44, data: { a: null }, at: 1, pos: { 3: 1240 } },
  { op: "state", feed: "f", key: "k", state: "stale", reason: "source-unreachable", since: 1, progress: 0.4, missing: ["flights/3"] },
  { op: "rows", feed: "f", id: "t1", epoch: "r1", version: 7, order: ["ATL"], rows: { ATL: {} }, states: { ATL: "stale" }, total: 229, at: 1 },
  { op: "rows", feed: "f", id: "t1", epoch: "r1", base: 7, version: 8, rows: { ATL: { a: 1 }, LAX: null }, at: 1 },
  { op: "notice", feed: "f", key: "k", name: "many-delays", id: "1", at: 1, data: {} },
  { op: "mark", mark: 17 },
  { op: "progress", feeds: { flights: { at: 1, state: "live" } }, now: 2 },
  { op: "unsubscribed", feed: "f", id: "t1" },
  { op: "pong", now: 1 },
  { op: "error", code: "unknown-feed", message: "...", feed: "f", key: "k" },
  { op: "bye", code: 4001, reason: "token-expired", retryAfter: 1000 },
];

const bad = [
  { op: "nothing" },
  { op: "delta", feed: "f", key: "k", epoch: "e", version: 44, data: {}, at: 1, pos: {} },
  { op: "snapshot", feed: "f", key: "k", epoch: "e", version: 1, data: {}, state: "fresh", at: 1, pos: {}, cause: "subscribe" },
  { op: "snapshot", feed: "f", key: "k", epoch: "e", version: 1, data: [], state: "live", at: 1, pos: {}, cause: "subscribe" },
  { op: "subscribe", feed: "f" },
  { op: "subscribe", feed: "f", key: "k", maxRate: 0 },
  { op: "subscribe", feed: "f", keys: "*", limit: 1001 },
  { op: "state", feed: "f", key: "k", state: "stale", reason: "because", since: 1 },
  { op: "rows", feed: "f", id: "t", epoch: "r 1", version: 1, rows: {}, at: 1 },
  { op: "mark", mark: "17" },
  { op: "error", code: "strange", message: "" },
  { op: "bye", code: 1, reason: "r", surprise: true },
  { op: "state", feed: "f", key: "k", state: "live", reason: "recovering" },
  { op: "state", feed: "f", key: "k", state: "stale", reason: "recovering" },
  { op: "state", feed: "f", key: "k", state: "stale", since: 1 },
  { op: "rows", feed: "f", id: "t", epoch: "r1", version: 1, rows: {}, order: [] },
  { op: "rows", feed: "f", id: "t", epoch: "r1", version: 1, rows: { A: null }, order: [], total: 0 },
  { op: "unsubscribe", feed: "f" },
  { op: "unsubscribe", feed: "f", key: "k", id: "t" },
  { op: "subscribe", feed: "f", key: "" },
  { op: "subscribe", feed: "f", key: "a\0b" },
  { op: "subscribe", feed: "f", key: "k", resume: { version: 1 } },
];

test("every frame of the protocol is described", { skip }, () => {
  for (const frame of good) {
    assert.equal(wrong(frame), null, JSON.stringify(frame));
  }
});

test("what is no frame is refused, also by what one member says of another", { skip }, () => {
  for (const frame of bad) {
    assert.notEqual(wrong(frame), null, JSON.stringify(frame));
  }
});

test("the client sends frames of the schema", { skip }, async () => {
  const fake = new FakeHost();
  const feeds = connect({ url: "http://x", transport: "websocket", token: () => "t", host: fake.host() });
  feeds.watch("f", "k", null, { fields: ["a"], maxRate: 4 });
  const all = feeds.watchAll("f", { prefix: "A", fields: ["a"], sort: "-a", limit: 5, maxRate: 1 });
  await settled();
  const sent = [];
  for (let round = 0; round < 2; round++) {
    fake.advance(1_000);
    fake.socket.onopen();
    fake.socket.say(welcome(9_000), snapshot(1, { a: 1 }), { op: "mark", mark: 7 });
    fake.advance(100);
    all.close();
    sent.push(...fake.socket.sent);
    fake.socket.onclose({ code: 1006 });
  }
  assert.deepEqual(sent.map((frame) => wrong(frame, "#/$defs/fromClient")).filter(Boolean), []);
  assert.deepEqual([...new Set(sent.map(({ op }) => op))], ["hello", "auth", "subscribe", "rendered", "unsubscribe"]);
  assert.ok(sent.some(({ resume }) => resume));
});

test("the types name every frame and every member of it", () => {
  for (const [name, rule] of Object.entries(schema.$defs).filter(([, rule]) => rule.properties)) {
    const type = `${name[0].toUpperCase()}${name.slice(1)}Frame`;
    const body = types.match(new RegExp(`interface ${type} \\{([^]*?)\\n?\\}\\n`))?.[1];
    assert.ok(body, `akkafeeds.d.ts has no ${type}`);
    for (const member of Object.keys(rule.properties)) {
      const isOptional = !rule.required.includes(member);
      assert.match(body, new RegExp(`\\b${member}${isOptional ? "\\?" : ""}:`), `${type}.${member}`);
    }
  }
});
