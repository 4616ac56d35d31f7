import assert from "node:assert/strict";
import { FakeHost } from "./fake.js";
import { FakeServer } from "./server.js";

export const { connect } = await import(process.env.AKKAFEEDS_CLIENT ?? "../akkafeeds.js");

/** The rungs of the ladder, the best first. */
export const transports = ["websocket", "sse", "longpoll", "poll"];

/** The client in front of a model of a server, in moved time. */
export function start(options = {}) {
  const fake = new FakeHost();
  const server = new FakeServer(fake);
  const feeds = connect({ url: "http://x/v1/ws", host: fake.host(), ...options });
  return { fake, server, feeds };
}

/** Watches a key, and holds what is shown against "never back" from then on. */
export function watch({ feeds }, key = "k", options) {
  const seen = [];
  const watched = feeds.watch("f", key, (view) => {
    const last = seen.at(-1);
    assert.ok(!last || last.epoch !== view.epoch || last.version <= view.version, `${last?.version} became ${view.version}`);
    seen.push(view);
  }, options);
  return { seen, watched };
}
