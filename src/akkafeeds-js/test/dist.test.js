import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

// What a server gives as /akkafeeds.js: the modules in one file, made by `npm run bundle`. All that is true of the modules
// has to be true of it.

const folder = fileURLToPath(new URL("..", import.meta.url));
const bundle = await readFile(join(folder, "dist", "akkafeeds.js"));

test("the client is below 8 KB gzipped", (context) => {
  const { length } = gzipSync(bundle, { level: 9 });
  context.diagnostic(`${length} bytes`);
  assert.ok(length < 8_192, `${length} bytes`);
});

test("the file is made of the modules as they are", { skip: !existsSync(join(folder, "node_modules", "terser")) }, async () => {
  const made = await mkdtemp(join(tmpdir(), "akkafeeds-dist-"));
  try {
    const file = join(made, "akkafeeds.js");
    execFileSync("node", ["bundle.js", file], { cwd: folder });
    assert.ok(bundle.equals(await readFile(file)), "npm run bundle, and commit dist/akkafeeds.js");
  } finally {
    await rm(made, { recursive: true });
  }
});

process.env.AKKAFEEDS_CLIENT = "../dist/akkafeeds.js";
await import("./akkafeeds.test.js");
await import("./rows.test.js");
await import("./rungs.test.js");
await import("./ladder.test.js");
