import type { FieldTable } from "../schema/unsupported.ts";
import type { PoolSpec } from "./pool-spec.ts";

const acting: readonly string[] = [
  ...[
    "failureDomain",
    "crushRoot",
    "deviceClass",
    "enableCrushUpdates",
    "erasureCoded",
    "compressionMode",
    "parameters",
    "quotas",
    "application",
  ],
  ...["size", "requireSafeReplicaSize", "targetSizeRatio"].map((field) => `replicated.${field}`),
];

/** Which fields of a pool's spec act; `prefix` is its place: `metadataPool.`, `dataPools[].`. */
export function poolFieldTable({ mirroring }: PoolSpec, prefix = ""): Required<FieldTable> {
  // what is switched off asks for nothing, whatever is said of how
  const off = mirroring?.enabled === true ? [] : ["mirroring", "statusCheck"];
  return {
    acting: [...acting, ...off].map((field) => `${prefix}${field}`),
    dead: [],
    whole: ["mirroring", "statusCheck", "replicated.hybridStorage"].map((field) => `${prefix}${field}`),
    usual: new Map([[`${prefix}replicated.replicasPerFailureDomain`, 1]]),
  };
}
