// The built server, and the real broker.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program, folder, freePorts } from "./processes.js";
import { until } from "./checks.js";

const url = /^http:\/\/127\.0\.0\.1:\d+$/m;

/** A demo on free ports, by a command that ends in `demo` and its options. */
export async function startDemo(file, args, { limit, ...surroundings } = {}) {
  const home = folder();
  const all = [...args, "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
  const program = new Program("demo", file, all, { ...surroundings, env: { TMPDIR: home } });
  const [base] = await program.wrote(url, limit);
  return { program, base, home };
}

/** A real broker that can be killed and started again with what it holds. */
export class Broker {
  #home;
  #data = folder();
  #program = null;

  constructor(home) {
    this.#home = home;
  }

  async start() {
    this.port ??= await freePorts();
    this.#program = new Program("broker", join(this.#home, "start.sh"), [this.#data, String(this.port)]);
    await this.#program.wrote(/Kafka Server started|started \(kafka\.server/i, 90_000);
    return Date.now();
  }

  kill() {
    return this.#program.kill();
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }
}

/** `akkafeeds serve` of a file, on one port over all its lives. */
export class Served {
  #binary;
  #file;
  #program = null;

  constructor(binary, broker, feeds) {
    this.#binary = binary;
    const home = folder();
    this.#file = join(home, "feeds.yaml");
    this.#head = (port) => `kafka: { brokers: ${broker.address}, group: browser-tests }
store: sqlite:${join(home, "feeds.db")}
http: { urls: http://127.0.0.1:${port} }
admin: { urls: http://127.0.0.1:0 }
checkpoint: { every: 1s }
feeds:
${feeds}`;
  }

  #head;

  async start() {
    this.port ??= await freePorts();
    writeFileSync(this.#file, this.#head(this.port));
    this.#program = new Program("serve", this.#binary, ["serve", this.#file]);
    await until("/v1/feeds answers", async () => {
      if (this.#program.hasEnded) {
        throw new Error(this.#program.output.slice(-2_000));
      }
      return (await fetch(`${this.base}/v1/feeds`)).ok;
    }, 30_000);
    return Date.now();
  }

  get base() {
    return `http://127.0.0.1:${this.port}`;
  }

  kill() {
    return this.#program.kill();
  }
}
