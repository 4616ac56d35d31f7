import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { snapshot } from "./fake.js";

const { connect } = await import(process.env.AKKAFEEDS_CLIENT ?? "../akkafeeds.js");

/** A real server of real streams; each answer is written by the test. */
async function serve(context, answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const feeds = connect({ url: `http://127.0.0.1:${server.address().port}/v1/ws`, transport: "sse" });
  context.after(() => {
    feeds.close();
    server.closeAllConnections();
    server.close();
  });
  return feeds;
}

const until = (watch, found) => new Promise((resolve) => watch.subscribe((view) => found(view) && resolve(view)));

test("a real stream is read however it is cut, with either line end, and its comments mean nothing", async (context) => {
  const text = [
    ": hello", "",
    "event: snapshot", `data: ${JSON.stringify(snapshot(1, { city: "Zürich ✈", n: 1 }))}`, "", ": still here", "",
    "retry: 5", "event: progress", "id: t-1", `data: ${JSON.stringify({ op: "progress", feeds: { f: { at: 9, state: "live" } }, now: 10 })}`, "", "",
  ];
  for (const end of ["\n", "\r\n"]) {
    const feeds = await serve(context, async (request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      const bytes = Buffer.from(text.join(end));
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        await new Promise(setImmediate);
      }
    });
    const { data, state } = await until(feeds.watch("f", "k"), (view) => view.version === 1);
    assert.deepEqual([data, state, feeds.connection.transport], [{ city: "Zürich ✈", n: 1 }, "live", "sse"]);
  }
});

test("a real stream that ends is begun again where it was", async (context) => {
  const asked = [];
  const feeds = await serve(context, (request, response) => {
    asked.push([request.url, request.headers["last-event-id"]]);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const frame = asked.length === 1 ? snapshot(1, { n: 1 }) : snapshot(2, { n: 2 });
    response.end(`event: snapshot\ndata: ${JSON.stringify(frame)}\n\nevent: progress\nid: token ${asked.length}\n`
      + `data: ${JSON.stringify({ feeds: {}, now: 1 })}\n\n`);
  });
  const watch = feeds.watch("f", "k");
  await until(watch, (view) => view.version === 2);
  assert.deepEqual(asked.slice(0, 2), [["/v1/events?sub=f%3Ak", undefined], ["/v1/events?sub=f%3Ak", "token 1"]]);
});
