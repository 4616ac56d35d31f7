/** The state of a view. `connecting` is there only before the first frame. */
export type State = "connecting" | "live" | "stale" | "partial" | "rebuilding" | "blank";

/** Why a view is not live. */
export type Reason =
  | "recovering" | "replaying" | "source-unreachable" | "partition-unowned" | "behind-slo" | "open-transaction"
  | "store-down" | "connection" | "quarantined" | "lost-range" | "source-changed" | "schema";

/** What is shown of a key; frozen, and the same object until something changes. */
export interface View<T = Record<string, unknown>> {
  /** The fields; null where no record has made the key. */
  readonly data: T | null;
  readonly state: State;
  /** Why, unless live or blank. */
  readonly reason?: Reason;
  /** Since when it is in this state, Unix ms on the server's clock. */
  readonly since?: number;
  /** 0 to 1 while rebuilding. */
  readonly progress?: number;
  /** Partitions that are missing, `topic/partition`. */
  readonly missing?: readonly string[];
  /** Counts the changes of the view; -1 before the first frame, 0 where no record has made the key. */
  readonly version: number;
  /** The incarnation that made the version. */
  readonly epoch: string | null;
  /** When the newest record in the view was created, Unix ms. */
  readonly at: number | null;
  /** The paths that the last change touched, with dots between names. */
  readonly changed: readonly string[];
  /** What the server refused last. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** One row of a collection. */
export interface Row<T = Record<string, unknown>> {
  readonly key: string;
  readonly data: T;
  readonly state: State;
}

/** What is shown of a collection; frozen, the same object until something changes, and iterable over its rows. */
export interface RowsView<T = Record<string, unknown>> extends Iterable<Row<T>> {
  readonly rows: readonly Row<T>[];
  readonly order: readonly string[];
  /** How many keys match, before the cut. */
  readonly total: number;
  /** The state of the feed. */
  readonly state: State;
  /** The page's own connection, or over polls a server that cannot give the rows yet: it names none for a feed. */
  readonly reason?: Extract<Reason, "connection" | "recovering">;
  /** Since when it is `stale` for its connection, Unix ms on the server's clock. */
  readonly since?: number;
  readonly at: number | null;
  readonly version: number;
  readonly epoch: string | null;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a collection shows. */
export interface Query {
  prefix?: string;
  fields?: string[];
  /** One field; a leading `-` for the greatest first. */
  sort?: string;
  /** 1 to 1,000; 100 by default. */
  limit?: number;
  /** The name of the collection on the wire; chosen when left out, or taken by another one that is watched. */
  id?: string;
  /** Frames a second at the most. */
  maxRate?: number;
}

export interface WatchOptions {
  /** The fields wanted; all when left out. */
  fields?: string[];
  /** Frames a second at the most. */
  maxRate?: number;
  /** Ends the watch when it is aborted. */
  signal?: AbortSignal;
  onError?(frame: ErrorFrame): void;
  onNotice?(frame: NoticeFrame): void;
}

/** Of a collection, fields and rate are in its query. */
export type CollectionOptions = Pick<WatchOptions, "signal" | "onError">;

/** One who watches. */
export interface Watch<V> extends AsyncIterable<V> {
  readonly current: V;
  /** Milliseconds since what is shown was true, on the server's clock; null before anything is known. */
  age(): number | null;
  close(): void;
  [Symbol.dispose](): void;
  /** Calls back at once and with each change: Svelte's store contract, and with `getSnapshot` what React's useSyncExternalStore takes. */
  subscribe(this: void, listener: (view: V) => void): () => void;
  getSnapshot(this: void): V;
}

/** The rungs of the ladder, the best first. */
export type Transport = "websocket" | "sse" | "longpoll" | "poll";

/** How the client is connected; frozen, and the same object until something changes. */
export interface Connection {
  /** `open` while frames come in. */
  readonly state: "connecting" | "open" | "closed";
  /** The rung that is used or tried. */
  readonly transport: Transport;
  /** Why there is none, where that is known: `token`, or what the server said. */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Feeds {
  watch<T = Record<string, unknown>>(
    feed: string, key: string, callback?: ((view: View<T>) => void) | null, options?: WatchOptions): Watch<View<T>>;
  watchAll<T = Record<string, unknown>>(
    feed: string, query?: Query, callback?: ((rows: RowsView<T>) => void) | null,
    options?: CollectionOptions): Watch<RowsView<T>>;
  /** The view of a key that is watched already; undefined for any other. */
  current(feed: string, key: string): View | undefined;
  /** The server's clock, Unix ms. */
  now(): number;
  /** How far a watched feed is; undefined before the first word of it. */
  progress(feed: string): { readonly at: number; readonly state: State } | undefined;
  readonly state: Connection["state"];
  readonly connection: Connection;
  readonly session: string | null;
  /** Where to poll, when the server has moved its clients there. */
  readonly moved: string | null;
  /** Calls back at once, and when the connection or the progress of a feed changes. */
  subscribe(listener: (connection: Connection) => void): () => void;
  /** Ends all watching, for good: what is held is stale from then on, and loops over watches end. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface ConnectOptions {
  /**
   * The server, as http://host:8080, with a path where a proxy has it below one, or its WebSocket's whole address; the
   * page's own by default.
   */
  url?: string;
  /** Gives a bearer token: before the first connection, ahead of its expiry (a JWT's `exp`), and when it is refused. */
  token?: () => string | Promise<string>;
  /** One rung, or some of them, the best first; all by default. */
  transport?: Transport | readonly Transport[];
  /** Gets what the server refused and no watch is told; without it, it is reported as an error of the page. */
  onError?(frame: ErrorFrame): void;
}

/** Connects when something is watched first, and again whenever the connection is lost. */
export function connect(options?: ConnectOptions): Feeds;

/** A JSON Merge Patch (RFC 7396), without touching `target`. */
export function mergePatch(target: unknown, patch: unknown): unknown;

// The frames of schema.json.

export interface Position { [partition: string]: number }
export interface HelloFrame { op: "hello"; marks?: boolean }
export interface AuthFrame { op: "auth"; token: string }
export interface SubscribeFrame {
  op: "subscribe"; feed: string; key: string; fields?: string[]; maxRate?: number;
  resume?: { epoch: string; version: number; pos?: Position };
}
export interface SubscribeRowsFrame {
  op: "subscribe"; feed: string; keys: "*"; id?: string; prefix?: string; fields?: string[]; sort?: string;
  limit?: number; maxRate?: number;
}
export interface UnsubscribeFrame { op: "unsubscribe"; feed: string; key?: string; id?: string }
export interface RenderedFrame { op: "rendered"; mark: number; at?: number }
export interface PingFrame { op: "ping"; t?: number }
export interface WelcomeFrame {
  op: "welcome"; session: string; now: number; limits: { subscriptions: number; frameBytes: number };
}
export interface SnapshotFrame {
  op: "snapshot"; feed: string; key: string; epoch: string; version: number; data: Record<string, unknown> | null;
  state: State; reason?: Reason; since?: number; progress?: number; missing?: string[]; at: number; pos: Position;
  cause: "subscribe" | "resync" | "recovery" | "cutover" | "reset";
}
export interface ResumedFrame { op: "resumed"; feed: string; key: string; epoch: string; version: number }
export interface DeltaFrame {
  op: "delta"; feed: string; key: string; epoch: string; base: number; version: number;
  data: Record<string, unknown>; at: number; pos: Position;
}
export interface StateFrame {
  op: "state"; feed: string; key: string; state: State; reason?: Reason; since?: number; progress?: number;
  missing?: string[];
}
export interface RowsFrame {
  op: "rows"; feed: string; id: string; epoch: string; base?: number; version: number; order?: string[];
  rows: Record<string, Record<string, unknown> | null>; states?: Record<string, State>; total?: number; at?: number;
}
export interface NoticeFrame {
  op: "notice"; feed: string; key: string; name: string; id: string; at: number; data: Record<string, unknown>;
}
export interface MarkFrame { op: "mark"; mark: number }
export interface ProgressFrame { op: "progress"; feeds: Record<string, { at: number; state: State }>; now: number }
export interface UnsubscribedFrame { op: "unsubscribed"; feed: string; key?: string; id?: string }
export interface PongFrame { op: "pong"; t?: number; now: number }
export interface ErrorFrame { op: "error"; code: string; message: string; feed?: string; key?: string; id?: string }
export interface ByeFrame { op: "bye"; code: number; reason: string; retryAfter?: number; url?: string }
