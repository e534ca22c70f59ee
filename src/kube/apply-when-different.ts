import { isCovered } from "./is-covered.ts";
import type { Kube } from "./kube.ts";
import type { Kind, KubeObject } from "./object.ts";

/**
 * Makes the object as `desired` says, by server-side apply, and only where something differs: a pass with nothing to do sends
 * nothing. Reads through `kube`, so with a cache in front it costs no request either.
 *
 * Guarantees: what is applied is the whole of what its owner says; what others add stays, but for what `isCovered` calls a difference: that
 * outlasts an apply, and is taken away after it.
 *
 * @throws KubeError
 */
export async function applyWhenDifferent<T extends KubeObject>(
  kube: Pick<Kube, "get" | "apply" | "mergePatch">,
  kind: Kind<T>,
  desired: T,
  options: { fieldManager: string },
): Promise<{ object: T; changed: boolean }> {
  const { name = "", namespace } = desired.metadata;
  const actual = await kube.get(kind, { name, ...(namespace === undefined ? {} : { namespace }) });
  if (actual !== undefined && isCovered(desired, actual)) return { object: actual, changed: false };
  const applied = await kube.apply(kind, desired, options);
  if (isCovered(desired, applied)) return { object: applied, changed: true };
  const { apiVersion: _version, kind: _kind, metadata, ...fields } = desired;
  const { uid, resourceVersion } = applied.metadata;
  const key = { name: metadata.name ?? "", ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
  const patch = { metadata: { uid, resourceVersion }, ...asPatch(fields, applied) };
  return { object: await kube.mergePatch(kind, key, patch), changed: true };
}

/** Maps that are said as a whole. */
const wholeMaps: ReadonlySet<string> = new Set(["data", "nodeSelector", "matchLabels", "selector", "limits", "requests"]);

/** What a merge patch says to have `desired`, and no more in what is said as a whole: lists are replaced by it anyway. */
function asPatch(desired: object, actual: unknown, isWhole = false): Record<string, unknown> {
  const there: Record<string, unknown> = isRecord(actual) ? actual : {};
  const more = isWhole ? Object.keys(there).filter((name) => !(name in desired)) : [];
  return {
    ...Object.fromEntries(more.map((name) => [name, null])),
    ...Object.fromEntries(
      Object.entries(desired).map(([name, value]) => [name, isRecord(value) ? asPatch(value, there[name], wholeMaps.has(name)) : value]),
    ),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
