// What the board says of feeds beside their numbers: state, reason, since, lag. The states are put into
// the server's mouth.
import { check, must, until } from "./checks.js";
import { Screen } from "./screen.js";

const states = ["live", "stale", "partial", "rebuilding", "connecting", "blank"];

export async function stateCases(browser, { base }) {
  const told = { state: "live", lag: 1, at: [], asked: 0 };
  const before = async (page) => {
    await page.routeWebSocket("**/v1/ws", (socket) => {
      socket.connectToServer().onMessage((text) => {
        const frame = JSON.parse(text);
        Object.values(frame.feeds ?? {}).forEach((feed) => Object.assign(feed, { state: told.state }));
        socket.send(
          JSON.stringify(frame.op === "snapshot" ? { ...frame, state: told.state, reason: told.reason } : frame),
        );
      });
    });
    await page.route("**/v1/feeds/*/status", (route) => {
      told.at.push(performance.now());
      const { state, reason, since } = told;
      const lane = {
        topic: "t",
        partition: 0,
        node: "one",
        position: 0,
        end: told.lag,
        lag: told.lag,
        readAt: Date.now(),
      };
      return route.fulfill({
        json: {
          feed: "flights",
          state,
          reason,
          since,
          now: Date.now(),
          lanes: [lane, { ...lane, partition: 1, ...told.second }],
        },
      });
    });
  };
  const screen = await Screen.open(browser, base, { hash: "#/flights/ATL", before });
  try {
    await screen.shows({ state: "live", key: "live" });
    await check("the lag of a feed stands beside its name, and is asked for once in three seconds", () =>
      lag(screen, told),
    );
    await check("a feed that is not live says why and since when, and so does the voice", () => reason(screen, told));
    await check("nothing is asked for while nobody can see it", () => unseen(screen, told));
    await check("each state has a shape of its own, beside its colour", () => shapes(screen));
    await check("numbers that change are not spoken", () => quiet(screen));
    await check("a change of state of the open key is spoken", () => spoken(screen));
  } finally {
    await screen.close();
  }
}

async function lag({ page }, told) {
  const shows = (text) =>
    page.waitForFunction((text) => document.querySelector(".feeds .lag").textContent === text, text);
  await shows("lag 2");
  Object.assign(told, { lag: 1_234, second: { lag: undefined } });
  await shows("lag ≥ 1.2K");
  Object.assign(told, { lag: 0, second: { lag: 0 } });
  await shows("lag 0");
  const pauses = told.at.slice(1).map((at, index) => Math.round(at - told.at[index]));
  must(pauses.length >= 2 && pauses.every((one) => one > 2_500), `the pauses were ${pauses} ms`);
  return `${told.at.length} requests, ${Math.min(...pauses)} ms apart or more`;
}

async function reason({ page }, told) {
  Object.assign(told, { state: "stale", reason: "behind-slo", since: Date.now() - 65_000 });
  const changed = performance.now();
  await page.waitForFunction(() =>
    /^reading is behind what the feed promises, for 6[5-9] s$/.test(document.getElementById("feedWhy").textContent),
  );
  const took = Math.round(performance.now() - changed);
  const said = await page.evaluate(() => [
    document.getElementById("say").textContent,
    document.getElementById("feedWhy").textContent,
  ]);
  must(said[0].startsWith("flights: stale") && said[0].includes("reading is behind"), `it was said: ${said[0]}`);
  const row = await page.evaluate(() => document.querySelector(".feeds a").textContent);
  must(row.startsWith("flights: stale"), `the link says ${row}`);
  Object.assign(told, { state: "live", reason: undefined, since: undefined });
  await page.waitForFunction(() => document.getElementById("feedWhy").textContent === "");
  return `“${said[1]}” after ${took} ms; spoken “${said[0]}”`;
}

async function unseen({ page }, told) {
  const hide = (isHidden) =>
    page.evaluate((isHidden) => {
      isHidden
        ? Object.defineProperty(document, "hidden", { configurable: true, get: () => true })
        : delete document.hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);
  await hide(true);
  const hidden = told.at.length;
  // Six seconds by the clock that the page shows: two requests, were it seen.
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const begun = performance.now();
        new MutationObserver((_, observer) => {
          if (performance.now() - begun > 6_000) {
            observer.disconnect();
            resolve();
          }
        }).observe(document.getElementById("feedAge"), { childList: true });
      }),
  );
  must(told.at.length === hidden, `${told.at.length - hidden} times while the page was hidden`);
  await hide(false);
  await until("it is asked for again", () => told.at.length > hidden);
  return "none in six seconds";
}

async function shapes({ page }) {
  const all = await page.evaluate(
    (states) =>
      states.map((state) => {
        const made = document.createElement("span");
        document.body.append(made);
        const look = (className, pseudo) => {
          made.className = className;
          const { borderRadius, transform, clipPath, borderStyle, height, backgroundColor } = getComputedStyle(
            made,
            pseudo,
          );
          return [
            borderRadius,
            transform,
            clipPath,
            borderStyle,
            height,
            backgroundColor === "rgba(0, 0, 0, 0)",
          ].join(" ");
        };
        const looks = [look(`dot ${state}`), look(`badge ${state}`, "::before")];
        made.remove();
        return looks;
      }),
    states,
  );
  for (const index of [0, 1]) {
    must(
      new Set(all.map((looks) => looks[index])).size === states.length,
      `shapes are ${all.map((looks) => looks[index]).join(" | ")}`,
    );
  }
  return `${states.length} states, ${states.length} shapes`;
}

async function quiet({ page }) {
  await page.waitForFunction(() => document.querySelectorAll("#body tr").length > 3);
  const spoken = await page.evaluate(
    (from) =>
      new Promise((resolve) => {
        const spoken = [];
        const voices = new MutationObserver((changes) =>
          spoken.push(...changes.map(({ target }) => target.textContent)),
        );
        document
          .querySelectorAll("[role=status], [aria-live]")
          .forEach((voice) => voices.observe(voice, { childList: true, subtree: true, characterData: true }));
        new MutationObserver((_, observer) => {
          if (window.changedCells > from + 60) {
            observer.disconnect();
            voices.disconnect();
            resolve(spoken);
          }
        }).observe(document.getElementById("body"), { childList: true, subtree: true });
      }),
    await page.evaluate(() => window.changedCells),
  );
  // Keys that come are counted aloud, but seldom.
  must(spoken.length <= 1, `spoken was ${spoken.join(" / ")}`);
  return `${spoken.length} times while 60 cells changed`;
}

async function spoken({ page }) {
  await page.context().setOffline(true);
  await page.waitForFunction(() => document.getElementById("say").textContent.includes("ATL: stale"));
  const said = await page.textContent("#say");
  await page.context().setOffline(false);
  await page.waitForFunction(() => document.getElementById("say").textContent.includes("ATL: live"));
  return `“${said}”, then “${await page.textContent("#say")}”`;
}
