import { isKubeError } from "../kube/kube-error.ts";
import { mergePatchTo } from "../kube/merge-patch-to.ts";
import type { Kind, KubeObject } from "../kube/object.ts";
import type { OperatorDependencies } from "./dependencies.ts";

/**
 * Makes the status of an object that a pass has seen what is wanted. Resolves false where that object is no more: it was deleted, or made
 * anew under its name. A status that somebody else has written meanwhile is not written over: that is a conflict, which is thrown like any
 * other refusal, since the pass has to be tried again then. An operator that was paused, or knows an old world only, tells nothing this way.
 */
export async function patchStatus<T extends KubeObject & { status?: object | undefined }>(
  deps: Pick<OperatorDependencies, "kube" | "live">,
  kind: Kind<T>,
  { metadata: { namespace = "", name = "", uid }, status: seen }: T,
  wanted: object,
): Promise<boolean> {
  const key = { namespace, name };
  // the pass itself may have written to the object since it has seen it
  const now = await deps.kube.get(kind, key);
  if (now === undefined || now.metadata.uid !== uid) return false;
  const { resourceVersion } = now.metadata;
  // what another has added to the status since is theirs
  const theirs = Object.entries(now.status ?? {}).filter(([field]) => !(field in (seen ?? {})));
  const status = mergePatchTo({ ...now.status }, { ...Object.fromEntries(theirs), ...wanted }) ?? {};
  try {
    await deps.kube.mergePatch(kind, key, { metadata: { uid, resourceVersion }, status }, { subresource: "status" });
    return true;
  } catch (error) {
    if (isKubeError(error, "notFound")) return false;
    // the resourceVersion is of an object that was deleted, and another one has its name now
    if (isKubeError(error, "conflict", "invalid") && (await deps.live.get(kind, key))?.metadata.uid !== uid) return false;
    throw error;
  }
}
