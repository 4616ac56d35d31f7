import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { start as world } from "./world.js";

// A watch in Svelte and in Vue themselves, as docs/client.md has it: the code is that of the page.

const folder = fileURLToPath(new URL("..", import.meta.url));
const skip = existsSync(join(folder, "node_modules", "svelte")) ? false : "npm ci --prefix src/akkafeeds-js";
const page = await readFile(new URL("../../../docs/client.md", import.meta.url), "utf8");
const code = (language, having) => [...page.matchAll(/```(\w+)\n([^]*?)```/g)]
  .find(([, name, text]) => name === language && text.includes(having))[2];

if (!skip) {
  const { JSDOM } = await import("jsdom");
  const { window } = new JSDOM("<!doctype html>");
  for (const name of ["document", "Node", "Element", "Text", "Comment", "HTMLElement", "SVGElement"]) {
    globalThis[name] = window[name];
  }
  globalThis.window = window;
  Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });
}

function start(context) {
  const { fake, server, feeds } = world({ transport: "websocket" });
  server.change("flights", "ATL", { departures: 1 });
  const place = document.body.appendChild(document.createElement("div"));
  context.after(() => {
    feeds.close();
    place.remove();
  });
  return { fake, server, feeds, place };
}

/** Writes a module where it finds the packages, and loads it. */
async function load(text) {
  const made = await mkdtemp(join(folder, "node_modules", ".stores-"));
  after(() => rm(made, { recursive: true }));
  await writeFile(join(made, "made.mjs"), text);
  return import(pathToFileURL(join(made, "made.mjs")));
}

test("Svelte: a component shows a watch as a store and ends it", { skip }, async (context) => {
  const { fake, server, feeds, place } = start(context);
  const { build } = await import("esbuild");
  const { compile } = await import("svelte/compiler");
  const component = compile(code("svelte", "feeds.watch"), { generate: "client", css: "external" }).js.code;
  const { outputFiles: [{ text }] } = await build({
    stdin: { contents: `${component}\nexport { mount, unmount, flushSync } from "svelte";`, resolveDir: folder },
    bundle: true, write: false, format: "esm", conditions: ["browser"],
    plugins: [{
      name: "connection",
      setup: (plugins) => {
        plugins.onResolve({ filter: /^akkafeeds$/ }, ({ path }) => ({ path, namespace: "given" }));
        const contents = "export const connect = () => globalThis.given;";
        plugins.onLoad({ filter: /.*/, namespace: "given" }, () => ({ contents }));
      },
    }],
  });
  globalThis.given = feeds;
  const { default: Departures, mount, unmount, flushSync } = await load(text);
  const shown = mount(Departures, { target: place });
  const line = () => {
    flushSync();
    const { className, textContent } = place.querySelector("p");
    return `${className} ${textContent}`;
  };
  assert.equal(line(), "connecting ");
  await fake.pass(300);
  assert.equal(line(), "live 1");
  server.change("flights", "ATL", { departures: 2 });
  await fake.pass(300);
  assert.equal(line(), "live 2");
  server.silent = true;
  await fake.pass(3_000);
  assert.equal(line(), "stale 2");
  await unmount(shown);
  assert.equal(feeds.current("flights", "ATL"), undefined);
});

test("Svelte: get, derived and fromStore take a watch", { skip }, async (context) => {
  const { fake, feeds } = start(context);
  const { derived, fromStore, get } = await import("svelte/store");
  const watch = feeds.watch("flights", "ATL");
  const rows = feeds.watchAll("flights");
  const sums = [];
  const sum = derived([watch, rows], ([view, all]) => [view.state, view.data?.departures, all.total]);
  const leave = sum.subscribe((next) => sums.push(next));
  assert.deepEqual(sums, [["connecting", undefined, 0]]);
  await fake.pass(300);
  assert.deepEqual(sums.at(-1), ["live", 1, 1]);
  assert.equal(get(watch), watch.current);
  assert.equal(fromStore(watch).current, watch.current);
  leave();
  const count = sums.length;
  feeds.close();
  assert.equal(sums.length, count);
});

test("Vue: a component shows a watch, follows its key and ends it", { skip }, async (context) => {
  const { fake, server, feeds, place } = start(context);
  server.change("flights", "LAX", { departures: 7 });
  const { useFeed } = await load(code("js", "shallowRef"));
  const { createApp, createSSRApp, h, nextTick, ref, watchEffect } = await import("vue");
  const key = ref("ATL");
  const seen = [];
  const component = {
    setup() {
      const view = useFeed(feeds, "flights", key);
      watchEffect(() => seen.push(view.value?.data?.departures));
      return () => h("p", `${view.value?.state} ${view.value?.data?.departures}`);
    },
  };
  const pass = async () => {
    await fake.pass(300);
    await nextTick();
  };
  const app = createApp(component);
  app.mount(place);
  await pass();
  assert.equal(place.textContent, "live 1");
  server.change("flights", "ATL", { departures: 2 });
  await pass();
  assert.equal(place.textContent, "live 2");
  key.value = "LAX";
  await nextTick();
  assert.equal(feeds.current("flights", "ATL"), undefined);
  await pass();
  assert.equal(place.textContent, "live 7");
  assert.deepEqual(seen.filter(Boolean), [1, 2, 7]);
  app.unmount();
  assert.equal(feeds.current("flights", "LAX"), undefined);

  const { renderToString } = await import("vue/server-renderer");
  assert.match(await renderToString(createSSRApp(component)), /undefined undefined/);
  assert.equal(feeds.current("flights", "LAX"), undefined, "a server watches nothing");
});
