// What a page gives is looked at before anything is done with it: an error names it, and says what is wanted instead. What a
// server looks at itself and explains (maxRate, limit, sort, prefix, id) is left to it.

const KINDS = {
  feed: "string", key: "string", query: "object", fields: "array", signal: "object",
  callback: "function", token: "function", onError: "function", onNotice: "function",
};

/** Throws where something is of another kind; null or undefined was left out, which no string (feed, key) may be. */
export function check(given) {
  for (const [name, value] of Object.entries(given)) {
    const kind = KINDS[name];
    const found = Array.isArray(value) ? "array" : typeof value;
    if (kind && kind !== found && (kind === "string" || (value ?? null) !== null)) {
      refuse(name, value && found, kind); // not the value: a token is no one's business
    }
  }
}

export function refuse(name, found, wanted) {
  throw new TypeError(`akkafeeds: ${name}: ${found}: give ${wanted}`);
}
