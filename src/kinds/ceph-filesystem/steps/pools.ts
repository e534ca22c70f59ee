import { isCephError } from "../../../ceph/ceph-error.ts";
import { addDataPool, allowSeveralFilesystems, type Filesystem, newFilesystem } from "../../../ceph/commands/fs.ts";
import { poolDetails } from "../../../ceph/commands/pool.ts";
import { ensurePool, type PoolFindings } from "../../../pools/ensure-pool.ts";
import type { WantedPool } from "../../../pools/pool-spec.ts";
import { blocked, done, type StepOutcome } from "../../../resource/outcome.ts";
import { dataPoolsOf, metadataPoolOf, nameOf } from "../ceph-filesystem.ts";
import type { Pass, View } from "../look.ts";
import { poolsOfOthers } from "../own-pools.ts";
import type { FilesystemReason } from "../reasons.ts";

type Outcome = StepOutcome<FilesystemReason>;

/** For how long a cluster is new: what CRUSH lacks is on its way then, rather than missing. Milliseconds. */
const formingMs = 300_000;

/** What the pools and the file system on them came to. */
export interface PoolsFindings {
  readonly outcomes: readonly Outcome[];
  readonly remarks: readonly string[];
  /** Whether Ceph's map of file systems is not what it was at the start of the pass. */
  readonly hasChanged: boolean;
}

/** The pools, and the file system on them. */
export async function pools(pass: Pass, view: View): Promise<PoolsFindings> {
  const { cluster, now, object } = pass;
  // without data pools the spec says nothing of them: the file system is there already
  if (dataPoolsOf(object).length === 0) return { outcomes: [done], remarks: [], hasChanged: false };
  const isForming = now - Date.parse(cluster.metadata.creationTimestamp ?? "") < formingMs;
  const [taken] = poolsOfOthers(object, await poolDetails(pass.ceph));
  if (taken !== undefined) {
    const message = `Pool ${taken.pool} is there and is of ${taken.of}; name another pool in the spec`;
    return { outcomes: [blocked("PoolTaken", message, 30_000)], remarks: [], hasChanged: false };
  }
  const wanted = wantedPools(pass);
  const found = await Promise.all(wanted.map((pool) => ensurePool({ ...pass, isForming }, pool)));
  const [metadata, ...data] = found.map(({ pool }) => pool);
  const outcomes: Outcome[] = found.map(({ outcome }) => outcome);
  const remarks = found.flatMap((each: PoolFindings) => each.remarks);
  const ids = data.flatMap((pool) => pool?.pool_id ?? pool?.pool ?? []);
  if (metadata === undefined || ids.length < data.length) return { outcomes, remarks, hasChanged: false };
  const metadataId = metadata.pool_id ?? metadata.pool;
  const { filesystem } = view;
  if (filesystem !== undefined && (filesystem.mdsmap.metadata_pool !== metadataId || filesystem.mdsmap.data_pools[0] !== ids[0]))
    return { outcomes: [...outcomes, conflict(pass, filesystem)], remarks, hasChanged: false };
  try {
    const made = filesystem === undefined;
    if (made) await make(pass, view);
    const has = filesystem?.mdsmap.data_pools ?? ids.slice(0, 1);
    const more = dataPoolsOf(object).filter((_, index) => !has.includes(ids[index] ?? -1));
    for (const pool of more) await addDataPool(pass.ceph, nameOf(object), pool);
    const extra = has.filter((id) => !ids.includes(id));
    return {
      outcomes: [...outcomes, done],
      remarks: [...remarks, ...(extra.length === 0 ? [] : [`data pools that the spec no longer names stay: ids ${extra.join(", ")}`])],
      hasChanged: made || more.length > 0,
    };
  } catch (error) {
    if (!isCephError(error, "EINVAL", "EPERM")) throw error;
    return { outcomes: [...outcomes, blocked("FilesystemRefused", error.message, 30_000)], remarks, hasChanged: false };
  }
}

async function make({ ceph, object }: Pass, { map }: View): Promise<void> {
  if (!map.feature_flags.enable_multiple) await allowSeveralFilesystems(ceph);
  await newFilesystem(ceph, nameOf(object), { metadata: metadataPoolOf(object), data: dataPoolsOf(object)[0] ?? "" });
}

function conflict({ object }: Pass, { mdsmap }: Filesystem): Outcome {
  return blocked(
    "FilesystemConflict",
    `File system ${nameOf(object)} is there on pools ${mdsmap.metadata_pool} and ${mdsmap.data_pools[0] ?? "none"}, not on ${metadataPoolOf(object)} and ${dataPoolsOf(object)[0] ?? ""}: the spec's pools or their names have changed, which Ceph cannot follow; set them back, or make a file system of another name`,
    30_000,
  );
}

function wantedPools({ object, cluster }: Pass): WantedPool[] {
  const { metadataPool, dataPools } = object.spec;
  const common = { application: "cephfs", crushRoot: cluster.spec.storage?.config?.["crushRoot"] ?? "default" };
  const data = dataPoolsOf(object);
  return [
    { ...common, name: metadataPoolOf(object), spec: metadataPool ?? {} },
    ...(dataPools ?? []).map((spec, index) => ({ ...common, name: data[index] ?? "", spec })),
  ];
}
