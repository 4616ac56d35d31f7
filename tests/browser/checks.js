// Counts checks, and waits for conditions with a limit.

let passed = 0;
let failed = 0;
const begun = performance.now();

/** Runs one check; what the act returns is what it measured. A failure ends the check and not the program. */
export async function check(name, act) {
  const from = performance.now();
  try {
    const measured = await act();
    passed++;
    say(`ok      ${name}: ${measured} (${seconds(performance.now() - from)})`);
  } catch (error) {
    failed++;
    say(`FAILED  ${name}: ${error.stack ?? error}`);
  }
}

export function say(text) {
  console.log(`${seconds(performance.now() - begun).padStart(7)}  ${text}`);
}

export function ended() {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

export function must(condition, text) {
  if (!condition) {
    throw new Error(text);
  }
}

/** Fails when a measured time is over its bound, and says both. */
export function within(what, milliseconds, bound) {
  must(milliseconds <= bound, `${what} after ${seconds(milliseconds)}, allowed are ${seconds(bound)}`);
  return `${what} after ${seconds(milliseconds)} (of ${seconds(bound)})`;
}

/** Asks again and again, and gives the first answer that is one. */
export async function until(what, ask, limit = 15_000, every = 50) {
  const deadline = performance.now() + limit;
  let last;
  for (;;) {
    try {
      last = await ask();
      if (last) {
        return last;
      }
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${seconds(limit)}${last instanceof Error ? `; ${last.message}` : ""}`);
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
