import type { Ceph } from "../ceph.ts";
import { CephError } from "../ceph-error.ts";
import { type StopVerdict, stopVerdict } from "./stop-verdict.ts";

/** Which version each MDS runs, by its name, as far as it has told; the values are what `parseCephVersion` reads. `EIO` where the answer does not tell. */
export async function mdsVersions(ceph: Ceph): Promise<ReadonlyMap<string, string>> {
  const found = await ceph.command<unknown>({ prefix: "mds metadata" });
  if (!Array.isArray(found)) throw new CephError("EIO", "mds metadata", "the answer is no list");
  return new Map(
    found.flatMap(({ name, ceph_version: version }: { name: string; ceph_version?: string }) =>
      version === undefined ? [] : [[name, version]],
    ),
  );
}

/**
 * Whether every rank would still have an MDS without these (names as in `mds.<name>`). No while any file system is degraded, such as one
 * whose rank has just been taken over. An MDS that does not run may be stopped.
 */
export function mdsOkToStop(ceph: Ceph, ids: readonly string[]): Promise<StopVerdict> {
  return stopVerdict(ceph, { prefix: "mds ok-to-stop", ids });
}
