import type { FsMap } from "../../ceph/commands/fs.ts";
import type { PoolDetail } from "../../ceph/commands/pool.ts";
import { type CephFilesystem, dataPoolsOf, metadataPoolOf, nameOf } from "./ceph-filesystem.ts";

/**
 * Pools that the spec names and that are another's: they are for something else, or for another file system. Neither is such a pool changed,
 * nor does it go with the CephFilesystem.
 */
export function poolsOfOthers(filesystem: CephFilesystem, pools: readonly PoolDetail[]): { readonly pool: string; readonly of: string }[] {
  const named = [metadataPoolOf(filesystem), ...dataPoolsOf(filesystem)];
  return pools.flatMap(({ pool_name: pool, application_metadata }) => {
    if (!named.includes(pool)) return [];
    const [application] = Object.keys(application_metadata).filter((each) => each !== "cephfs");
    if (application !== undefined) return [{ pool, of: application }];
    const owner = ownerOf(application_metadata);
    return owner === undefined || owner === nameOf(filesystem) ? [] : [{ pool, of: `file system ${owner}` }];
  });
}

/** Milliseconds by which the clocks of Ceph and Kubernetes may differ. */
const clocksDifferMs = 60_000;

/**
 * Pools that go with a CephFilesystem whose file system is gone: those that the spec names, and those that it named before, which Ceph marks
 * as the file system's. What is older than the CephFilesystem and not named was kept on purpose when one before it was deleted. Those that the
 * spec names are told even where they are gone: their rules and profiles may be left, by a removal that was stopped halfway.
 */
export function poolsToRemove(filesystem: CephFilesystem, pools: readonly PoolDetail[], { filesystems }: FsMap): string[] {
  const named = [metadataPoolOf(filesystem), ...dataPoolsOf(filesystem)];
  const others = new Set(poolsOfOthers(filesystem, pools).map(({ pool }) => pool));
  const inUse = new Set(filesystems.flatMap(({ mdsmap }) => [mdsmap.metadata_pool, ...mdsmap.data_pools]));
  const since = Date.parse(filesystem.metadata.creationTimestamp ?? "") - clocksDifferMs;
  const found = pools
    .filter(({ pool, pool_id, pool_name, application_metadata, create_time }) => {
      if (others.has(pool_name) || inUse.has(pool_id ?? pool ?? -1)) return false;
      const isYoung = Date.parse(create_time.replace(/\+0000$/, "Z")) >= since;
      const isMarked = ownerOf(application_metadata) === nameOf(filesystem);
      return named.includes(pool_name) ? isMarked || isYoung : isMarked && isYoung;
    })
    .map(({ pool_name }) => pool_name);
  return [...found, ...named.filter((name) => pools.every(({ pool_name }) => pool_name !== name))];
}

/** The file system that Ceph marks a pool as being of; it stays marked when that is gone. */
function ownerOf(applications: PoolDetail["application_metadata"]): string | undefined {
  const { data, metadata } = applications["cephfs"] ?? {};
  return metadata ?? data;
}
