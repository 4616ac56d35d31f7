// node main.js BINARY: the board in a real Chromium against the built server. Ends by itself within seven minutes.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { ended, say, check } from "./checks.js";
import { endAll, folder } from "./processes.js";
import { Broker, startDemo } from "./servers.js";
import { demoCases } from "./demo.js";
import { healthCases } from "./health.js";
import { listCases } from "./list.js";
import { stateCases } from "./states.js";
import { ladderCases } from "./ladder.js";
import { brokerCases } from "./broker.js";
import { readmeCases } from "./readme.js";

const LIMIT = 410_000;
const [binary, only] = process.argv.slice(2);
const executablePath = process.env.AKKAFEEDS_TEST_CHROMIUM ?? "/usr/bin/chromium";

let code = 1;
let browser = null;
const stop = async (why, exitCode) => {
  say(why);
  await endAll();
  process.exit(exitCode);
};
const limit = setTimeout(() => {
  void check("all checks end in time", () => Promise.reject(new Error(`not within ${LIMIT / 1000} s`)))
    .then(() => stop("ended by force", ended()));
}, LIMIT);
["SIGINT", "SIGTERM"].forEach((name) => process.on(name, () => void stop(name, 130)));

try {
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  say(`Chromium ${browser.version()}`);
  const home = process.env.KAFKA_HOME;
  const broker = home && existsSync(home) ? new Broker(home) : null;
  await broker?.start();
  const kept = broker ? ["--broker", broker.address, "--data", folder()] : [];
  const demo = await startDemo(binary, ["demo", "--rate", "60", ...kept]);
  say(`a demo at ${demo.base}${broker ? " on a real broker" : ""}`);
  if (only === undefined || only === "demo") {
    await demoCases(browser, demo);
  }
  if (only === undefined || only === "list") {
    await listCases(browser, demo);
    await stateCases(browser, demo);
  }
  if (only === undefined || only === "health") {
    await healthCases(browser, demo);
  }
  if (only === undefined || only === "ladder") {
    await ladderCases(browser, demo);
  }
  if (broker && (only === undefined || only === "broker")) {
    await brokerCases(browser, binary, broker, demo.program);
  } else if (!broker && (only === undefined || only === "broker")) {
    say("SKIPPED, NOT PROVEN HERE: the checks that want a real broker; KAFKA_HOME says where one is.");
  }
  if (only === undefined || only === "readme") {
    await readmeCases(browser);
  }
} catch (error) {
  await check("the surroundings", () => Promise.reject(error));
} finally {
  clearTimeout(limit);
  await browser?.close();
  await endAll();
  code = ended();
}
process.exit(code);
