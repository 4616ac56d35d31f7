import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { FakeHost, welcome } from "./fake.js";

// A model of the server: views that change shape, deltas made of the paths that changed at least once, connections
// that are lost, epochs that change. The client has to show what the server has at the version that it names.

const folder = new URL("..", import.meta.url);
const names = (await readdir(folder)).filter((name) => /^akkafeeds(?!-element|-react).*\.js$/.test(name));
const sources = new Map(await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, folder), "utf8")])));
const made = await mkdtemp(join(tmpdir(), "akkafeeds-random-"));
after(() => rm(made, { recursive: true }));
await writeFile(join(made, "package.json"), '{ "type": "module" }');

/** The client with a text in one of its modules changed. */
async function load(right = "", wrong = "") {
  const holders = [...sources].filter(([, text]) => right !== "" && text.includes(right));
  assert.equal(holders.length, right === "" ? 0 : 1, `${holders.length} modules of the client have ${right}`);
  const copy = await mkdtemp(join(made, "client-"));
  for (const [name, text] of sources) {
    await writeFile(join(copy, name), right === "" ? text : text.replace(right, wrong));
  }
  return (await import(pathToFileURL(join(copy, "akkafeeds.js")))).connect;
}

function generator(seed) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return { below: (limit) => next() % limit, chance: (percent) => next() % 100 < percent };
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function leaves(value, path = []) {
  return isObject(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]))
    : [path];
}

class Model {
  constructor(random) {
    this.random = random;
    this.epoch = 1;
    this.version = 0;
    this.view = {};
    this.log = []; // of this epoch: { version, paths }
    this.change();
  }

  change() {
    const before = structuredClone(this.view);
    const name = "abc"[this.random.below(3)];
    switch (this.random.below(5)) {
      case 0:
        delete this.view[name];
        break;
      case 1:
        this.view[name] = this.random.below(50);
        break;
      case 2:
        this.view[name] = {};
        break;
      default: {
        const inner = isObject(this.view[name]) ? this.view[name] : {};
        const member = ["x", "y", "__proto__"][this.random.below(3)];
        if (this.random.chance(30)) {
          delete inner[member];
        } else {
          Object.defineProperty(inner, member, {
            value: this.random.chance(30) ? { deep: this.random.below(9) } : [this.random.below(9), null],
            enumerable: true, configurable: true, writable: true,
          });
        }
        this.view[name] = inner;
      }
    }
    this.view.n = ++this.version;
    this.log.push({ version: this.version, paths: [...leaves(before), ...leaves(this.view)] });
  }

  recover() {
    this.epoch++;
    this.log = [];
    this.version += 1;
    this.change();
    this.log = [];
  }

  patch(base) {
    const changed = this.log.filter((entry) => entry.version > base).flatMap((entry) => entry.paths);
    const patch = (value, paths) => {
      const result = {};
      for (const head of new Set(paths.map((path) => path[0]))) {
        const below = paths.filter((path) => path[0] === head && path.length > 1).map((path) => path.slice(1));
        const inner = Object.hasOwn(value, head) ? value[head] : undefined;
        const made = inner === undefined ? null : isObject(inner) && below.length > 0 ? patch(inner, below) : inner;
        Object.defineProperty(result, head, { value: made, enumerable: true });
      }
      return result;
    };
    return patch(this.view, changed);
  }

  get epochText() {
    return `t.1.${this.epoch}`;
  }
}

