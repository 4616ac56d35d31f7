// The peer `ws`: node's usual WebSocket server, with as much of akkafeeds.v1 as the load driver needs.
//   node server.js --rate UPDATES_A_SECOND --keys N --bytes FRAME_BYTES
// The frame is made once for all who watch a key; each connection is sent it by one call of send. ../README.md says
// when updates begin, and what stands in them.
const { WebSocketServer } = require("ws");

const TURN = 2, BUSY_MAX = 10; // milliseconds

const options = {};
for (let index = 2; index + 1 < process.argv.length; index += 2)
  options[process.argv[index].slice(2)] = Number(process.argv[index + 1]);
const { rate = 50, keys = 1, bytes = 200 } = options;

const watchers = Array.from({ length: keys }, () => new Set());
const versions = new Array(keys).fill(0);
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, backlog: 4096 });

server.on("listening", () => console.log(JSON.stringify({ port: server.address().port })));
server.on("connection", (socket) => {
  socket.on("message", (text) => {
    const frame = JSON.parse(text);
    if (frame.op === "begin") begin();
    if (frame.op !== "subscribe") return;
    const key = Number(frame.key.slice(1));
    watchers[key].add(socket);
    const version = versions[key];
    socket.send(JSON.stringify({ op: "snapshot", key: frame.key, version, data: { n: version } }));
  });
  socket.on("close", () => watchers.forEach((each) => each.delete(socket)));
  socket.on("error", () => socket.terminate());
});

function publish(key, sent) {
  const version = ++versions[key];
  const frame = { op: "delta", feed: "load", key: `k${key}`, epoch: "ws", base: version - 1, version,
    data: { n: version, sent, pad: "" } };
  frame.data.pad = "x".repeat(Math.max(0, bytes - 4 - JSON.stringify(frame).length));
  const text = Buffer.from(JSON.stringify(frame));
  for (const socket of watchers[key]) socket.send(text, { binary: false });
}

function begin() {
  const start = performance.now();
  let published = 0;
  setInterval(() => {
    const now = performance.now();
    const due = (now - start) / 1000 * rate;
    // At most for a while: nobody would be read or answered behind all that is overdue.
    for (; published < due && performance.now() - now < BUSY_MAX; published++) {
      const turn = Math.ceil(published / rate * 1000 / TURN) * TURN;
      publish(Math.floor(Math.random() * keys), Math.round((performance.timeOrigin + start + turn) * 1000));
    }
  }, TURN);
}
