import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { connect } from "../akkafeeds.js";
import { FakeHost, settled } from "./fake.js";
import { FakeServer } from "./server.js";

const isThere = existsSync(new URL("../node_modules/jsdom", import.meta.url));
const skip = isThere ? false : "npm ci --prefix src/akkafeeds-js";
const early = {};

if (isThere) {
  // Loaded once as a server would, without a window, and once in a page.
  const { AkkaFeedElement } = await import("../akkafeeds-element.js?server");
  early.isPlain = new AkkaFeedElement().view === null;
  const { JSDOM } = await import("jsdom");
  const { window } = new JSDOM("<!doctype html><html lang=de></html>");
  for (const name of ["window", "document", "HTMLElement", "customElements", "CustomEvent"]) {
    globalThis[name] = name === "window" ? window : window[name];
  }
  await import("../akkafeeds-element.js");
}

function start(html) {
  const fake = new FakeHost();
  const server = new FakeServer(fake);
  const feeds = connect({ url: "http://x/v1/ws", transport: "websocket", host: fake.host() });
  globalThis[Symbol.for("akkafeeds.feeds")] = feeds;
  document.body.innerHTML = html;
  const element = document.querySelector("akka-feed");
  const part = (name) => element.shadowRoot.querySelector(`[part=${name}]`);
  return { fake, server, feeds, element, part };
}

test("a module that a server loads defines nothing and does nothing", { skip }, () => assert.ok(early.isPlain));

test("the element shows its field, and its state in an attribute and in words that are read aloud", { skip }, async () => {
  const { fake, server, element, part } = start('<akka-feed feed="f" key="k" field="counts.n">…</akka-feed>');
  server.change("f", "k", { counts: { n: 12_345 } });
  assert.ok(part("value").querySelector("slot"), "the page's own content stands there first");
  const views = [];
  element.addEventListener("akka-view", ({ detail }) => views.push(detail.state));
  await settled();
  assert.equal(element.getAttribute("state"), "connecting");
  await fake.pass(300);
  assert.equal(part("value").textContent, "12.345");
  assert.deepEqual([element.getAttribute("state"), part("state").textContent], ["live", ""]);
  server.stateIs("f", "k", "stale", "behind-slo");
  await fake.pass(300);
  assert.deepEqual([element.getAttribute("state"), element.getAttribute("reason")], ["stale", "behind-slo"]);
  assert.equal(part("state").textContent, "may be old");
  assert.equal(part("state").querySelector("slot").name, "stale");
  assert.deepEqual([part("state").getAttribute("aria-live"), part("state").getAttribute("role")], ["polite", "status"]);
  assert.equal(part("value").getAttribute("aria-live"), "off");
  assert.deepEqual(views.slice(-2), ["live", "stale"]);
  assert.ok(element.age() >= 0);
});

test("field, format and announce may change; a value that is gone gives the page's content back", { skip }, async () => {
  const { fake, server, element, part } = start('<akka-feed feed="f" key="k" field="a">none</akka-feed>');
  server.change("f", "k", { a: 1, b: 0.5 });
  await fake.pass(300);
  element.setAttribute("field", "b");
  assert.equal(part("value").textContent, "0,5");
  element.format = (value) => `${value * 100} %`;
  assert.equal(part("value").textContent, "50 %");
  element.setAttribute("announce", "");
  assert.equal(part("value").getAttribute("aria-live"), "polite");
  element.setAttribute("field", "c");
  assert.ok(part("value").querySelector("slot"));
});

test("one watch a key, whatever is set in one turn; none once it is out of the page", { skip }, async () => {
  const { fake, server, feeds, element } = start("<akka-feed field=n></akka-feed>");
  server.change("f", "a", { n: 1 });
  await fake.pass(300);
  assert.equal(server.asked.length, 0, "without a feed and a key nothing is watched");
  element.setAttribute("feed", "f");
  element.setAttribute("key", "k");
  element.setAttribute("key", "a");
  await fake.pass(300);
  assert.equal(element.view.data.n, 1);
  assert.equal(feeds.current("f", "k"), undefined);
  element.remove();
  await settled();
  assert.equal(feeds.current("f", "a"), undefined);
  document.body.append(element);
  await fake.pass(300);
  assert.equal(element.view.data.n, 1);
  assert.equal(element.shadowRoot.querySelectorAll("[part=value]").length, 1);
});

test("what a page set before the element was defined is taken", { skip }, async () => {
  const { fake, server, feeds, element } = start("");
  server.change("f", "k", { n: 7 });
  const late = document.createElement("akka-feed");
  Object.defineProperty(late, "format", { value: (value) => `<${value}>`, configurable: true, enumerable: true, writable: true });
  Object.defineProperty(late, "feeds", { value: feeds, configurable: true, enumerable: true, writable: true });
  late.setAttribute("feed", "f");
  late.setAttribute("key", "k");
  late.setAttribute("field", "n");
  document.body.append(late);
  await fake.pass(300);
  assert.equal(late.shadowRoot.querySelector("[part=value]").textContent, "<7>");
  assert.equal(element, null);
});

test("a connection that is closed makes it stale, moved or not, and it goes on with another one", { skip }, async () => {
  const { fake, server, feeds, element, part } = start('<akka-feed feed="f" key="k" field="n">none</akka-feed>');
  server.change("f", "k", { n: 7 });
  await fake.pass(300);
  feeds.close();
  await fake.pass(300);
  assert.deepEqual([element.getAttribute("state"), element.getAttribute("reason"), part("value").textContent], ["stale", "connection", "7"]);
  document.body.append(element);
  await fake.pass(300);
  assert.equal(element.getAttribute("state"), "stale");
  const other = start("");
  other.server.change("f", "k", { n: 8 });
  document.body.append(element);
  element.feeds = other.feeds;
  await other.fake.pass(300);
  assert.deepEqual([element.getAttribute("state"), part("value").textContent], ["live", "8"]);
});
