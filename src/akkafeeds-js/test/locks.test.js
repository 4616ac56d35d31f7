import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../../", import.meta.url);

for (const folder of ["src/akkafeeds-js", "tests/node", "tests/browser"]) {
  test(`${folder}: the lock file says what, and leaves from where to the machine`, async () => {
    const { packages } = JSON.parse(await readFile(new URL(`${folder}/package-lock.json`, root), "utf8"));
    const { "": own, ...others } = packages;
    const wanted = JSON.parse(await readFile(new URL(`${folder}/package.json`, root), "utf8"));
    assert.deepEqual([own.dependencies, own.devDependencies], [wanted.dependencies, wanted.devDependencies]);
    for (const [name, { resolved = "", integrity, link }] of Object.entries(others)) {
      assert.doesNotMatch(resolved, /:/, name);
      assert.ok(link || integrity || !name.includes("node_modules"), `${name} without a hash`);
    }
  });
}
