import type { SpecProblem } from "../child/child-kind.ts";
import { poolProblems } from "../pools/pool-problems.ts";
import { isErasureCoded } from "../pools/pool-spec.ts";
import { type CephFilesystem, dataPoolsOf, mdsNamesOf, metadataPoolOf, nameOf } from "./ceph-filesystem.ts";

/** Kubernetes' limit for the value of a label, which an MDS's name is. */
const longestLabel = 63;

/** What the schema cannot tell of a CephFilesystem, and what would be right. */
export function filesystemProblems(filesystem: CephFilesystem): SpecProblem[] {
  const { metadataPool, dataPools } = filesystem.spec;
  if (metadataPool === null) return [{ field: "metadataPool", value: metadataPool, message: "a file system needs a pool of metadata" }];
  if (dataPools === null || dataPools.length === 0)
    return [{ field: "dataPools", value: dataPools, message: "a file system needs at least one data pool" }];
  const problems = [
    ...poolProblems(metadataPool, "metadataPool."),
    ...dataPools.flatMap((pool, index) => poolProblems(pool, `dataPools[${index}].`)),
  ];
  if (isErasureCoded(metadataPool))
    problems.push({
      field: "metadataPool.erasureCoded",
      value: metadataPool.erasureCoded,
      message: "Ceph keeps metadata in replicated pools only",
    });
  const [first] = dataPools;
  if (first !== undefined && isErasureCoded(first))
    problems.push({
      field: "dataPools[0].erasureCoded",
      value: first.erasureCoded,
      message: "the first data pool must be replicated, since it also holds where each file is; name a replicated one before it",
    });
  const names = [metadataPoolOf(filesystem), ...dataPoolsOf(filesystem)];
  for (const [index, name] of names.entries())
    if (names.indexOf(name) !== index)
      problems.push({ field: `dataPools[${index - 1}].name`, value: name, message: "two pools cannot have one name" });
  const longest = mdsNamesOf(filesystem).at(-1) ?? "";
  if (longest.length > longestLabel)
    problems.push({
      field: "metadata.name",
      value: nameOf(filesystem),
      message: `its MDSs' names would be longer than the ${longestLabel} characters of a label; choose a shorter one`,
    });
  return problems;
}
