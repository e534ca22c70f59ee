import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { type CrashWorld, clusterKey } from "./crash-world.ts";
import { editObject, mustGet, removeObject, withMetadata } from "./user-acts.ts";
import { notReady } from "./workload.ts";

/** An object in a Ceph cluster, as workloads that are the same for every kind handle it. */
export interface Child {
  /** The kind's plural, for names of workloads. */
  readonly what: string;
  readonly kind: string;
  readonly name: string;
  /** Makes what it needs. */
  readonly before: (world: CrashWorld) => void;
  readonly create: (world: CrashWorld) => void;
  readonly remove: (world: CrashWorld) => void;
  readonly isThere: (world: CrashWorld) => boolean;
  /** Its spec, and a way to put that back. */
  readonly spec: (world: CrashWorld) => unknown;
  readonly setSpec: (world: CrashWorld, spec: unknown) => void;
  /** An edit that changes it in Ceph. */
  readonly change: (world: CrashWorld) => void;
  /** What is made for it and goes with it, as the tally names it: how often depends on how far the operator had come. */
  readonly made: RegExp;
  /** Another controller holds it, or lets it go. */
  readonly setHeld: (world: CrashWorld, isHeld: boolean) => void;
  /** Whether that controller holds it. */
  readonly isHeld: (world: CrashWorld) => boolean;
  /** A sentence where it is not Ready, or not in Ceph as it was first asked for. */
  readonly isServed: (world: CrashWorld) => string | undefined;
  /** A sentence where it is not Ready, or not in Ceph as it was asked for by `change`. */
  readonly isChanged: (world: CrashWorld) => string | undefined;
  /** A sentence where it, or something of it in Ceph, is left. */
  readonly isGone: (world: CrashWorld) => string | undefined;
}

interface ChildParts<T extends KubeObject> {
  readonly what: string;
  readonly kind: Kind<T>;
  readonly object: T;
  readonly before?: (world: CrashWorld) => void;
  readonly changed: (object: T) => T;
  readonly made: RegExp;
  /** What Ceph has of it, as a text; undefined: nothing. */
  readonly inCeph: (world: CrashWorld) => string | undefined;
  /** What `inCeph` is as it was first asked for, and after the change. */
  readonly wanted: readonly [first: string, changed: string];
}

const otherFinalizer = "example.com/other-controller";

/** A child of one kind. */
export function childOf<T extends KubeObject>({ what, kind, object, before, changed, made, inCeph, wanted }: ChildParts<T>): Child {
  const { name = "" } = object.metadata;
  const get = (world: CrashWorld) => world.user.get(kind, { namespace: clusterKey.namespace, name });
  const isSo = (world: CrashWorld, text: string): string | undefined => {
    const is = inCeph(world);
    return notReady(world, kind, name) ?? (is === text ? undefined : `in Ceph it is ${is ?? "not there"}, not ${text}`);
  };
  return {
    what,
    kind: kind.kind,
    name,
    before: (world) => before?.(world),
    create: (world) => void world.user.create(kind, object),
    remove: (world) => removeObject(world, kind, name),
    isThere: (world) => get(world) !== undefined,
    spec: (world) => Reflect.get(mustGet(world, kind, name), "spec"),
    setSpec: (world, spec) => editObject(world, kind, name, (it) => ({ ...it, spec })),
    change: (world) => editObject(world, kind, name, changed),
    made,
    setHeld: (world, isHeld) =>
      editObject(world, kind, name, (it) => {
        const others = (it.metadata.finalizers ?? []).filter((each) => each !== otherFinalizer);
        return withMetadata(it, { finalizers: isHeld ? [...others, otherFinalizer] : others });
      }),
    isHeld: (world) => get(world)?.metadata.finalizers?.includes(otherFinalizer) === true,
    isServed: (world) => isSo(world, wanted[0]),
    isChanged: (world) => isSo(world, wanted[1]),
    isGone: (world) => {
      const is = inCeph(world);
      if (get(world) !== undefined) return `${kind.kind} ${name} is still there`;
      return is === undefined ? undefined : `${kind.kind} ${name} is gone, and Ceph still has ${is}`;
    },
  };
}
