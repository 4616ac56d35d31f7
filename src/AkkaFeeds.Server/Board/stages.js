// How fresh the records of the last minute were at each stage, against what the feed promises. The axis is logarithmic.
import { fillRows, make, setText, sync, tableOf } from "/board/dom.js";
import { spanText } from "/board/text.js";

const stages = {
  produce: "in the log", ingest: "read and decoded", publish: "folded and published", write: "written to clients", render: "painted by browsers",
};
const HEIGHT = 18; // of the fullest bucket, px
const percentiles = ["p50", "p90", "p99"];
const classes = ["", "chart", "number", "number", "number", "number wide"];

export class Stages {
  #lead = make("p", "lead");
  #axis = make("div", "axis");
  #key = make("p", "muted key", "Columns count records by their age, from when Kafka says that they were created. "
    + "The bar below reaches from p50 to p99, with p90 marked on it.");
  #body;
  #table;

  constructor() {
    const { table, body, heads } = tableOf("Freshness by stage",
      ["stage", "", ...percentiles, "measured"].map((name, index) => ({ name, className: classes[index] })));
    this.#body = body;
    this.#table = table;
    this.#axis.setAttribute("aria-hidden", "true");
    heads[1].append(this.#axis);
    this.#key.setAttribute("aria-hidden", "true");
    this.element = make("div", "", this.#lead, table, this.#key);
  }

  show({ windowSeconds, stages: all }, slo) {
    this.#key.hidden = this.#table.hidden = all.length === 0;
    const most = Math.max(...all.map(({ p99 }) => p99), slo ? 2 * slo : 0, 1_000);
    const end = Math.ceil(Math.log10(most));
    const at = (value) => Math.max(0, Math.min(100, 100 * Math.log10(Math.max(1, value)) / end));
    setText(this.#lead, leadOf(all, slo, windowSeconds));
    this.#lead.classList.toggle("over", overOf(all, slo).length > 0);
    sync(this.#axis, Array.from({ length: end + 1 }, (_, power) => 10 ** power), () => make("span"), (tick, value) => {
      tick.style.left = `${at(value)}%`;
      setText(tick, value < 1_000 ? `${value} ms` : `${value / 1_000} s`);
    });
    fillRows(this.#body, all.map((one) => [stages[one.stage] ?? one.stage, "",
      ...percentiles.map((name) => numberOf(one[name], slo)), one.count.toLocaleString("en")]), classes);
    all.forEach((one, index) => this.#draw(this.#body.rows[index].cells[1], one, slo, at));
  }

  // The histogram; below it from the median to p99, with a tick at p90. The promise is a line, and what is behind it is
  // hatched. A bucket is as high as its share of the fullest.
  #draw(cell, { p50, p90, p99, buckets }, slo, at) {
    cell.setAttribute("aria-hidden", "true");
    const fullest = Math.max(...buckets.map(({ count }) => count));
    const marks = buckets.map(({ from, to = Infinity, count }) =>
      [slo && from >= slo ? "bucket late" : "bucket", at(from), at(to) - at(from), count / fullest]);
    marks.push(["reach", at(p50), Math.max(.8, at(p99) - at(p50))], ["tick", at(p90), 0]);
    if (slo) {
      marks.push(["promise", at(slo), 0]);
      if (p99 > slo) {
        marks.push(["beyond", at(Math.max(slo, p50)), Math.max(.8, at(p99) - at(Math.max(slo, p50)))]);
      }
    }
    if (!cell.firstElementChild) {
      cell.append(make("div", "track"));
    }
    sync(cell.firstElementChild, marks, () => make("i"), (mark, [name, left, width, share]) => {
      mark.className = name;
      mark.style.height = share === undefined ? "" : `${Math.max(1, HEIGHT * share)}px`;
      mark.style.left = `${left}%`;
      mark.style.width = width > 0 ? `${width}%` : "";
    });
  }
}

function numberOf(value, slo) {
  return slo && value > slo ? { text: `▲ ${spanText(value)}`, className: "over" } : spanText(value);
}

function overOf(all, slo) {
  return slo ? all.flatMap(({ stage, ...one }) => percentiles.filter((name) => one[name] > slo).slice(0, 1).map((name) => ({ stage, name }))) : [];
}

/** The chart in one sentence. */
export function leadOf(all, slo, windowSeconds) {
  if (all.length === 0) {
    return `No record was measured in the last ${windowSeconds} s.`;
  }
  const over = overOf(all, slo);
  if (over.length > 0) {
    const which = over.map(({ stage, name }) => `${stages[stage] ?? stage} from ${name} on`).join("; ");
    return `▲ Over the ${spanText(slo)} that are promised: ${which}.`;
  }
  const last = all.at(-1);
  const promise = slo ? `, within the ${spanText(slo)} that are promised` : "; nothing is promised";
  return `In the last ${windowSeconds} s, 99 of 100 were ${stages[last.stage] ?? last.stage} within ${spanText(last.p99)}${promise}.`;
}