function history(connect, seed, frames) {
  const random = generator(seed);
  const fake = new FakeHost();
  const feeds = connect({ url: "ws://x", transport: "websocket", host: fake.host() });
  const model = new Model(random);
  const watch = feeds.watch("f", "k");
  let held = null;
  let sent = 0;
  const name = { feed: "f", key: "k" };
  const say = (frame) => {
    fake.socket.say(frame);
    sent++;
    const { data, version, epoch } = watch.current;
    if (frame.op === "snapshot" || frame.op === "delta") {
      assert.equal(JSON.stringify(sorted(data)), JSON.stringify(sorted(model.view)), `seed ${seed}: ${JSON.stringify(frame)}`);
      assert.deepEqual([epoch, version], [model.epochText, model.version]);
    }
  };
  const whole = (cause) => {
    held = model.version;
    say({ op: "snapshot", ...name, epoch: model.epochText, version: model.version, data: model.view, state: "live", at: 1, pos: { 0: model.version }, cause });
  };
  const greet = () => {
    fake.socket.onopen();
    fake.socket.say(welcome(9_000 + fake.time));
    const [subscribe] = fake.socket.take("subscribe").slice(-1);
    const { resume } = subscribe;
    if (resume && resume.epoch === model.epochText && resume.version >= (model.log[0]?.version ?? Infinity) - 1) {
      assert.equal(resume.version, watch.current.version);
      held = resume.version;
      fake.socket.say({ op: "resumed", ...name, epoch: model.epochText, version: held });
    } else {
      whole("subscribe");
    }
  };
  greet();
  while (sent < frames) {
    for (let changes = random.below(4); changes > 0; changes--) {
      model.change();
    }
    if (random.chance(3)) {
      fake.socket.onclose({ code: 1006 });
      assert.equal(watch.current.state, "stale");
      for (const count = fake.sockets.length; fake.sockets.length === count; ) {
        fake.advance(500);
      }
      greet();
    } else if (random.chance(3)) {
      model.recover();
      whole("recovery");
    } else if (held < model.version) {
      if (random.chance(5)) {
        // What the server has sent before may come again, and what is not for this epoch must change nothing.
        const before = watch.current;
        fake.socket.say({ op: "delta", ...name, epoch: model.epochText, base: 0, version: held, data: { n: -1 }, at: 1, pos: {} });
        assert.equal(watch.current, before);
      }
      say({ op: "delta", ...name, epoch: model.epochText, base: held, version: model.version, data: model.patch(held), at: 1, pos: { 0: model.version } });
      held = model.version;
    }
    if (random.chance(5)) {
      fake.socket.say({ op: "delta", ...name, epoch: "t.1.0", base: 0, version: 10 ** 6, data: { n: -2 }, at: 1, pos: {} });
      if (fake.socket.take("subscribe").some((frame) => frame.resume === undefined)) {
        whole("resync");
      }
      assert.equal(watch.current.data.n, model.view.n);
      model.version === held || whole("resync");
    }
    fake.advance(random.below(40));
  }
  feeds.close();
  return sent;
}

const sorted = (value) => Array.isArray(value) ? value : isObject(value)
  ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)])
  : value;

test("20,000 random frames with lost connections and recoveries always show what the server has", async () => {
  const connect = await load();
  let frames = 0;
  for (let seed = 1; frames < 20_000; seed++) {
    frames += history(connect, seed, 500);
  }
});

const defects = {
  "the epoch is ignored": ["frame.epoch !== epoch || frame.base > version", "frame.base > version"],
  "the base is ignored": ["frame.epoch !== epoch || frame.base > version", "false"],
  "old deltas are applied": ["frame.epoch === epoch && frame.version <= version", "false"],
  "patches replace objects": ["mergePatch(this.held.data, frame.data)", "({ ...this.held.data, ...frame.data })"],
  "null does not remove": ["result.delete(name)", "result.set(name, null)"],
  "a patch is not merged below": ["mergePatch(result.get(name), change)", "change"],
  "a snapshot keeps what it lacks": ["this.#with(frame, frame.data,", "this.#with(frame, mergePatch(this.held.data, frame.data),"],
  "the version stays behind": ["{ data, version,", "{ data, version: this.held.version < 0 ? version : this.held.version,"],
  "a gap is asked for with resume": ["this.core._send(this.subscribeFrame(false))", "this.core._send(this.subscribeFrame(true))"],
  "a lost connection shows as live": ["this._silent(0);", "this._staleSince;"],
};

for (const [name, [right, wrong]] of Object.entries(defects)) {
  test(`a defect is found: ${name}`, async () => {
    const connect = await load(right, wrong);
    assert.throws(() => {
      for (let seed = 1; seed <= 20; seed++) {
        history(connect, seed, 300);
      }
    });
  });
}
