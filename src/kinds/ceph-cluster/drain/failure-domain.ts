import type { CrushRule } from "../../../ceph/commands/crush.ts";
import type { PoolDetail } from "../../../ceph/commands/pool.ts";
import type { Deployment, Pod } from "../../../kube/kinds.ts";
import { bucketTypes } from "../common/batch-domain.ts";
import { topologyLabel } from "../common/topology-label.ts";

/** What may be drained as one, and whether some pool relies on less. */
export interface FailureDomains {
  /** A CRUSH bucket type: `host`, `zone`… */
  readonly type: string;
  /** Pools that spread their copies over OSDs, whichever domain those are in. */
  readonly poolsOverOsds: readonly string[];
}

/**
 * The smallest failure domain that a pool relies on, by its CRUSH rule; `host` where none says, and where the OSDs' labels do not tell
 * the domain of each: a label that a budget's selector does not find protects nothing.
 */
export function failureDomainsOf(
  pools: readonly PoolDetail[],
  rules: readonly CrushRule[],
  labelled: readonly (Deployment | Pod)[],
): FailureDomains {
  const used = pools.map((pool) => ({ pool, type: domainOf(rules.find(({ rule_id }) => rule_id === pool.crush_rule)) }));
  const type = bucketTypes.find((level) => used.some((each) => each.type === level)) ?? "host";
  const isKnown = labelled.every(({ metadata }) => metadata.labels?.[topologyLabel(type)] !== undefined);
  return {
    type: isKnown ? type : "host",
    poolsOverOsds: used.flatMap((each) => (each.type === "osd" ? [each.pool.pool_name] : [])),
  };
}

/** What a rule keeps copies apart by: the smallest bucket that it chooses, OSDs only where it chooses nothing else. */
function domainOf(rule: CrushRule | undefined): string | undefined {
  const chosen = (rule?.steps ?? []).flatMap(({ op, type }) => (op.startsWith("choose") && type !== undefined ? [type] : []));
  return bucketTypes.find((level) => chosen.includes(level)) ?? (chosen.includes("osd") ? "osd" : undefined);
}
