import type { Feeds, View } from "./akkafeeds.js";

/** Without a browser a plain class, so that a server may load the module. */
declare const Base: typeof HTMLElement;

/**
 * `<akka-feed feed key field>`: one value, with its state as an attribute. Parts: `value`, `state`; slots: the default one
 * until there is a value, and one named like each state for the page's own words. Fires `akka-view` with each view.
 */
export class AkkaFeedElement extends Base {
  /** The connection; one of the page's own where none is given. */
  feeds: Feeds;
  /** How a value becomes text. */
  format: (value: unknown, view: View) => string;
  readonly view: View | null;
  age(): number | null;
}

declare global {
  interface HTMLElementTagNameMap { "akka-feed": AkkaFeedElement }
  interface HTMLElementEventMap { "akka-view": CustomEvent<View> }
}

export {};
