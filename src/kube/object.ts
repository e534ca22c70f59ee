/** Metadata as it stands on the wire: times are RFC 3339 strings. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Any Kubernetes object, as plain wire JSON. Objects read from a cache must not be changed in place. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** Where one object is; `namespace` is absent for cluster-scoped kinds. */
export interface ObjectKey {
  namespace?: string;
  name: string;
}

/** Client-node's types with what the wire has: `Date` is an RFC 3339 string, and `kind` and `apiVersion` are always there. */
export type Wire<T> = T extends Date ? string : T extends (infer U)[] ? Wire<U>[] : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

/** One kind of the Kubernetes API, and the TypeScript type of its objects. */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set; carries the type. */
  readonly objectType?: T;
}

/**
 * Names a kind: `defineKind<Pod>({apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true})`.
 *
 * @example
 * interface Widget extends KubeObject {
 *   spec: { size: number };
 * }
 * const Widget = defineKind<Widget>({ apiVersion: "example.org/v1", kind: "Widget", plural: "widgets", namespaced: true });
 */
export function defineKind<T extends KubeObject>(kind: Omit<Kind<T>, "objectType">): Kind<T> {
  return kind;
}
