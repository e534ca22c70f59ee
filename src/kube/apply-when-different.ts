import { isCovered } from "./is-covered.ts";
import type { Kube } from "./kube.ts";
import { isKubeError } from "./kube-error.ts";
import type { Kind, KubeObject } from "./object.ts";

/**
 * Makes the object as `desired` says, by server-side apply, and only where something differs: a pass with nothing to do sends
 * nothing. Reads through `kube`, so with a cache in front it costs no request either.
 *
 * Guarantees: what is applied is the whole of what its owner says; what others add stays, but for what `isCovered` calls a difference: that
 * outlasts an apply, and is taken away after it. Where what others did and what is desired cannot be together (a volume of two sources, a
 * port's name for two ports), the API server refuses the apply, and theirs is taken away by a patch instead.
 *
 * @throws KubeError
 * @example
 * const { changed } = await applyWhenDifferent(kube, ConfigMap, desired, { fieldManager: "widgets" });
 * if (changed) log.info("ConfigMap written", { name: desired.metadata.name });
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
  try {
    const applied = await kube.apply(kind, desired, options);
    return { object: isCovered(desired, applied) ? applied : await patchTo(kube, kind, { desired, actual: applied }), changed: true };
  } catch (error) {
    if (actual === undefined || !isKubeError(error, "invalid")) throw error;
    const object = await patchTo(kube, kind, { desired, actual }).catch((second: unknown) => {
      // it is the desired object itself that cannot be
      throw isKubeError(second, "invalid") ? error : second;
    });
    return { object, changed: true };
  }
}

/** Makes the object as desired by a merge patch, which replaces lists where an apply merges them. */
function patchTo<T extends KubeObject>(
  kube: Pick<Kube, "mergePatch">,
  kind: Kind<T>,
  { desired, actual }: { readonly desired: T; readonly actual: T },
): Promise<T> {
  const { apiVersion: _version, kind: _kind, metadata, ...fields } = desired;
  const { uid, resourceVersion } = actual.metadata;
  const key = { name: metadata.name ?? "", ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
  return kube.mergePatch(kind, key, { metadata: { uid, resourceVersion }, ...asPatch(fields, actual) });
}

/** Maps that are said as a whole. */
const wholeMaps: ReadonlySet<string> = new Set(["data", "nodeSelector", "matchLabels", "selector", "limits", "requests", "strategy"]);

/** Fields of which an object has one at most. */
const either: Readonly<Record<string, string>> = { minAvailable: "maxUnavailable", maxUnavailable: "minAvailable" };

/** What a merge patch says to have `desired`, and no more in what is said as a whole: lists are replaced by it anyway. */
function asPatch(desired: object, actual: unknown, isWhole = false): Record<string, unknown> {
  const there: Record<string, unknown> = isRecord(actual) ? actual : {};
  const more = Object.keys(there).filter((name) => !(name in desired) && (isWhole || (either[name] ?? "") in desired));
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
