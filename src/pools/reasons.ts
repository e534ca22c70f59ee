import type { Meanings } from "../resource/meanings.ts";

/** Reasons of the conditions of every kind that has pools. */
export const poolReasons = {
  CrushRootMissing: {
    meaning: "the CRUSH root of the pool is not in Ceph's CRUSH map",
    helps: "correct `crushRoot`, or give OSDs such a root",
  },
  CrushFailureDomainMissing: {
    meaning: "Ceph's CRUSH map has no such type of failure domain",
    helps: "correct `failureDomain`: osd, host, rack, zone …",
  },
  DeviceClassMissing: {
    meaning: "no OSD below the pool's CRUSH root has the device class",
    helps: "correct `deviceClass`, or add such devices",
  },
  NotEnoughDomains: {
    meaning: "there are fewer failure domains with OSDs than the pool has copies or chunks: it has fewer than asked for, or cannot be used",
    helps: "add nodes (or OSDs, racks …), make the pool smaller, or choose a smaller `failureDomain` such as osd",
  },
  CrushRuleMissing: {
    meaning: "the pool is to have several copies in a failure domain, and there is no CRUSH rule for that, which is not made by itself yet",
    helps: "make a rule of two steps that is called as the pool (`crushtool`), or take `replicated.replicasPerFailureDomain` away",
  },
  PoolTypeConflict: {
    meaning: "the pool exists and is of another type or erasure code, which Ceph cannot change",
    helps: "set the spec back, or make a new pool and move the data",
  },
  CrushRuleTaken: {
    meaning: "a CRUSH rule or erasure code profile of the pool's name exists, says something else, and another pool uses it",
    helps: "give the pool another name, or the other pool another rule",
  },
  PoolOfAnother: {
    meaning: "the pool exists and belongs to a file system, an object store or a mgr",
    helps: "choose another name; or set `application` to what the pool is for",
  },
  ParametersRefused: {
    meaning: "Ceph refuses a setting of the pool; the message has Ceph's words",
    helps: "correct or remove it; the other settings are made",
  },
  CreatingPool: { meaning: "the pool was made, and its placement groups are on their way", helps: "–" },
  PlacementGroupsInactive: {
    meaning: "placement groups of the pool serve nobody: too few of their OSDs are up",
    helps: "bring back the OSDs that `ceph osd tree` shows down",
  },
  PoolDeletionRefused: {
    meaning: "the mons may not remove pools",
    helps: "set mon_allow_pool_delete to true in the CephCluster's cephConfig, and take the pool's parameter nodelete away",
  },
} as const satisfies Meanings;

export type PoolReason = keyof typeof poolReasons;
