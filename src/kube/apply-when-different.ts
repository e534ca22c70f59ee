import { isCovered } from "./is-covered.ts";
import type { Kube } from "./kube.ts";
import type { Kind, KubeObject } from "./object.ts";

/**
 * Makes the object as `desired` says, by server-side apply, and only where something differs: a pass with nothing to do sends
 * nothing. Reads through `kube`, so with a cache in front it costs no request either.
 *
 * Guarantees: what is applied is the whole of what its owner says; what others add stays.
 * Caveats: see `isCovered` for what counts as a difference.
 *
 * @throws KubeError
 */
export async function applyWhenDifferent<T extends KubeObject>(
  kube: Pick<Kube, "get" | "apply">,
  kind: Kind<T>,
  desired: T,
  options: { fieldManager: string },
): Promise<{ object: T; changed: boolean }> {
  const { name = "", namespace } = desired.metadata;
  const actual = await kube.get(kind, { name, ...(namespace === undefined ? {} : { namespace }) });
  if (actual !== undefined && isCovered(desired, actual)) return { object: actual, changed: false };
  return { object: await kube.apply(kind, desired, options), changed: true };
}
