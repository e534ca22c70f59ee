import { isDeepStrictEqual } from "node:util";
import type { Kind, KubeObject } from "../kube/object.ts";
import type { StoreChange } from "../kube/store.ts";
import type { Request } from "./reconciler.ts";

/** Which requests a change to an object of some kind wakes. */
export interface WakeUp {
  readonly kind: Kind;
  requestsFor(change: StoreChange): Request[];
}

/**
 * An object's own changes wake it: its creation and deletion, and a change of its generation, deletion time, finalizers, labels or
 * annotations. A change of its status alone wakes it only where another process has written it: an operator with an old view, or a user.
 * Objects without a generation, such as ConfigMaps, are woken by every change of their content.
 *
 * @example const wakeUps = [wakeSelf(Widget)];
 */
export function wakeSelf<T extends KubeObject>(kind: Kind<T>): WakeUp {
  return {
    kind,
    requestsFor: (change) =>
      change.type === "modified" && !asksForMore(change.old, change.object, change.isOwn === true) ? [] : [requestOf(change.object)],
  };
}

/**
 * Every change to an object of `kind` wakes those of its owners that are of the kind `owner`, in the object's own namespace.
 *
 * @example const wakeUps = [wakeOwner(ConfigMap, Widget)];
 */
export function wakeOwner<T extends KubeObject>(kind: Kind<T>, owner: Kind): WakeUp {
  const ownersOf = (object: KubeObject): Request[] =>
    (object.metadata.ownerReferences ?? [])
      .filter((reference) => reference.kind === owner.kind && groupOf(reference.apiVersion) === groupOf(owner.apiVersion))
      .map((reference) => ({ namespace: object.metadata.namespace ?? "", name: reference.name }));
  return { kind, requestsFor: (change) => forOldAndNew(change, ownersOf) };
}

/**
 * Every change to an object of `kind` wakes what `map` answers for it, as it was and as it is.
 *
 * @example const wakeUps = [wakeMapped(Secret, ({ metadata }) => [{ namespace: metadata.namespace ?? "", name: "web" }])];
 */
export function wakeMapped<T extends KubeObject>(kind: Kind<T>, map: (object: T) => readonly Request[]): WakeUp {
  return { kind, requestsFor: (change) => forOldAndNew(change, (object) => map(object as T)) };
}

/**
 * An object of `kind` that comes, goes, or changes in what `view` shows of it wakes those that `map` answers for it. For kinds of which
 * others write all the time what no pass reads.
 *
 * @example const wakeUps = [wakeViewed(Node, (node) => node.spec?.unschedulable, () => [{ namespace: "default", name: "web" }])];
 */
export function wakeViewed<T extends KubeObject>(
  kind: Kind<T>,
  view: (object: T) => unknown,
  map: (object: T) => readonly Request[],
): WakeUp {
  return {
    kind,
    requestsFor: (change) =>
      change.type === "modified" && isDeepStrictEqual(view(change.old as T), view(change.object as T)) ? [] : [...map(change.object as T)],
  };
}

/** An object that moved from one owner to another concerns both. */
function forOldAndNew(change: StoreChange, map: (object: KubeObject) => readonly Request[]): Request[] {
  return change.type === "modified" ? [...map(change.old), ...map(change.object)] : [...map(change.object)];
}

function asksForMore(old: WithStatus, object: WithStatus, isOwn: boolean): boolean {
  const [before, after] = [old.metadata, object.metadata];
  if (before.uid !== after.uid || before.deletionTimestamp !== after.deletionTimestamp) return true;
  if (!isOwn && !isDeepStrictEqual(old.status, object.status)) return true;
  if (
    !isDeepStrictEqual(before.labels ?? {}, after.labels ?? {}) ||
    !isDeepStrictEqual(before.annotations ?? {}, after.annotations ?? {}) ||
    !isDeepStrictEqual(before.finalizers ?? [], after.finalizers ?? [])
  ) {
    return true;
  }
  if (before.generation !== undefined && after.generation !== undefined) return before.generation !== after.generation;
  return !isDeepStrictEqual(contentOf(old), contentOf(object));
}

type WithStatus = KubeObject & { status?: unknown };

function contentOf({ metadata: _metadata, status: _status, ...content }: WithStatus): object {
  return content;
}

function requestOf({ metadata: { namespace = "", name = "" } }: KubeObject): Request {
  return { namespace, name };
}

/** The API group, "" for the core: owners are the same in each of its versions. */
function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash === -1 ? "" : apiVersion.slice(0, slash);
}
