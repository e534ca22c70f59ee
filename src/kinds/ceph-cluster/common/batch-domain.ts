import type { CrushRule } from "../../../ceph/commands/crush.ts";
import type { PoolDetail } from "../../../ceph/commands/pool.ts";

/** Types of buckets above OSDs in Ceph's CRUSH maps, lowest first. */
export const bucketTypes = ["host", "chassis", "rack", "row", "pdu", "pod", "room", "datacenter", "zone", "region", "root"] as const;

/** The lowest type of bucket above OSDs by which a pool spreads its copies: OSDs within one such bucket may be away together. `host` where no pool says. */
export function batchDomain(rules: readonly CrushRule[], pools: readonly PoolDetail[]): string {
  const used = new Set(pools.map((pool) => pool.crush_rule));
  const types = rules.filter(({ rule_id }) => used.has(rule_id)).flatMap(({ steps }) => steps.flatMap(({ type }) => type ?? []));
  return bucketTypes.find((type) => types.includes(type)) ?? "host";
}

/** The bucket of this type in a place such as `root=default host=node1 rack=r1`; the host where it has none. */
export function bucketOf(crushLocation: string, type: string): string {
  const places = crushLocation.split(/\s+/);
  return places.find((place) => place.startsWith(`${type}=`)) ?? places.find((place) => place.startsWith("host=")) ?? "";
}
