import type { PodTemplateSpec } from "../../kube/kinds.ts";
import { defineKind, type Kind, type KubeObject, type ObjectKey } from "../../kube/object.ts";
import type { SimObject } from "../api/sim-object.ts";
import type { KubeStore } from "../api/store.ts";

/** A ReplicaSet, as far as a Deployment needs it. */
export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; selector: { matchLabels?: Record<string, string> }; template: PodTemplateSpec };
  status?: {
    replicas: number;
    readyReplicas: number;
    availableReplicas: number;
    observedGeneration: number;
    conditions?: readonly SimCondition[];
  };
}

/** A condition, as far as controllers hand it on. */
export interface SimCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

export const ReplicaSet: Kind<ReplicaSet> = defineKind<ReplicaSet>({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  namespaced: true,
});

export const ServiceAccount: Kind = defineKind({ apiVersion: "v1", kind: "ServiceAccount", plural: "serviceaccounts", namespaced: true });

/** A store read and written by kind. What is read must not be changed. */
export interface TypedStore {
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[];
  create<T extends KubeObject>(kind: Kind<T>, object: T): T;
  /** Changes the main object. */
  change<T extends KubeObject>(kind: Kind<T>, object: T, change: (current: T) => T): T;
  /** Replaces the status. */
  setStatus<T extends KubeObject>(kind: Kind<T>, object: T, status: unknown): void;
  /** At once where `now`; with its grace period, if it has one, where not. */
  remove<T extends KubeObject>(kind: Kind<T>, object: T, now?: boolean): void;
}

/** See `TypedStore`. */
export function typedStore(store: KubeStore): TypedStore {
  const keyOf = ({ metadata: { namespace, name = "" } }: KubeObject): ObjectKey =>
    namespace === undefined ? { name } : { namespace, name };
  return {
    get: (kind, key) => store.get(store.resource(kind), key) as never,
    list: (kind, namespace) => store.list(store.resource(kind), namespace) as never,
    create: (kind, object) => store.create(store.resource(kind), object as unknown as SimObject) as never,
    change: (kind, object, change) =>
      store.patch(store.resource(kind), keyOf(object), (current) => change(current as never) as unknown as SimObject) as never,
    setStatus: (kind, object, status) =>
      void store.patch(store.resource(kind), keyOf(object), (current) => ({ ...current, status }), { subresource: "status" }),
    remove: (kind, object, now = false) =>
      void store.delete(store.resource(kind), keyOf(object), {
        uid: object.metadata.uid,
        ...(now ? { gracePeriodSeconds: 0 } : {}),
      }),
  };
}
