import type { ServerResponse } from "node:http";
import type { Clock } from "../../kube/clock.ts";
import { isKubeError } from "../../kube/kube-error.ts";
import type { Change } from "../api/change-log.ts";
import type { SimResource } from "../api/resources.ts";
import type { Selector } from "../api/selectors.ts";
import type { SimObject } from "../api/sim-object.ts";
import type { KubeStore } from "../api/store.ts";
import { statusOf } from "./status.ts";

export interface WatchRequest {
  readonly resource: SimResource;
  /** Namespace, labels and fields. */
  readonly selects: Selector;
  /** Empty or "0": what there is now comes first, as added. */
  readonly resourceVersion: string;
  /** What there is now comes first, and a bookmark says where it ends. */
  readonly sendInitialEvents: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
  /** The object as the client wants it. */
  readonly show: (object: SimObject, isFirst: boolean) => object;
}

const bookmarkMs = 60_000;

/** Streams changes until the time is over, the client goes, or `end` is called. */
export function streamWatch(store: KubeStore, clock: Clock, request: WatchRequest, response: ServerResponse): { end: () => void } {
  const { resource, selects, bookmarks, show } = request;
  const fromNow = request.sendInitialEvents || request.resourceVersion === "" || request.resourceVersion === "0";
  let from = fromNow ? store.version() : Number(request.resourceVersion);
  let isFirst = true;
  let isOver = false;
  const send = (type: string, object: object): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const sendObject = (type: string, object: SimObject): void => {
    send(type, show(object, isFirst));
    isFirst = false;
  };
  const bookmark = (annotations?: Readonly<Record<string, string>>): void => send("BOOKMARK", bookmarkOf(resource, from, annotations));

  const forward = (): void => {
    for (const change of store.changesSince(resource, from)) {
      from = change.version;
      const shown = asSelected(selects, change);
      if (shown !== undefined) sendObject(shown.type, shown.object);
    }
  };
  const pump = (): void => {
    if (isOver) return;
    try {
      forward();
    } catch (error) {
      send("ERROR", statusOf(error).body);
      end();
      if (!isKubeError(error, "gone")) throw error;
    }
  };
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    unsubscribe();
    cancelTimeout();
    cancelBookmark();
    response.end();
  };

  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
  response.flushHeaders();
  if (fromNow) for (const object of store.list(resource)) if (selects(object)) sendObject("ADDED", object);
  if (request.sendInitialEvents) bookmark({ "k8s.io/initial-events-end": "true" });
  const unsubscribe = store.subscribe((changed) => {
    if (changed === resource || (changed.apiVersion === resource.apiVersion && changed.plural === resource.plural)) pump();
  });
  const cancelTimeout = clock.after(request.timeoutMs, end);
  let cancelBookmark = () => {};
  const tick = (): void => {
    cancelBookmark = clock.after(bookmarkMs, () => {
      from = Math.max(from, store.version());
      bookmark();
      tick();
    });
  };
  if (bookmarks) tick();
  response.once("close", end);
  pump();
  return { end };
}

function bookmarkOf({ kind, apiVersion }: SimResource, version: number, annotations?: Readonly<Record<string, string>>): object {
  const metadata = { resourceVersion: String(version), creationTimestamp: null, ...(annotations === undefined ? {} : { annotations }) };
  return { kind, apiVersion, metadata };
}

/** A change as a client with a selection sees it: what moves into or out of the selection is added or deleted to it. */
function asSelected(selects: Selector, { type, object, before }: Change): { type: string; object: SimObject } | undefined {
  const was = before !== undefined && selects(before);
  if (type !== "deleted" && selects(object)) return { type: was ? "MODIFIED" : "ADDED", object };
  if (!was) return undefined;
  return { type: "DELETED", object: type === "deleted" ? object : { ...object, metadata: { ...object.metadata } } };
}
