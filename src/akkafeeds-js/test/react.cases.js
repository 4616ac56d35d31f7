import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire, register } from "node:module";
import { mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { connect } from "../akkafeeds.js";
import { FakeHost, settled } from "./fake.js";
import { FakeServer } from "./server.js";

/** Runs the hooks' tests with the React that is found from a folder. */
export async function reactCases(folder, major) {
  if (!existsSync(new URL("../node_modules/jsdom", import.meta.url))) {
    test(`React ${major}`, { skip: "npm ci --prefix src/akkafeeds-js" });
    return;
  }
  const require = createRequire(new URL("package.json", folder));
  const found = JSON.stringify(pathToFileURL(require.resolve("react")).href);
  const hook = `export const resolve = (name, context, next) => name === "react"
    ? { url: ${found}, format: "commonjs", shortCircuit: true } : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  const { JSDOM } = await import("jsdom");
  const { window } = new JSDOM("<!doctype html><div id=root></div>");
  Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
  Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });
  cases(require, await import("../akkafeeds-react.js"), major);
}

function cases(require, hooks, major) {
  const React = require("react");
  const { createRoot, hydrateRoot } = require("react-dom/client");
  const act = React.act ?? require("react-dom/test-utils").act;
  const { createElement: make, StrictMode } = React;
  const { FeedsProvider, useFeed, useFeedAge, useFeedConnection, useFeedRows, useFeedValue } = hooks;
  const named = (name, run) => test(`React ${major}: ${name}`, run);
  assert.equal(React.version.split(".")[0], major);

  async function start(context) {
    const fake = new FakeHost();
    const server = new FakeServer(fake);
    const feeds = connect({ url: "http://x/v1/ws", transport: "websocket", host: fake.host() });
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const place = document.body.appendChild(document.createElement("div"));
    let root = null;
    context.after(() => {
      root && act(() => root.unmount());
      mock.timers.reset();
      feeds.close();
      place.remove();
    });
    const sent = [];
    const connectSocket = server.connect.bind(server);
    server.connect = (url) => {
      const socket = connectSocket(url);
      const { send } = socket;
      socket.send = (text) => {
        sent.push(JSON.parse(text));
        send(text);
      };
      return socket;
    };
    const world = {
      fake, server, feeds, sent, place,
      ops: (op) => sent.filter((frame) => frame.op === op).length,
      show: (element) => act(() => (root ??= createRoot(place)).render(make(FeedsProvider, { feeds }, element))),
      hydrate: (element) => act(() => void (root = hydrateRoot(place, make(FeedsProvider, { feeds }, element)))),
      pass: (milliseconds) => act(async () => {
        await fake.pass(milliseconds);
        mock.timers.tick(milliseconds);
        await settled();
      }),
    };
    return world;
  }

  const View = ({ name, onRender }) => {
    const view = useFeed("f", name);
    onRender?.(view);
    return `${view.state} ${view.data?.n ?? "-"}`;
  };

  named("a view is shown, and rendered again only when it has changed", async (context) => {
    const world = await start(context);
    world.server.change("f", "k", { n: 1 });
    const seen = [];
    world.show(make(View, { name: "k", onRender: (view) => seen.push(view) }));
    assert.equal(world.place.textContent, "connecting -");
    await world.pass(300);
    assert.equal(world.place.textContent, "live 1");
    const count = seen.length;
    await world.pass(5_000);
    assert.equal(seen.length, count, "progress alone renders nothing");
    world.server.change("f", "k", { n: 2 });
    await world.pass(300);
    assert.equal(world.place.textContent, "live 2");
    assert.equal(seen.length, count + 1);
  });

  named("a connection that is closed makes views stale, and another one makes them live", async (context) => {
    const world = await start(context);
    const fake = new FakeHost();
    [world.server, new FakeServer(fake)].forEach((server, n) => server.change("f", "k", { n }));
    const other = connect({ url: "http://x", transport: "websocket", host: fake.host() });
    context.after(() => other.close());
    world.show(make(View, { name: "k" }));
    await world.pass(300);
    assert.equal(world.place.textContent, "live 0");
    world.feeds.close();
    await world.pass(300);
    assert.equal(world.place.textContent, "stale 0");
    world.show(make(FeedsProvider, { feeds: other }, make(View, { name: "k" })));
    await act(() => fake.pass(300));
    assert.equal(world.place.textContent, "live 1");
    await world.pass(300);
    assert.equal(world.feeds.current("f", "k"), undefined, "nothing of the closed one is kept");
  });

  named("StrictMode watches once, and leaving ends the watch", async (context) => {
    const world = await start(context);
    world.server.change("f", "k", { n: 1 });
    world.show(make(StrictMode, null, make(View, { name: "k" }), make(View, { name: "k" })));
    await world.pass(1_000);
    assert.equal(world.place.textContent, "live 1live 1");
    assert.deepEqual([world.ops("subscribe"), world.ops("unsubscribe")], [1, 0]);
    world.show(null);
    await world.pass(1_000);
    assert.equal(world.ops("unsubscribe"), 1);
    assert.equal(world.feeds.current("f", "k"), undefined);
  });

  named("another key shows nothing of the former, and one that is watched already is there at once", async (context) => {
    const world = await start(context);
    world.server.change("f", "a", { n: 1 });
    world.server.change("f", "b", { n: 2 });
    world.feeds.watch("f", "b");
    const seen = [];
    const onRender = (view) => seen.push(view.data?.n);
    world.show(make(View, { name: "a", onRender }));
    await world.pass(500);
    seen.length = 0;
    world.show(make(View, { name: "b", onRender }));
    assert.deepEqual([world.place.textContent, [...new Set(seen)]], ["live 2", [2]]);
    world.show(make(View, { name: "c", onRender }));
    assert.equal(world.place.textContent, "blank -");
  });

  named("a selector renders only when what it selects changes, also where it is written in place", async (context) => {
    const world = await start(context);
    world.server.change("f", "k", { n: 1, other: 1 });
    let renders = 0;
    const objects = new Set();
    const Selected = () => {
      renders++;
      const n = useFeedValue("f", "k", (view) => view.data?.n);
      const pair = useFeedValue("f", "k", (view) => ({ n: view.data?.n }), (left, right) => left.n === right.n);
      objects.add(pair);
      return `${n} ${pair.n}`;
    };
    world.show(make(Selected));
    await world.pass(300);
    assert.equal(world.place.textContent, "1 1");
    const before = renders;
    const count = objects.size;
    world.server.change("f", "k", { other: 2 });
    await world.pass(300);
    assert.equal(renders, before);
    world.show(make(Selected));
    assert.equal(objects.size, count, "what is equal is the same object");
    world.server.change("f", "k", { n: 2 });
    await world.pass(300);
    assert.equal(world.place.textContent, "2 2");
  });

  named("rows, an age that goes on, and the connection", async (context) => {
    const world = await start(context);
    world.server.change("f", "a", { n: 1 });
    world.server.change("f", "b", { n: 2 });
    const All = () => {
      const rows = useFeedRows("f", { sort: "-n" });
      const age = useFeedAge("f", "a", 500);
      const seconds = age === null ? "no" : Math.floor(age / 1000);
      return `${Array.from(rows, ({ key }) => key)} of ${rows.total}, ${seconds} s, ${useFeedConnection().transport}`;
    };
    world.show(make(All));
    assert.match(world.place.textContent, /^ of 0, no s/);
    await world.pass(1_500);
    assert.equal(world.place.textContent, "a,b of 2, 0 s, websocket");
    assert.equal(world.ops("subscribe"), 2, "a query that is written in place is one query");
    world.server.silent = true;
    await world.pass(5_000);
    assert.match(world.place.textContent, /, [4-6] s,/);
  });

  named("rows with an id go on when their query changes", async (context) => {
    const world = await start(context);
    world.server.change("f", "a", { n: 1 });
    const All = ({ sort }) => {
      const { rows, state } = useFeedRows("f", { id: "t", sort });
      return `${state} ${rows.map(({ data }) => data.n)}`;
    };
    for (const [sort, n] of [["n", 1], ["-n", 2], ["n", 3]]) {
      world.show(make(All, { sort }));
      await world.pass(1_000);
      world.server.change("f", "a", { n });
      await world.pass(1_000);
      assert.equal(world.place.textContent, `live ${n}`);
    }
    const ids = (op) => world.sent.filter((frame) => frame.op === op).map(({ id }) => id);
    assert.deepEqual(ids("unsubscribe"), ids("subscribe").slice(0, -1), "what is shown is still wanted of the server");
  });

  named("a server renders without a connection, and the page takes over without a mismatch", async (context) => {
    const world = await start(context);
    world.server.change("f", "k", { n: 1 });
    const { renderToString } = require("react-dom/server");
    const element = make(View, { name: "k" });
    world.place.innerHTML = renderToString(element);
    assert.equal(world.place.textContent, "connecting -");
    assert.equal(world.server.asked.length, 0);
    const errors = mock.method(console, "error", () => {});
    world.hydrate(element);
    await world.pass(500);
    assert.equal(errors.mock.callCount(), 0, String(errors.mock.calls[0]?.arguments));
    assert.equal(world.place.textContent, "live 1");
  });

  const Every = () => {
    const { state } = useFeed("f", "a");
    const n = useFeedValue("f", "a", (view) => view.data?.n ?? null);
    const rows = useFeedRows("f", { sort: "n" });
    return `${state} ${n} ${rows.total} ${useFeedAge("f", "a") === null} ${useFeedConnection().state}`;
  };

  named("every hook in StrictMode watches once, complains of nothing and leaves nothing", async (context) => {
    const world = await start(context);
    world.server.change("f", "a", { n: 1 });
    const errors = context.mock.method(console, "error", () => {});
    for (let round = 1; round <= 2; round++) {
      world.show(make(StrictMode, null, make(Every)));
      await world.pass(1_500);
      assert.equal(world.place.textContent, "live 1 1 false open");
      assert.deepEqual([world.ops("subscribe"), world.ops("unsubscribe")], [2 * round, 2 * round - 2]);
      world.show(null);
      await world.pass(1_000);
      assert.equal(world.ops("unsubscribe"), 2 * round);
    }
    assert.equal(errors.mock.callCount(), 0, String(errors.mock.calls[0]?.arguments));
  });

  named("every hook renders on a server without a connection, also without a provider", async (context) => {
    const world = await start(context);
    world.server.change("f", "a", { n: 1 });
    const { renderToString } = require("react-dom/server");
    const html = renderToString(make(StrictMode, null, make(Every)));
    assert.equal(globalThis[Symbol.for("akkafeeds.feeds")], undefined);
    world.place.innerHTML = html;
    assert.equal(world.place.textContent, "connecting null 0 true connecting");
    const errors = context.mock.method(console, "error", () => {});
    world.hydrate(make(StrictMode, null, make(Every)));
    await world.pass(1_500);
    assert.equal(errors.mock.callCount(), 0, String(errors.mock.calls[0]?.arguments));
    assert.equal(world.place.textContent, "live 1 1 false open");
  });

  named("a component of a server may take the module: it says that it is the page's", async () => {
    assert.match(await readFile(new URL("../akkafeeds-react.js", import.meta.url), "utf8"), /^"use client";\n/);
  });

  named("errors reach the newest callback", async (context) => {
    const world = await start(context);
    const told = [];
    const Failing = ({ name }) => useFeed("f", "k", { onError: ({ code }) => told.push(`${name} ${code}`) }).state;
    world.show(make(Failing, { name: "first" }));
    await world.pass(300);
    world.show(make(Failing, { name: "second" }));
    world.server.say({ op: "error", feed: "f", key: "k", code: "forbidden", message: "no" });
    assert.deepEqual(told, ["second forbidden"]);
  });
}
