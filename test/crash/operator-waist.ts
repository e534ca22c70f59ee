import type { Kind, KubeObject, ObjectKey } from "../../src/kube/object.ts";
import type { FakeKube } from "../../src/simkube/api/fake-kube.ts";

/** One write of an operator to Kubernetes, as it comes to the API server. */
export interface OperatorWrite {
  readonly verb: "create" | "update" | "apply" | "patch" | "delete";
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly subresource: "status" | undefined;
  /** The object or the patch; undefined of a delete. */
  readonly content: unknown;
  /** Of a delete: its preconditions. */
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

/** `kube` for operators: `hear` is told of each of their writes before it happens. */
export function heardKube(kube: FakeKube, hear: (write: OperatorWrite) => void): FakeKube {
  const tell = (verb: OperatorWrite["verb"], kind: Kind, key: ObjectKey, more: Partial<OperatorWrite>): void =>
    hear({ verb, kind, key, subresource: undefined, content: undefined, uid: undefined, resourceVersion: undefined, ...more });
  return {
    ...kube,
    create: (kind, object) => {
      tell("create", kind, keyOf(object), { content: object });
      return kube.create(kind, object);
    },
    update: (kind, object) => {
      tell("update", kind, keyOf(object), { content: object });
      return kube.update(kind, object);
    },
    apply: (kind, object, options) => {
      tell("apply", kind, keyOf(object), { content: object, subresource: options.subresource });
      return kube.apply(kind, object, options);
    },
    mergePatch: (kind, key, patch, options) => {
      tell("patch", kind, key, { content: patch, subresource: options?.subresource });
      return kube.mergePatch(kind, key, patch, options);
    },
    delete: (kind, key, options) => {
      tell("delete", kind, key, { uid: options?.uid, resourceVersion: options?.resourceVersion });
      return kube.delete(kind, key, options);
    },
    deleteAndTell: (kind, key, options) => {
      tell("delete", kind, key, { uid: options?.uid, resourceVersion: options?.resourceVersion });
      return kube.deleteAndTell(kind, key, options);
    },
  };
}

function keyOf({ metadata: { namespace, name = "" } }: KubeObject): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name };
}
