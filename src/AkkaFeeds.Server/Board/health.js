// The health of a feed: how fresh it is against what it promises, its states over time, its lanes, clients and quarantine. Asked for
// every two seconds, and only while somebody can see it.
import { fillRows, linked, make, pause, setText, sync, tableOf } from "/board/dom.js";
import { lagOf, statusOf } from "/board/overview.js";
import { Stages } from "/board/stages.js";
import { Strip } from "/board/strip.js";
import { ageText, promiseText, reasonText, refusalReasons, refusalText, spanText, valueText } from "/board/text.js";

const EVERY = 2_000;
const laneClasses = ["", "wide", "number wide", "number wide", "number", "number", ""];

export class Health {
  #root;
  #told; // gets what the server said, for whoever else shows it
  #card = null;
  #status = null;
  #shift = 0; // of the answering node's clock against this one's
  #trouble = "";
  #asking = null; // aborts what is asked, or the pause before the next
  #note = make("p", "note muted");
  #tiles = make("dl", "tiles");
  #stages = new Stages();
  #strip = new Strip();
  #owner = make("dl", "facts");
  #lanes = tableOf("Lanes", ["partition", "node", "position", "end", "lag", "read up to", "condition"]
    .map((name, index) => ({ name, className: laneClasses[index] })));
  #lanesLead = make("p", "lead");
  #clients = make("dl", "facts");
  #refused = make("dl", "facts");
  #refusedLead = make("p", "lead");

  constructor(root, told) {
    this.#root = root;
    this.#told = told;
    const beside = make("div", "beside", this.#stages.element, this.#owner);
    const last = make("div", "pair", card("Clients", this.#clients), card("Quarantine", this.#refusedLead, this.#refused));
    const lanes = make("div", "sideways", this.#lanes.table);
    lanes.tabIndex = 0;
    lanes.setAttribute("role", "region");
    lanes.setAttribute("aria-label", "Lanes");
    root.append(this.#note, this.#tiles, card("Freshness", beside), card("Last 15 minutes", this.#strip.element),
      card("Lanes", this.#lanesLead, lanes), last);
    document.addEventListener("visibilitychange", () => {
      if (this.#card) {
        this.#again();
      }
    });
  }

  /** Shows a feed and goes on asking for it, until it is hidden. */
  show(feed) {
    if (this.#card === feed) {
      return;
    }
    this.#card = feed;
    this.#status = null;
    this.#trouble = "";
    this.#root.hidden = false;
    this.#root.classList.add("empty-yet");
    this.#people();
    this.#again();
    this.tick();
  }

  hide() {
    this.#card = null;
    this.#asking?.abort();
    this.#root.hidden = true;
  }

  /** Called twice a second: ages go on without news. */
  tick() {
    if (!this.#card) {
      return;
    }
    if (!this.#status) {
      setText(this.#note, this.#trouble || "Asking the server…");
      return;
    }
    const age = Date.now() - this.#shift - this.#status.now;
    const isOld = age > 3 * EVERY;
    this.#root.classList.toggle("old", isOld);
    setText(this.#note, isOld ? `▲ As it was ${ageText(age)} ago. ${this.#trouble || "The server does not answer."}`
      : `Lanes are those of all nodes, the rest is what node ${this.#status.node} knows.`);
    this.#readUpTo();
  }

  #again() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    if (!document.hidden) {
      void this.#ask(this.#card, this.#asking.signal);
    }
  }

  async #ask(feed, signal) {
    while (!signal.aborted) {
      const { status, code } = await statusOf(feed.name, signal);
      if (signal.aborted) {
        return;
      }
      this.#trouble = troubleText(code);
      if (status) {
        this.#told(status);
        this.#fill(status);
      }
      this.tick();
      await pause(EVERY, signal);
    }
  }

  #fill(status) {
    this.#status = status;
    this.#shift = Date.now() - status.now;
    this.#root.classList.remove("empty-yet");
    const { freshness, history, lanes, quarantined, clients, slo, now } = status;
    const refused = Object.values(quarantined).reduce((sum, count) => sum + count, 0);
    const { records: lag } = lagOf(lanes);
    const slowest = freshness.stages.at(-1);
    const isOver = Boolean(slo && slowest && slowest.p99 > slo);
    const held = lanes.filter(({ condition }) => condition).length;
    this.#tell(this.#tiles, [
      ["Freshness, p99", slowest ? `${isOver ? "▲ " : ""}${spanText(slowest.p99)}` : "–", slo ? `${isOver ? "over" : "of"} ${spanText(slo)} promised` : "nothing promised", isOver],
      ["Lag", count(lag), `${lag === 1 ? "record" : "records"} in ${counted(lanes.length, "lane")}`, false],
      ["Clients", count(clients.connections), clients.slow > 0 ? `▲ ${count(clients.slow)} slow` : clients.connections > 0 ? "none slow" : "this page watches no row", clients.slow > 0],
      ["Quarantined", `${refused > 0 ? "▲ " : ""}${count(refused)}`, refused === 1 ? "record" : "records", refused > 0],
    ]);
    this.#stages.show(freshness, slo);
    this.#strip.show(history, now);
    setText(this.#lanesLead, lanes.length === 0 ? "No lane reads this feed yet."
      : held > 0 ? `▲ ${held} of ${counted(lanes.length, "lane")} not in order.` : `${counted(lanes.length, "lane")}, all in order.`);
    this.#lanesLead.classList.toggle("over", held > 0);
    this.#tell(this.#clients, [["Connections", count(clients.connections)], ["Subscriptions", count(clients.subscriptions)],
      ["Slow", `${clients.slow > 0 ? "▲ " : ""}${count(clients.slow)}`, "", clients.slow > 0],
      ...clients.slowest.map(({ id, path, waited, feeds }) => [
        id, `▲ ${spanText(waited)}`, `took nothing: ${path}, ${feeds.join(", ")}`, true])]);
    setText(this.#refusedLead, `${counted(refused, "record")} put aside.`);
    this.#refusedLead.classList.toggle("over", refused > 0);
    const reasons = [...new Set([...refusalReasons, ...Object.keys(quarantined)])];
    this.#tell(this.#refused, reasons.map((reason) => [refusalText(reason), count(quarantined[reason] ?? 0), "", quarantined[reason] > 0]));
  }

  // Those that are not in order come first.
  #readUpTo() {
    const { lanes, now } = this.#status;
    const current = Math.max(now, Date.now() - this.#shift);
    const hasTopics = new Set(lanes.map(({ topic }) => topic)).size > 1;
    this.#lanes.table.hidden = lanes.length === 0;
    fillRows(this.#lanes.body, lanes.toSorted((a, b) => Boolean(b.condition) - Boolean(a.condition)).map((lane) => [
      hasTopics ? `${lane.topic}/${lane.partition}` : String(lane.partition), lane.node ?? "–", valueText(lane.position), valueText(lane.end),
      valueText(lane.lag), lane.readAt ? `${ageText(Math.max(0, current - lane.readAt))} ago` : "–",
      lane.condition ? { text: `▲ ${reasonText(lane.condition)}`, className: "over" } : "in order",
    ]), laneClasses);
  }

  #people() {
    const { slo, owner, contact, runbook } = this.#card;
    this.#owner.replaceChildren(...[["Promise", slo ? `fresh within ${promiseText(slo)}` : "none"], ["Owner", owner ?? "not named"],
      ["Contact", contact ? linked(contact) : "not named"], ["Runbook", runbook ? linked(runbook, "open") : "none"]]
      .map(([name, value]) => make("div", "", make("dt", name === "Promise" && slo ? "dashed" : "", name), make("dd", "", value))));
  }

  #tell(list, facts) {
    sync(list, facts, () => make("div", "", make("dt"), make("dd"), make("dd", "small")), (item, [name, value, more = "", isOver = false]) => {
      const [term, shown, small] = item.children;
      setText(term, name);
      setText(shown, value);
      setText(small, more);
      small.hidden = more === "";
      item.classList.toggle("over", isOver);
    });
  }
}

function card(title, ...inner) {
  const heading = make("h2", "", title);
  const section = make("section", "card", heading, ...inner);
  section.setAttribute("aria-label", title);
  return section;
}

const count = (number) => number.toLocaleString("en");

const counted = (number, what) => `${count(number)} ${what}${number === 1 ? "" : "s"}`;

const troubleText = (code) => code === 200 ? "" : code === 404 ? "This server does not tell the health of its feeds."
  : code === null ? "The server does not answer; trying again." : `The server answers ${code}; trying again.`;
