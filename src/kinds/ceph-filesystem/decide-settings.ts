import { isServed, type MdsMap } from "../../ceph/commands/fs.ts";

/** What of a file system is set by the operator. */
export interface FilesystemSettings {
  readonly allow_standby_replay: boolean;
  readonly max_mds: number;
  readonly standby_count_wanted: number;
}

/**
 * How the versions of the MDSs go together: all alike; some are to be updated; or none is any more, but some still run another version than
 * the others or than they are to, such as one that has not ended yet.
 */
export type MdsVersions = "alike" | "updating" | "mixed";

/**
 * What must be so now: as the spec asks, but for an update to another version of Ceph, which one rank and no followers go through. Those are
 * not given back before all MDSs run the same.
 */
export function wantedSettings(
  spec: { readonly ranks: number; readonly standbys: number },
  versions: MdsVersions,
  now: Pick<MdsMap, "max_mds" | "flags_state">,
): FilesystemSettings {
  const wanted = { allow_standby_replay: spec.standbys > 0, max_mds: spec.ranks, standby_count_wanted: spec.standbys };
  switch (versions) {
    case "alike":
      return wanted;
    case "updating":
      return { ...wanted, allow_standby_replay: false, max_mds: 1 };
    case "mixed":
      return {
        ...wanted,
        allow_standby_replay: wanted.allow_standby_replay && now.flags_state.allow_standby_replay,
        max_mds: Math.min(wanted.max_mds, now.max_mds),
      };
  }
}

/**
 * Those that are not so, in the order in which they are set: followers are let go before ranks are. Ceph itself asks for a standby once rank 0
 * is served, so that how many are wanted is said after that.
 */
export function missingSettings(wanted: FilesystemSettings, map: MdsMap): Partial<FilesystemSettings> {
  return {
    ...(map.flags_state.allow_standby_replay === wanted.allow_standby_replay ? {} : { allow_standby_replay: wanted.allow_standby_replay }),
    ...(map.max_mds === wanted.max_mds ? {} : { max_mds: wanted.max_mds }),
    ...(map.standby_count_wanted === wanted.standby_count_wanted || !isServed(map)
      ? {}
      : { standby_count_wanted: wanted.standby_count_wanted }),
  };
}

/** Whether no more ranks are left than `max`, each served and none on its way; nobody follows one unless that is allowed. */
export function hasSettled(map: MdsMap, max: number): boolean {
  const mdss = Object.values(map.info);
  return (
    map.in.length <= max &&
    map.in.every((rank) => mdss.some((mds) => mds.rank === rank && mds.state === "up:active")) &&
    mdss.every(({ state }) => state === "up:active" || (state === "up:standby-replay" && map.flags_state.allow_standby_replay))
  );
}
