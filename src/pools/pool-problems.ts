import { parseQuantity } from "../kube/quantity.ts";
import type { SpecProblem } from "../resource/child-kind.ts";
import { isErasureCoded, type PoolSpec, sizeOf } from "./pool-spec.ts";

/** What the schema cannot tell of a pool's spec, and what would be right. `prefix` is its place below `spec`: `metadataPool.`. */
export function poolProblems(spec: PoolSpec, prefix = ""): SpecProblem[] {
  const problems: SpecProblem[] = [];
  const problem = (field: string, value: unknown, message: string) => problems.push({ field: `${prefix}${field}`, value, message });
  const { replicated, erasureCoded, quotas, parameters } = spec;
  const copies = replicated?.size ?? 0;
  if (copies > 0 && isErasureCoded(spec))
    problem("erasureCoded", erasureCoded, "a pool is either replicated or erasure coded; name one of them");
  else if (isErasureCoded(spec)) {
    const { dataChunks = 0, codingChunks = 0 } = erasureCoded ?? {};
    if (dataChunks < 2) problem("erasureCoded.dataChunks", dataChunks, "at least 2 data chunks are needed");
    if (codingChunks < 1) problem("erasureCoded.codingChunks", codingChunks, "at least 1 coding chunk is needed");
    const { crushNumFailureDomains: domains, crushOSDsPerFailureDomain: each } = erasureCoded ?? {};
    if (domains !== undefined && each !== undefined && domains * each < dataChunks + codingChunks)
      problem(
        "erasureCoded.crushNumFailureDomains",
        domains,
        `${domains} failure domains of ${each} chunks have no room for ${dataChunks + codingChunks} chunks`,
      );
  } else if (copies === 0)
    problem("replicated.size", replicated?.size, "replicated.size or erasureCoded.dataChunks and codingChunks must be set");
  if (copies > 10) problem("replicated.size", copies, "Ceph keeps at most 10 copies");
  if (copies === 1 && replicated?.requireSafeReplicaSize === true)
    problem("replicated.size", 1, "one copy is not safe: raise it, or set replicated.requireSafeReplicaSize to false");
  if (quotas?.maxSize !== undefined && parseQuantity(quotas.maxSize) === undefined)
    problem("quotas.maxSize", quotas.maxSize, "it must be a quantity, such as 10Gi");
  const kept = sizeOf(spec);
  const { size, min_size: least } = parameters ?? {};
  // it would be set to the one, then to the other, and so on for ever
  if (kept > 0 && size && Number(size) !== kept)
    problem(
      "parameters.size",
      size,
      `the pool's size is ${kept}: take it away here, or change ${isErasureCoded(spec) ? "the numbers of chunks" : "replicated.size"}`,
    );
  if (kept > 0 && least && !(Number(least) >= 1 && Number(least) <= kept))
    problem("parameters.min_size", least, `it must be a number from 1 to ${kept}, the pool's size`);
  for (const [name, value] of Object.entries(parameters ?? {}))
    if (value === "") problem(`parameters.${name}`, value, "it must have a value");
  return problems;
}
