"use client";
// Hooks for React 18 and 19. A view is watched while a component that shows it is mounted.
import { createContext, createElement, useCallback, useContext, useMemo, useRef, useSyncExternalStore } from "react";
import { connect } from "./akkafeeds.js";

const shared = Symbol.for("akkafeeds.feeds");
const NOTHING = Object.freeze([]);
const UNHEARD = { state: "connecting", version: -1, epoch: null, at: null };
const CONNECTING = Object.freeze({ ...UNHEARD, data: null, changed: NOTHING });
const NO_ROWS = Object.freeze({
  ...UNHEARD, rows: NOTHING, order: NOTHING, total: 0,
  [Symbol.iterator]: () => NOTHING.values(),
});
const LINGER = 200; // ms for which what nobody shows is still watched: StrictMode and a change of page mount again at once

const Context = createContext(null);

/** Gives the components below a connection; without it they share one to the page's own server. */
export function FeedsProvider({ feeds, children }) {
  return createElement(Context.Provider, { value: feeds }, children);
}

// A server that renders never comes here: it watches nothing.
function defaultFeeds() {
  return (globalThis[shared] ??= connect());
}

/** Watches while it is subscribed to; before that it knows what somebody else watches, and nothing otherwise. */
class Store {
  #open;
  #peek;
  #watch = null;
  #count = 0;

  constructor(open, peek) {
    this.#open = open;
    this.#peek = peek;
  }

  subscribe = (listener) => {
    this.#count++;
    this.#watch ??= this.#open();
    const leave = this.#watch.subscribe(listener);
    return () => {
      leave();
      this.#count--;
      setTimeout(() => this.#closeUnused(), LINGER);
    };
  };

  getSnapshot = () => this.#watch?.current ?? this.#peek();

  age() {
    return this.#watch?.age() ?? null;
  }

  #closeUnused() {
    if (this.#count === 0) {
      this.#watch?.close();
      this.#watch = null;
    }
  }
}

function useStore(feed, what, options, isKey) {
  const given = useContext(Context);
  const name = JSON.stringify([feed, what, options?.fields, options?.maxRate]);
  const latest = useRef(options);
  latest.current = options;
  return useMemo(() => {
    const feeds = () => given ?? defaultFeeds();
    const heard = {
      ...options,
      onError: (frame) => latest.current?.onError?.(frame),
      onNotice: (frame) => latest.current?.onNotice?.(frame),
    };
    return isKey
      ? new Store(() => feeds().watch(feed, what, undefined, heard), () => feeds().current(feed, what) ?? CONNECTING)
      : new Store(() => feeds().watchAll(feed, what, undefined, heard), () => NO_ROWS);
  }, [given, name, isKey]);
}

/** The view of a key: the same object until something has changed. */
export function useFeed(feed, key, options) {
  const store = useStore(feed, key, options, true);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, () => CONNECTING);
}

/** What a function makes of a view; renders only when that changes. */
export function useFeedValue(feed, key, select, isEqual = Object.is, options = undefined) {
  const store = useStore(feed, key, options, true);
  const last = useRef(null);
  const selected = (view) => {
    const held = last.current;
    if (held?.view === view && held.select === select) {
      return held.value;
    }
    const made = select(view);
    const value = held && isEqual(held.value, made) ? held.value : made;
    last.current = { view, select, value };
    return value;
  };
  return useSyncExternalStore(store.subscribe, () => selected(store.getSnapshot()), () => selected(CONNECTING));
}

/** A collection, sorted and cut by the server. */
export function useFeedRows(feed, query = {}, options) {
  const store = useStore(feed, query, options, false);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, () => NO_ROWS);
}

/** Milliseconds since what is shown of a key was true, looked at each `every` ms; null before anything is known. */
export function useFeedAge(feed, key, every = 1_000) {
  const store = useStore(feed, key, undefined, true);
  const seen = useMemo(() => ({ current: null, of: store }), [store]);
  const subscribe = useCallback((listener) => {
    const look = () => {
      seen.current = store.age();
      listener();
    };
    const leave = store.subscribe(() => seen.current === null && look());
    const timer = setInterval(look, every);
    look();
    return () => {
      clearInterval(timer);
      leave();
    };
  }, [store, seen, every]);
  return useSyncExternalStore(subscribe, () => seen.current, () => null);
}

/** The state of the connection and the rung of its ladder. */
export function useFeedConnection() {
  const given = useContext(Context);
  const subscribe = useCallback((listener) => (given ?? defaultFeeds()).subscribe(listener), [given]);
  return useSyncExternalStore(subscribe, () => (given ?? defaultFeeds()).connection, () => SERVER);
}

const SERVER = Object.freeze({ state: "connecting", transport: "websocket", error: undefined });
