// The processes of the tests: each is ended by its own id, whatever happens.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must, until } from "./checks.js";

const living = new Set();
const folders = new Set();
const logs = new URL("../../artifacts/browser/", import.meta.url);
let count = 0;

export function folder() {
  const made = mkdtempSync(join(tmpdir(), "akkafeeds-browser-"));
  folders.add(made);
  return made;
}

export class Program {
  output = "";
  #child;
  #group;

  /**
   * What it writes also stands in artifacts/browser, for whoever looks for the cause of a failure. One that starts others is
   * a group of its own, which signals reach as they do from a terminal.
   */
  constructor(name, file, args, { cwd, env = {}, group = false } = {}) {
    mkdirSync(logs, { recursive: true });
    const log = createWriteStream(new URL(`${++count}-${name}.log`, logs));
    const surroundings = { cwd, env: { ...process.env, ...env }, detached: group };
    this.#child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], ...surroundings });
    this.#group = group;
    living.add(this);
    const hear = (data) => {
      this.output = (this.output + data).slice(-100_000);
      log.write(data);
    };
    this.#child.stdout.on("data", hear);
    this.#child.stderr.on("data", hear);
    this.#child.on("error", (error) => hear(`${error}\n`));
    this.ended = new Promise((resolve) => this.#child.on("close", resolve)).then(() => {
      living.delete(this);
      log.end();
    });
  }

  get hasEnded() {
    return !living.has(this);
  }

  signal(name) {
    try {
      process.kill(this.#group ? -this.#child.pid : this.#child.pid, name);
    } catch (error) {
      must(error.code === "ESRCH", error); // it has ended by itself
    }
    return Date.now();
  }

  async kill() {
    const at = this.signal("SIGKILL");
    await this.ended;
    return at;
  }

  /** Waits for a match in what it wrote. */
  async wrote(pattern, limit = 40_000) {
    const found = await until(`${pattern} in the output`, () => {
      const match = pattern.exec(this.output);
      if (!match && this.hasEnded) {
        return { error: true };
      }
      return match;
    }, limit).catch((error) => {
      throw new Error(`${error.message}\n${this.output.slice(-2_000)}`);
    });
    if (found.error) {
      throw new Error(`it ended before it wrote ${pattern}:\n${this.output.slice(-2_000)}`);
    }
    return found;
  }
}

/** Ends what still runs, and deletes the folders. */
export async function endAll() {
  const all = [...living];
  all.forEach((program) => program.signal("SIGKILL"));
  await Promise.all(all.map((program) => program.ended));
  for (const made of folders) {
    rmSync(made, { recursive: true, force: true });
  }
  folders.clear();
}

/**
 * A port of the loopback interface that is free now, and the one above it, too. They lie below those that Linux gives to
 * connections: any connection could take one of those before the program that is meant listens.
 */
export async function freePorts() {
  return until("two free ports in a row", async () => {
    const port = await listenOnce(10_000 + Math.floor(Math.random() * 22_000));
    return (await listenOnce(port + 1)) && port;
  });
}

function listenOnce(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: taken } = server.address();
      server.close(() => resolve(taken));
    });
  });
}
