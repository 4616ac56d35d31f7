import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const schema = JSON.parse(await readFile(new URL("../schema.json", import.meta.url), "utf8"));
const types = await readFile(new URL("../akkafeeds.d.ts", import.meta.url), "utf8");

/** What of JSON Schema the file uses. */
function isValid(value, rule) {
  if (rule.$ref) {
    return isValid(value, schema.$defs[rule.$ref.split("/").at(-1)]);
  }
  if (rule.oneOf) {
    return rule.oneOf.filter((one) => isValid(value, one)).length === 1;
  }
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const kinds = [rule.type ?? []].flat();
  const checks = [
    !("const" in rule) || value === rule.const,
    !rule.enum || rule.enum.includes(value),
    kinds.length === 0 || kinds.includes(kind) || (kinds.includes("integer") && Number.isInteger(value)),
    !rule.pattern || new RegExp(rule.pattern).test(value),
    rule.minimum === undefined || value >= rule.minimum,
    rule.maximum === undefined || value <= rule.maximum,
    rule.exclusiveMinimum === undefined || value > rule.exclusiveMinimum,
    rule.minItems === undefined || value.length >= rule.minItems,
    !rule.items || kind !== "array" || value.every((item) => isValid(item, rule.items)),
  ];
  if (checks.includes(false)) {
    return false;
  }
  if (kind !== "object") {
    return true;
  }
  return (rule.required ?? []).every((name) => Object.hasOwn(value, name))
    && Object.entries(value).every(([name, inner]) => {
      const own = rule.properties?.[name];
      return own ? isValid(inner, own) : rule.additionalProperties !== false
        && (typeof rule.additionalProperties !== "object" || isValid(inner, rule.additionalProperties));
    });
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
];

test("every frame of the protocol is described", () => {
  for (const frame of good) {
    assert.ok(isValid(frame, schema), JSON.stringify(frame));
  }
});

test("what is no frame is refused", () => {
  for (const frame of bad) {
    assert.ok(!isValid(frame, schema), JSON.stringify(frame));
  }
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
