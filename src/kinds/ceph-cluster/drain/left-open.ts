import type { OsdMap, OsdTree } from "../../../ceph/commands/osd.ts";
import type { Deployment } from "../../../kube/kinds.ts";
import { topologyLabel } from "../common/topology-label.ts";
import type { OsdBudget } from "./plan-budgets.ts";

/** All that tells it. */
export interface LeftOpenFacts {
  readonly budgets: readonly OsdBudget[];
  /** What the budgets are to be about now. */
  readonly domainType: string;
  /** Of OSDs. */
  readonly deployments: readonly Deployment[];
  readonly flags: OsdMap["crush_node_flags"];
}

/**
 * Buckets with the flag `noout` that the budgets in place leave open though they are no failure domain with OSDs any more: pools have come
 * that rely on another type of bucket, or the OSDs of the drained domain were taken away. Of the second, those of which an OSD is up are
 * somebody else's. `askTree` is asked only where it decides.
 */
export async function leftOpen(facts: LeftOpenFacts, askTree: () => Promise<OsdTree>): Promise<string[]> {
  const { budgets, domainType, deployments, flags } = facts;
  const blocking = budgets.flatMap((budget) => (budget.type === "domain" ? [budget] : []));
  if (blocking.length === 0 || blocking.length < budgets.length) return [];
  const isBlocked = (type: string, domain: string) => blocking.some((b) => b.domainType === type && b.domain === domain);
  const flagged = Object.keys(flags).filter((name) => flags[name]?.includes("noout"));
  const types = [...new Set(blocking.map((budget) => budget.domainType))];
  const having = (type: string) => new Set(deployments.flatMap(({ metadata }) => metadata.labels?.[topologyLabel(type)] ?? []));
  const ofOtherType = types
    .filter((type) => type !== domainType)
    .flatMap((type) => flagged.filter((name) => having(type).has(name) && !isBlocked(type, name)));
  const unknown = flagged.filter((name) => types.every((type) => !having(type).has(name) && !isBlocked(type, name)));
  if (unknown.length === 0) return ofOtherType;
  const { nodes } = await askTree();
  const isUp = (id: number): boolean => {
    const node = nodes.find((each) => each.id === id);
    return node?.status === "up" || (node?.children ?? []).some(isUp);
  };
  const empty = nodes.filter(({ id, name, type }) => unknown.includes(name) && types.includes(type) && !isUp(id)).map(({ name }) => name);
  return [...ofOtherType, ...empty];
}
