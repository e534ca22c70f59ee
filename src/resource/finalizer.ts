import type { MergePatch } from "../kube/kube.ts";
import type { Kind, KubeObject } from "../kube/object.ts";

/** The finalizer of a kind, as Rook names it: `cephblockpool.ceph.rook.io`. */
export function finalizerOf(kind: Kind): string {
  return `${kind.kind.toLowerCase()}.ceph.rook.io`;
}

export function hasFinalizer(kind: Kind, object: KubeObject): boolean {
  return isHeldBy(object, finalizerOf(kind));
}

/** A patch that adds it; refused as a conflict where the object has changed meanwhile. */
export function withFinalizer(kind: Kind, object: KubeObject): MergePatch {
  return heldBy(object, finalizerOf(kind));
}

/** A patch that takes it away; refused as a conflict where the object has changed meanwhile. */
export function withoutFinalizer(kind: Kind, object: KubeObject): MergePatch {
  return releasedBy(object, finalizerOf(kind));
}

/**
 * What keeps an object that is being deleted and that the operator has let go, or never held, in a sentence: finalizers of others. Undefined
 * where nothing does.
 */
export function heldByOthers(kind: Kind, { metadata: { deletionTimestamp, finalizers = [] } }: KubeObject): string | undefined {
  if (deletionTimestamp === undefined || finalizers.length === 0 || finalizers.includes(finalizerOf(kind))) return undefined;
  return `The operator is done with it; Kubernetes removes it when these finalizers are gone too: ${finalizers.join(", ")}`;
}

export function isHeldBy(object: KubeObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) === true;
}

/** A patch that adds this finalizer; refused as a conflict where the object has changed meanwhile. */
export function heldBy(object: KubeObject, finalizer: string): MergePatch {
  return patch(object, [...(object.metadata.finalizers ?? []), finalizer]);
}

/** A patch that takes this finalizer away; refused as a conflict where the object has changed meanwhile. */
export function releasedBy(object: KubeObject, finalizer: string): MergePatch {
  return patch(
    object,
    (object.metadata.finalizers ?? []).filter((each) => each !== finalizer),
  );
}

function patch({ metadata: { uid, resourceVersion } }: KubeObject, finalizers: readonly string[]): MergePatch {
  return { metadata: { uid, resourceVersion, finalizers } };
}
