// The feeds by name, each with its state, its age and its lag: links that are made once and told.
import { make, setText, sync } from "/board/dom.js";
import { lagOf } from "/board/overview.js";
import { ageText, countText, stateText } from "/board/text.js";

export class FeedLinks {
  #root;

  constructor(root) {
    this.#root = root;
  }

  /** Shows the feeds, one of them as the one that is open. */
  show(cards, open) {
    sync(this.#root, cards, linkOf, (link, card) => {
      link.href = `#/${encodeURIComponent(card.name)}`;
      setText(link.children[1], card.name);
      card === open ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    });
  }

  /** How a feed is: its age in ms and its lanes, null where they are not known. */
  tell(index, { state, age, lanes }) {
    const [dot, , words, shownAge, lag] = this.#root.children[index].children;
    dot.className = `dot ${state}`;
    dot.title = stateText(state);
    setText(words, `: ${state}${age === null ? "" : ", age "}`);
    setText(shownAge, age === null ? "" : ageText(age));
    const { records, isWhole } = lagOf(lanes ?? []);
    const isKnown = lanes?.length > 0;
    setText(lag, isKnown ? `lag ${isWhole ? "" : "≥ "}${countText(records)}` : "");
    lag.title = isKnown
      ? `${records.toLocaleString("en")} records are not read yet${isWhole ? "" : ", of the partitions that are read"}`
      : "";
  }
}

function linkOf() {
  const dot = make("span", "dot");
  dot.setAttribute("aria-hidden", "true"); // the words say it
  // The spaces are for the voice, which reads the words of one link as one.
  return make(
    "a",
    "",
    dot,
    make("span"),
    make("span", "visually-hidden"),
    make("small", "age"),
    " ",
    make("small", "lag"),
  );
}
