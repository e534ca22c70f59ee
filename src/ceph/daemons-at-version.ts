import { type CephVersion, compareCephVersions, parseCephVersion } from "./ceph-version.ts";
import type { CephVersions } from "./commands/cluster.ts";

/** How many running daemons of a type (`mon`) run which version: oldest first. Empty where Ceph knows none. */
export function versionsOf(versions: CephVersions | undefined, type: string): { version: CephVersion; daemons: number }[] {
  return Object.entries(versions?.[type] ?? {})
    .flatMap(([text, daemons]) => {
      const version = parseCephVersion(text);
      return version === undefined ? [] : [{ version, daemons }];
    })
    .sort((a, b) => compareCephVersions(a.version, b.version));
}

/**
 * Whether all running daemons of a type run this version, as `ceph versions` tells; so too where none runs. A daemon that follows others in an
 * update may be changed once this holds for each type before it: an MDS waits for `mon`, `mgr` and `osd`. A daemon that is down, or a mon out
 * of quorum, counts neither way.
 */
export function isAtVersion(versions: CephVersions | undefined, type: string, wanted: CephVersion): boolean {
  return versionsOf(versions, type).every(({ version }) => compareCephVersions(version, wanted) === 0);
}
