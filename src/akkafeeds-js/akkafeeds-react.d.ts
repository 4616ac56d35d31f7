import type { FunctionComponent, ReactNode } from "react";
import type { CollectionOptions, Connection, Feeds, Query, RowsView, View, WatchOptions } from "./akkafeeds.js";

/** Fields and callbacks; the signal is the component's own life. */
export type HookOptions = Omit<WatchOptions, "signal">;

/** Gives the components below a connection; without it they share one to the page's own server. */
export const FeedsProvider: FunctionComponent<{ feeds: Feeds; children?: ReactNode }>;

/** The view of a key: the same object until something has changed. */
export function useFeed<T = Record<string, unknown>>(feed: string, key: string, options?: HookOptions): View<T>;

/** What a function makes of a view; renders only when that changes. */
export function useFeedValue<V, T = Record<string, unknown>>(
  feed: string, key: string, select: (view: View<T>) => V, isEqual?: (left: V, right: V) => boolean, options?: HookOptions): V;

/** A collection, sorted and cut by the server. */
export function useFeedRows<T = Record<string, unknown>>(
  feed: string, query?: Query, options?: Omit<CollectionOptions, "signal">): RowsView<T>;

/** Milliseconds since what is shown of a key was true, looked at each `every` ms (1,000); null before anything is known. */
export function useFeedAge(feed: string, key: string, every?: number): number | null;

/** The state of the connection and the rung of its ladder. */
export function useFeedConnection(): Connection;
