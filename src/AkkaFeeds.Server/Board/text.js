// How things are said.

const states = {
  live: "live", stale: "stale: the numbers may be old", partial: "current, but records are known to be missing",
  rebuilding: "rebuilding from the log", blank: "no record has made it yet", connecting: "connecting",
};

const reasons = {
  recovering: "the slot is recovering its state", replaying: "the feed is replayed from the log",
  "source-unreachable": "Kafka does not answer", "partition-unowned": "nobody reads a partition at the moment",
  "behind-slo": "reading is behind what the feed promises", "open-transaction": "an open transaction holds records back",
  "store-down": "the store does not answer", connection: "the connection to the server is lost",
  quarantined: "a record of it could not be folded", "lost-range": "the log no longer has some of its records",
  "source-changed": "the topic is not the one it was", schema: "the schema has changed",
};

const refusals = {
  decode: "cannot be decoded", "bad-key": "key is missing or impossible", time: "time cannot be read", future: "time is in the future",
  type: "field of another type", overflow: "number too large", limit: "over a limit",
};

/** Why a record stands in the quarantine: all reasons that there are. */
export const refusalReasons = Object.keys(refusals);

export const refusalText = (reason) => refusals[reason] ?? reason;

const rungs = { websocket: "WebSocket", sse: "event stream", longpoll: "long poll", poll: "polling" };

export const rungText = (transport) => rungs[transport] ?? transport;

export const stateText = (state) => states[state] ?? state;

export const reasonText = (reason) => reasons[reason] ?? reason ?? "";

/** Why something is not live, and for how long, as far as that is told. */
export function whyText({ state, reason, since, missing }, now) {
  const parts = missing?.length ? ` (${missing.join(", ")})` : "";
  const span = since ? `, for ${ageText(Math.max(0, now - since))}` : "";
  return `${reason ? `${reasonText(reason)}${span}` : stateText(state)}${parts}`;
}

/** The state of a row comes without a reason: its key has it. */
export const rowStateText = (state) =>
  state === "live" || state === "blank" ? stateText(state) : `${stateText(state)}; open the key to see why`;

export function ageText(milliseconds) {
  if (milliseconds === null) {
    return "";
  }
  const seconds = milliseconds / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : seconds < 120 ? `${Math.round(seconds)} s`
    : seconds < 7200 ? `${Math.round(seconds / 60)} min` : seconds < 172_800 ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86_400)} d`;
}

/** A span that is over: no fractions of a long one. */
export function spanText(milliseconds) {
  return milliseconds > 0 && milliseconds < 1 ? "< 1 ms" : milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : milliseconds < 10_000
    ? `${(milliseconds / 1000).toFixed(1).replace(/\.0$/, "")} s` : ageText(milliseconds);
}

/** A span as a file has it: 2s, 500ms. */
export function promiseText(slo) {
  return slo.replace(/^(\d+)([a-z]+)$/, "$1 $2");
}

export function clockText(at) {
  return new Date(at).toLocaleTimeString("en-GB");
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const middle = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

const fixedTo = (digits) => new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" });
const fixed = { 1: fixedTo(1), 3: fixedTo(3) };

const plain = new WeakSet(); // fields that are called a rate and have been more than 1, so that 1 is not 100 %

function isShare(value, field) {
  const is = /(rate|share|ratio)$/i.test(field?.name ?? "") && !plain.has(field) && field.type !== "long" && value >= 0 && value <= 1;
  if (!is && field) {
    plain.add(field);
  }
  return is;
}

/** How many decimals a column of numbers is shown with, so that they stand below each other; null where none has any. */
export function decimalsOf(values, field) {
  const numbers = values.filter((value) => typeof value === "number");
  const areShares = numbers.map((value) => isShare(value, field)).every(Boolean);
  return numbers.every(Number.isInteger) ? null : areShares || numbers.some((value) => Math.abs(value) >= 1) ? 1 : 3;
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A count in little room: 950, 1.2K, 3.4M. */
export const countText = (count) => compact.format(count);

/** A value that stands alone: a number that may have decimals has as many as in a column, also if it has none now. */
export function singleText(value, field) {
  const isDouble = field?.type === "double" && typeof value === "number";
  return valueText(value, field, decimalsOf([value], field) ?? (isDouble ? 1 : null));
}

export function valueText(value, field, decimals = null) {
  if (value === undefined || value === null) {
    return "–";
  }
  if (typeof value === "number") {
    if (isShare(value, field)) {
      return `${(decimals === null ? middle : fixed[decimals]).format(value * 100)} %`;
    }
    if (decimals !== null) {
      return fixed[decimals].format(value);
    }
    return Number.isInteger(value) ? whole.format(value) : Math.abs(value) < 1 ? small.format(value) : middle.format(value);
  }
  if (typeof value === "string") {
    return field?.type === "time" || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) ? value.slice(0, 19).replace("T", " ") : value;
  }
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  return JSON.stringify(value);
}
