// The states of a feed over the last fifteen minutes: a strip to look at, and the same in words.
import { make, setText, sync } from "/board/dom.js";
import { clockText, reasonText, spanText } from "/board/text.js";

const SPAN = 900_000; // ms
const LINES_MAX = 6;

export class Strip {
  #bar = make("div", "strip");
  #words = make("p", "lead");
  #list = make("ol", "changes");
  #none = make("p", "muted", "No other state in this time.");

  constructor() {
    this.#bar.setAttribute("role", "img");
    const scale = make("div", "scale", ...["15 min ago", "10", "5", "now"].map((text) => make("span", "", text)));
    scale.setAttribute("aria-hidden", "true");
    this.element = make("div", "", this.#words, this.#bar, scale, this.#list, this.#none);
  }

  show(history, now) {
    const parts = partsOf(history, now);
    const words = inWords(parts);
    setText(this.#words, words);
    this.#bar.setAttribute("aria-label", words);
    sync(this.#bar, parts, () => make("i"), (element, part) => {
      element.className = part.state;
      element.style.flexGrow = String(Math.max(1, part.to - part.from));
      element.title = part.state === "unknown" ? "not known" : said(part);
    });
    const lines = parts.filter(({ state }) => state !== "live" && state !== "unknown").slice(-LINES_MAX).reverse();
    sync(this.#list, lines, () => make("li", "", make("time"), make("span", "badge"), make("span"), make("span", "muted")), (item, part) => {
      const [time, badge, why, span] = item.children;
      setText(time, clockText(part.from));
      badge.className = `badge ${part.state}`;
      setText(badge, part.state);
      setText(why, part.reason ? reasonText(part.reason) : "");
      setText(span, part.isLast ? `for ${spanText(part.to - part.from)} until now` : `for ${spanText(part.to - part.from)}`);
    });
    this.#none.hidden = lines.length > 0;
  }
}

/** What the strip shows, oldest first, from fifteen minutes ago to now: what no node told is `unknown`. */
export function partsOf(history, now) {
  const begins = now - SPAN;
  // A state of no time was none, but for the one that has just begun.
  const isShown = ({ from, to }, index) => to > begins && (to > from || index === history.length - 1);
  const inside = history.filter(isShown).map((part) => ({ ...part, from: Math.max(part.from, begins) }));
  const first = inside[0]?.from ?? now;
  const parts = first - begins > 1_000 ? [{ state: "unknown", from: begins, to: first }, ...inside] : inside;
  return parts.map((part, index) => ({ ...part, isLast: index === parts.length - 1 }));
}

/** "Live for 96 % of the last 15 minutes; stale twice, 31 s in all." */
export function inWords(parts) {
  const known = parts.filter(({ state }) => state !== "unknown");
  const all = known.reduce((sum, { from, to }) => sum + to - from, 0);
  if (all === 0) {
    return "Nothing is known of the last 15 minutes.";
  }
  const sums = new Map();
  for (const { state, from, to } of known) {
    const { count, took } = sums.get(state) ?? { count: 0, took: 0 };
    sums.set(state, { count: count + 1, took: took + to - from });
  }
  const live = sums.get("live")?.took ?? 0;
  const share = live === all ? "all" : `${(100 * live / all).toFixed(live / all > 0.99 ? 1 : 0)} %`;
  const span = known.length === parts.length ? "the last 15 minutes" : `the ${spanText(all)} that this node knows`;
  const others = [...sums].filter(([state]) => state !== "live").map(([state, { count, took }]) => `${state} ${times(count)}, ${spanText(took)}${count > 1 ? " in all" : ""}`);
  return `Live for ${share} of ${span}${others.length > 0 ? `; ${others.join("; ")}` : ""}.`;
}

const times = (count) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

const said = ({ state, reason, from, to }) =>
  `${state}${reason ? `: ${reasonText(reason)}` : ""}, ${clockText(from)} to ${clockText(to)}`;
