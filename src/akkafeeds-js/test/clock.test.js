import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, welcome } from "./fake.js";

const { connect } = await import(process.env.AKKAFEEDS_CLIENT ?? "../akkafeeds.js");

// A day of progress, one a second, of which some is late on its way.
function day(drift) {
  const fake = new FakeHost();
  const feeds = connect({ url: "ws://x", host: fake.host() });
  feeds.watch("f", "k", () => {});
  fake.socket.onopen();
  const begun = fake.time;
  const serverNow = () => 1_700_000_000_000 + (fake.time - begun) * (1 + drift);
  fake.socket.say(welcome(Math.round(serverNow())));
  let worst = 0;
  for (let second = 1; second <= 86_400; second++) {
    fake.time += 1_000;
    const delay = second % 7 === 0 ? 0 : (second * 31) % 40;
    const now = Math.round(serverNow());
    fake.time += delay;
    fake.socket.say({ op: "progress", feeds: {}, now });
    worst = Math.max(worst, Math.abs(feeds.now() - serverNow()));
  }
  return worst;
}

test("the server's clock is followed for a day, whichever clock runs faster, and late frames do not turn it back", () => {
  for (const drift of [-50e-6, 0, 50e-6]) {
    const worst = day(drift);
    assert.ok(worst <= 10, `${worst} ms off with a drift of ${drift}`);
  }
});
