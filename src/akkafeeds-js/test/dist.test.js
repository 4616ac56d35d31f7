import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { FakeHost } from "./fake.js";

// What a server gives as /akkafeeds.js: the modules in one file, made by `npm run bundle`. All that is true of the modules
// has to be true of it.

const read = (path) => readFile(new URL(path, import.meta.url));
const dist = await read("../dist/akkafeeds.js");
const skip = existsSync(new URL("../node_modules/terser", import.meta.url)) ? false : "npm ci --prefix src/akkafeeds-js";
const made = skip ? null : await (await import("../bundle.js")).bundle();

test("the client is below 8,000 bytes gzipped", (context) => {
  const { length } = gzipSync(dist, { level: 9 });
  context.diagnostic(`${length} bytes`);
  assert.ok(length < 8_000, `${length} bytes`);
});

test("the file is made of the modules as they are, and every inner name is used", { skip }, () => {
  assert.ok(dist.equals(Buffer.from(made.code)), "npm run bundle, and commit dist/akkafeeds.js");
  assert.deepEqual(made.inside.filter((name) => !made.names.includes(name)), []);
});

test("no name that was made short is a page's, a frame's or a browser's", { skip }, async () => {
  const frames = JSON.parse(await read("../schema.json"));
  const taken = new Set(Object.values(frames.$defs).flatMap(({ properties }) => Object.keys(properties ?? {})));
  for (const name of ["akkafeeds", "akkafeeds-react", "akkafeeds-element"]) {
    const types = String(await read(`../${name}.d.ts`));
    [...types.matchAll(/(\w+)\??[:(<]/g)].forEach(([, declared]) => taken.add(declared));
  }
  Object.keys(new FakeHost().host()).forEach((name) => taken.add(name));
  for (const value of Object.getOwnPropertyNames(globalThis).map((name) => globalThis[name])) {
    for (const holder of [value, value?.prototype].filter((each) => each instanceof Object)) {
      Object.getOwnPropertyNames(holder).forEach((name) => taken.add(name));
    }
  }
  const known = ["subscribe", "maxRate", "useFeed", "frameBytes", "isHidden", "addEventListener", "getReader", "replaceAll"];
  assert.deepEqual(known.filter((name) => !taken.has(name)), []);
  assert.deepEqual(made.names.filter((name) => taken.has(name)), []);
});

process.env.AKKAFEEDS_CLIENT = "../dist/akkafeeds.js";
await import("./akkafeeds.test.js");
await import("./options.test.js");
await import("./rows.test.js");
await import("./rungs.test.js");
await import("./ladder.test.js");
await import("./again.test.js");
await import("./back.test.js");
await import("./close.test.js");
await import("./hung.test.js");
await import("./token.test.js");
