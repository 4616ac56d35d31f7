// What a newcomer does: the README's own command, as it stands there, on a machine that has nothing but the SDK.
import { readFileSync, readdirSync } from "node:fs";
import { check, must, within } from "./checks.js";
import { startDemo } from "./servers.js";
import { Screen } from "./screen.js";

const root = new URL("../../", import.meta.url);

export async function readmeCases(browser) {
  await check("the README's command shows a live board, and leaves nothing behind", () => firstUse(browser));
}

async function firstUse(browser) {
  const command = /^dotnet run .* -- demo$/m.exec(readFileSync(new URL("README.md", root), "utf8"));
  must(command, "README.md has no line `dotnet run ... -- demo`");
  const [file, ...args] = command[0].split(" ");
  const begun = Date.now();
  const { program, base, home } = await startDemo(file, args, { cwd: root, group: true, limit: 120_000 });
  const printed = Date.now() - begun;
  const screen = await Screen.open(browser, base, { hash: "#/flights/ATL" });
  await screen.shows({ state: "live", key: "live" });
  const live = Date.now() - begun;
  await screen.close();
  program.signal("SIGINT");
  await program.ended;
  const left = readdirSync(home).filter((name) => name.startsWith("akkafeeds"));
  must(left.length === 0, `it left ${left}`);
  // With a build, where the solution was built otherwise than `dotnet run` builds: 56 s on two cores; 9 s without.
  return `${within("the URL", printed, 100_000)}; ${within("ATL was live", live, 110_000)}`;
}
