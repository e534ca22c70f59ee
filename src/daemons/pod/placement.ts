import type { Affinity, PodSpec, Toleration } from "../../kube/kinds.ts";
import type { Placement } from "../../schema/defaults.ts";
import type { BuildContext } from "./context.ts";

export type PlacementKey = "mon" | "mgr" | "osd" | "prepareosd";

/** The settings of Kubernetes' scheduling that a component has: its own replace those of `all`, except that tolerations add up (as in Rook). */
export function placementOf(
  context: BuildContext,
  key: PlacementKey,
): Pick<PodSpec, "affinity" | "tolerations" | "topologySpreadConstraints"> {
  const all =
    (key === "osd" || key === "prepareosd") && context.spec.storage.onlyApplyOSDPlacement ? undefined : context.spec.placement.all;
  return schedulingOf(all, context.spec.placement[key]);
}

/** What of `own` or, where that says nothing, of `all` goes into a Pod's spec; tolerations of both. */
export function schedulingOf(
  all: Placement | undefined,
  own: Placement | undefined,
): Pick<PodSpec, "affinity" | "tolerations" | "topologySpreadConstraints"> {
  const affinity: Affinity = {};
  const nodeAffinity = own?.nodeAffinity ?? all?.nodeAffinity;
  const podAffinity = own?.podAffinity ?? all?.podAffinity;
  const podAntiAffinity = own?.podAntiAffinity ?? all?.podAntiAffinity;
  if (nodeAffinity) affinity.nodeAffinity = nodeAffinity;
  if (podAffinity) affinity.podAffinity = podAffinity;
  if (podAntiAffinity) affinity.podAntiAffinity = podAntiAffinity;
  const tolerations: Toleration[] = [...(all?.tolerations ?? []), ...(own?.tolerations ?? [])];
  const topologySpreadConstraints = own?.topologySpreadConstraints ?? all?.topologySpreadConstraints;
  return {
    ...(Object.keys(affinity).length > 0 ? { affinity } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
    ...(topologySpreadConstraints && topologySpreadConstraints.length > 0 ? { topologySpreadConstraints } : {}),
  };
}

/** `affinity` with one more rule: no two Pods with these labels on one node; a wish only, unless `required`. */
export function spreadOverNodes(affinity: Affinity | undefined, labels: Record<string, string>, required: boolean): Affinity {
  const term = { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" };
  const given = affinity?.podAntiAffinity;
  return {
    ...affinity,
    podAntiAffinity: required
      ? {
          ...given,
          requiredDuringSchedulingIgnoredDuringExecution: [...(given?.requiredDuringSchedulingIgnoredDuringExecution ?? []), term],
        }
      : {
          ...given,
          preferredDuringSchedulingIgnoredDuringExecution: [
            ...(given?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
            { weight: 50, podAffinityTerm: term },
          ],
        },
  };
}
