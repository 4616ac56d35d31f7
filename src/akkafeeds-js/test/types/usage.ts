// What a page may write, and what it may not: read by tsc alone.
import { connect, mergePatch, type Connection, type Transport, type View } from "akkafeeds";
import { AkkaFeedElement } from "akkafeeds/element";
import type { Readable } from "svelte/store";
import { derived } from "svelte/store";
import { FeedsProvider, useFeed, useFeedAge, useFeedConnection, useFeedRows, useFeedValue } from "akkafeeds/react";

interface Airport { departures: number; delayRate?: number }

const feeds = connect({ url: "wss://example.org/v1/ws", transport: ["websocket", "poll"], token: async () => "t" });
const watch = feeds.watch<Airport>("flights", "ATL", (view) => view.data?.departures.toFixed(), { fields: ["departures"] });
const leave: () => void = watch.subscribe((view: View<Airport>) => view.state === "live");
const connection: Connection = feeds.connection;
const rung: Transport = connection.transport;
feeds.watchAll<Airport>("flights", { sort: "-delayRate", limit: 50 }, ({ rows }) => rows[0]?.data.departures);
const all = feeds.watchAll<Airport>("flights", {}, (rows) => Array.from(rows, ({ data }) => data.delayRate));
const keys: string[] = [...all.current].map(({ key }) => key);
for await (const view of watch) {
  const version: number = view.version;
  mergePatch(view.data, { version, rung, keys });
  break;
}
leave();

// @ts-expect-error a rung that there is not
connect({ transport: "pigeon" });
// @ts-expect-error fields of a collection are in its query
feeds.watchAll("flights", {}, null, { fields: ["departures"] });
// @ts-expect-error a view is frozen
watch.current.version = 1;
// @ts-expect-error a reason that no server gives for a collection
if (all.current.reason === "behind-slo") leave();
// @ts-expect-error what a collection is held in is the client's own
all.current.byKey;
// @ts-expect-error data is null where no record has made the key
watch.current.data.departures;

export function Hooks() {
  const departures: number | undefined = useFeedValue("flights", "ATL", (view: View<Airport>) => view.data?.departures);
  const view = useFeed<Airport>("flights", "ATL", { onNotice: ({ name }) => name });
  const age: number | null = useFeedAge("flights", "ATL", 500);
  const [first] = useFeedRows<Airport>("flights", { limit: 1 }).rows;
  // @ts-expect-error a component ends its watch itself
  useFeed("flights", "ATL", { signal: new AbortController().signal });
  return [departures, view.data?.delayRate, age, first?.key, useFeedConnection().transport, FeedsProvider];
}

const store: Readable<View<Airport>> = watch;
const stores: Readable<string> = derived([store, all], ([view, rows]) => `${view.state} ${rows.total}`);
// @ts-expect-error the rows of a collection are no view
const wrong: Readable<View<Airport>> = all;
export { stores, wrong };

const element: AkkaFeedElement = document.createElement("akka-feed");
element.feeds = feeds;
element.format = (value) => String(value);
element.addEventListener("akka-view", ({ detail }) => detail.state);
