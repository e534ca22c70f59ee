import { poolProblems } from "../../pools/pool-problems.ts";
import { isErasureCoded, type PoolSpec } from "../../pools/pool-spec.ts";
import type { SpecProblem } from "../../resource/child-kind.ts";
import { type CephFilesystem, dataPoolsOf, mdsNamesOf, metadataPoolOf, nameOf } from "./ceph-filesystem.ts";

/** Kubernetes' limit for the value of a label, which an MDS's name is. */
const longestLabel = 63;

/**
 * What the schema cannot tell of a CephFilesystem, and what would be right. Without data pools it is of a file system that is there already,
 * whose pools are left as they are.
 */
export function filesystemProblems(filesystem: CephFilesystem): SpecProblem[] {
  const dataPools = filesystem.spec.dataPools ?? [];
  return [...(dataPools.length === 0 ? [] : problemsOfPools(filesystem, dataPools)), ...problemsOfName(filesystem)];
}

/** What no new file system can be made with; one that is there, such as one made by an older Ceph, may be so. */
export function newFilesystemProblems({ spec: { metadataPool, dataPools } }: CephFilesystem): SpecProblem[] {
  const [first] = dataPools ?? [];
  return [
    ...(metadataPool === null ? [noMetadataPool] : []),
    ...(first === undefined
      ? [{ field: "dataPools", value: dataPools, message: "a file system needs at least one data pool, unless it is there already" }]
      : []),
    ...(first !== undefined && isErasureCoded(first)
      ? [
          {
            field: "dataPools[0].erasureCoded",
            value: first.erasureCoded,
            message: "the first data pool must be replicated, since it also holds where each file is; name a replicated one before it",
          },
        ]
      : []),
  ];
}

const noMetadataPool: Readonly<SpecProblem> = { field: "metadataPool", value: null, message: "a file system needs a pool of metadata" };

function problemsOfPools(filesystem: CephFilesystem, dataPools: readonly PoolSpec[]): SpecProblem[] {
  const { metadataPool } = filesystem.spec;
  if (metadataPool === null) return [noMetadataPool];
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
  const names = [metadataPoolOf(filesystem), ...dataPoolsOf(filesystem)];
  for (const [index, name] of names.entries())
    if (names.indexOf(name) !== index)
      problems.push({ field: `dataPools[${index - 1}].name`, value: name, message: "two pools cannot have one name" });
  return problems;
}

function problemsOfName(filesystem: CephFilesystem): SpecProblem[] {
  if (/^\d/.test(nameOf(filesystem))) {
    const message = "its MDSs have its name, and Ceph takes none that begins with a digit; choose another name";
    return [{ field: "metadata.name", value: nameOf(filesystem), message }];
  }
  const longest = mdsNamesOf(filesystem).at(-1) ?? "";
  if (longest.length <= longestLabel) return [];
  const message = `its MDSs' names would be longer than the ${longestLabel} characters of a label; choose a shorter one`;
  return [{ field: "metadata.name", value: nameOf(filesystem), message }];
}
