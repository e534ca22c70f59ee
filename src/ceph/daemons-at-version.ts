import { type CephVersion, compareCephVersions, formatCephVersion, parseCephVersion } from "./ceph-version.ts";
import type { CephVersions } from "./commands/cluster.ts";

/** Types of daemons in the order in which an update takes them; those after `osd` follow it. */
export type VersionedType = "mon" | "mgr" | "osd" | "mds" | "rgw";

/** How many daemons of a type run which version: oldest first. Empty where Ceph knows none. */
export function versionsOf(versions: CephVersions | undefined, type: VersionedType): { version: CephVersion; daemons: number }[] {
  return Object.entries(versions?.[type] ?? {})
    .flatMap(([text, daemons]) => {
      const version = parseCephVersion(text);
      return version === undefined ? [] : [{ version, daemons }];
    })
    .sort((a, b) => compareCephVersions(a.version, b.version));
}

/**
 * The types all of whose running daemons run this version, as `ceph versions` tells; a type without a running daemon is not among them.
 * A daemon that follows others in an update may be changed once they are all here: an MDS waits for `mon`, `mgr` and `osd`.
 * Only what runs is told of: a daemon that is down, or a mon out of quorum, counts neither way.
 */
export function typesAtVersion(versions: CephVersions | undefined, wanted: CephVersion): ReadonlySet<VersionedType> {
  const types: readonly VersionedType[] = ["mon", "mgr", "osd", "mds", "rgw"];
  return new Set(
    types.filter((type) => {
      const running = versionsOf(versions, type);
      return running.length > 0 && running.every(({ version }) => compareCephVersions(version, wanted) === 0);
    }),
  );
}

/** `2 at 18.2.7-0, 1 at 20.2.4-0`, oldest first. */
export function sayVersions(versions: CephVersions | undefined, type: VersionedType): string {
  return versionsOf(versions, type)
    .map(({ version, daemons }) => `${daemons} at ${formatCephVersion(version)}`)
    .join(", ");
}
