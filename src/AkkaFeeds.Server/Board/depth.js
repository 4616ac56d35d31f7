// What stands behind the numbers of a key: version, epoch, position by partition, how often it changed, and all of it as JSON.
import { make, setText } from "/board/dom.js";
import { ageText, clockText, valueText } from "/board/text.js";

const EVERY = 2_000;
const MINUTE = 60_000;
const STEP = 250; // what changes within so many ms is one step, so that a minute has a bounded number of them

/** How often a version went up in the last minute. */
export class Changes {
  #steps = []; // { at, version }
  #epoch = null;
  #begunAt = 0;

  add({ version, epoch }, now) {
    if (version < 0) {
      return;
    }
    if (this.#epoch !== epoch || version < (this.#steps.at(-1)?.version ?? 0)) {
      this.#steps = [];
      this.#epoch = epoch;
      this.#begunAt = now;
    }
    const last = this.#steps.at(-1);
    if (last && this.#steps.length > 1 && now - last.at < STEP) {
      last.version = version;
    } else if (last?.version !== version) {
      this.#steps.push({ at: now, version });
    }
  }

  /** The count, and the span that it is of: less than a minute when it was not watched for so long. */
  count(now) {
    const inside = this.#steps.findIndex((step) => step.at > now - MINUTE);
    this.#steps.splice(0, Math.max(0, (inside < 0 ? this.#steps.length : inside) - 1));
    const span = Math.min(MINUTE, now - this.#begunAt);
    return { changes: (this.#steps.at(-1)?.version ?? 0) - (this.#steps[0]?.version ?? 0), span };
  }
}

export class Depth {
  #feeds;
  #card = null;
  #key = null;
  #view = null;
  #changes = new Changes();
  #timer = null;
  #version = make("code", "version");
  #epoch = make("code", "epoch");
  #changed = make("dd");
  #newest = make("dd");
  #since = make("dd");
  #position = make("dl", "facts");
  #positions;
  #raw;
  #json = make("pre");
  #copy = make("button", "quiet chip", "Copy");

  constructor(feeds) {
    this.#feeds = feeds;
    this.#copy.type = "button";
    this.#copy.addEventListener("click", () => void this.#copied());
    this.#json.tabIndex = 0;
    this.#positions = make("details", "", make("summary", "", "Position by partition"), this.#position);
    this.#raw = make("details", "", make("summary", "", "Raw JSON"), this.#copy, this.#json);
    this.#positions.addEventListener("toggle", () => this.#ask());
    this.#raw.addEventListener("toggle", () => this.#write());
    const facts = [["Changed", this.#changed], ["Newest record", this.#newest], ["State", this.#since], 
      ["Version", make("dd", "", this.#version)], ["Epoch", make("dd", "", this.#epoch)]];
    this.element = make("div", "depth", make("dl", "facts", ...facts.map(([name, value]) => make("div", "", make("dt", "", name), value))),
      this.#positions, this.#raw);
  }

  show(card, key) {
    this.#card = card;
    this.#key = key;
    this.#view = null;
    this.#changes = new Changes();
    this.#position.replaceChildren();
    this.#ask();
  }

  hide() {
    clearTimeout(this.#timer);
    this.#key = null;
  }

  fill(view) {
    this.#view = view;
    this.#changes.add(view, this.#feeds.now());
    setText(this.#version, view.version < 0 ? "" : String(view.version));
    setText(this.#epoch, view.epoch ?? "");
    this.tick();
    this.#write();
  }

  tick() {
    if (!this.#view) {
      return;
    }
    const now = this.#feeds.now();
    const { at, state, since } = this.#view;
    const { changes, span } = this.#changes.count(now);
    setText(this.#changed, `${valueText(changes)} ${changes === 1 ? "time" : "times"} in ${span < MINUTE ? ageText(span) : "the last minute"}`);
    setText(this.#newest, at > 0 ? `${clockText(at)}, ${ageText(Math.max(0, now - at))} ago` : "none yet");
    setText(this.#since, since ? `${state} since ${clockText(since)}` : state);
  }

  // The client keeps no position for the page, so it is asked for; only while somebody looks at it.
  async #ask() {
    clearTimeout(this.#timer);
    const [card, key] = [this.#card, this.#key];
    if (!this.#positions.open || key === null) {
      return;
    }
    if (!document.hidden) {
      const answer = await fetch(`/v1/feeds/${encodeURIComponent(card.name)}/key?key=${encodeURIComponent(key)}`, { signal: AbortSignal.timeout(5_000) })
        .then((one) => (one.ok ? one.json() : null)).catch(() => null);
      if (key !== this.#key || card !== this.#card) {
        return;
      }
      this.#show(answer);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), EVERY);
  }

  #show(answer) {
    const places = Object.entries(answer?.pos ?? {});
    const facts = !answer ? [["The server does not answer.", ""]] : places.length === 0 ? [["No record yet.", ""]] : places;
    this.#position.replaceChildren(...facts.map(([name, offset]) => make("div", "",
      make("dt", "", offset === "" ? name : `partition ${name}`), make("dd", "", offset === "" ? "" : valueText(offset)))));
  }

  #write() {
    if (this.#raw.open && this.#view) {
      setText(this.#json, this.#text());
    }
  }

  #text() {
    const { data, state, reason, since, progress, missing, version, epoch, at } = this.#view;
    return JSON.stringify({ feed: this.#card.name, key: this.#key, epoch, version, state, reason, since, progress, missing, at, data }, null, 2);
  }

  async #copied() {
    const text = this.#text();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without TLS, and not on this machine, there is no clipboard: what is selected can be copied by hand.
      getSelection().selectAllChildren(this.#json);
      setText(this.#copy, "Selected: press Ctrl+C");
      return;
    }
    setText(this.#copy, "Copied");
    setTimeout(() => setText(this.#copy, "Copy"), 2_000);
  }
}
