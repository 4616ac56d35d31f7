// <akka-feed feed="flights" key="ATL" field="departures">…</akka-feed>: one value, with its state as an attribute.
import { connect } from "./akkafeeds.js";

const shared = Symbol.for("akkafeeds.feeds");
const texts = { connecting: "connecting", stale: "may be old", partial: "records are missing", rebuilding: "rebuilding", blank: "no record yet" };

// A server that renders pages has no elements, and may load this all the same.
const Base = globalThis.HTMLElement ?? class {};

/** Defined as akka-feed when the module is loaded by a browser. */
export class AkkaFeedElement extends Base {
  static observedAttributes = ["feed", "key", "field", "announce"];
  #feeds = null;
  #watch = null;
  #value = null;
  #state = null;
  #isDue = false;
  #format = (value) => (typeof value === "number" ? value.toLocaleString(this.closest("[lang]")?.lang || undefined) : String(value));

  /** The connection; one of the page's own where none is given. */
  get feeds() {
    return (this.#feeds ??= globalThis[shared] ??= connect());
  }

  set feeds(feeds) {
    this.#feeds = feeds;
    this.#again();
  }

  /** How a value becomes text. */
  get format() {
    return this.#format;
  }

  set format(format) {
    this.#format = format;
    this.#show();
  }

  get view() {
    return this.#watch?.current ?? null;
  }

  age() {
    return this.#watch?.age() ?? null;
  }

  connectedCallback() {
    if (!this.shadowRoot) {
      // What was set before the element was defined hides the accessors.
      for (const name of ["feeds", "format"].filter((each) => Object.hasOwn(this, each))) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
      this.#build();
    }
    this.#again();
  }

  disconnectedCallback() {
    this.#again();
  }

  attributeChangedCallback(name) {
    name === "feed" || name === "key" ? this.#again() : this.#show();
  }

  // The value is the page's own content until there is one. Only the state is read aloud: numbers would never stop.
  #build() {
    const root = this.attachShadow({ mode: "open" });
    this.#value = document.createElement("span");
    this.#value.setAttribute("part", "value");
    this.#value.append(document.createElement("slot"));
    this.#state = document.createElement("span");
    this.#state.setAttribute("part", "state");
    this.#state.setAttribute("role", "status");
    this.#state.setAttribute("aria-live", "polite");
    root.append(this.#value, " ", this.#state);
  }

  // Feed and key are often set one after the other, and elements are moved: one watch for all of it.
  #again() {
    if (!this.#isDue) {
      this.#isDue = true;
      queueMicrotask(() => this.#follow());
    }
  }

  #follow() {
    this.#isDue = false;
    this.#watch?.close();
    const [feed, key] = [this.getAttribute("feed"), this.getAttribute("key")];
    this.#watch = this.isConnected && feed && key !== null ? this.feeds.watch(feed, key, () => this.#show()) : null;
    this.#show();
  }

  #show() {
    if (!this.#state) {
      return;
    }
    const view = this.view;
    const value = this.getAttribute("field")?.split(".").reduce((inner, name) => inner?.[name], view?.data);
    if (value === undefined || value === null) {
      this.#value.replaceChildren(document.createElement("slot"));
    } else {
      this.#value.textContent = this.#format(value, view);
    }
    this.#value.setAttribute("aria-live", this.hasAttribute("announce") ? "polite" : "off");
    this.#tell(view);
    if (view) {
      this.dispatchEvent(new CustomEvent("akka-view", { detail: view, bubbles: true }));
    }
  }

  // The page may give its own words: <span slot="stale">…</span>
  #tell(view) {
    const { state = "", reason = "" } = view ?? {};
    if ((this.getAttribute("state") ?? "") !== state) {
      const slot = document.createElement("slot");
      slot.name = state;
      slot.textContent = texts[state] ?? "";
      this.#state.replaceChildren(...(view ? [slot] : []));
    }
    for (const [name, text] of Object.entries({ state, reason })) {
      if ((this.getAttribute(name) ?? "") !== text) {
        this.toggleAttribute(name, text !== "");
        text && this.setAttribute(name, text);
      }
    }
  }
}

if (globalThis.customElements && !customElements.get("akka-feed")) {
  customElements.define("akka-feed", AkkaFeedElement);
}
