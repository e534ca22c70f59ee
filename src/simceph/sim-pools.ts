import type { CrushRule } from "../ceph/commands/crush.ts";
import type { SimOsd, SimPool, SimState } from "./sim-state.ts";

/** The CRUSH rule that every cluster begins with. */
export const firstRule: Readonly<CrushRule> = {
  rule_id: 0,
  rule_name: "replicated_rule",
  type: 1,
  steps: [{ op: "take", item: -1, item_name: "default" }, { op: "chooseleaf_firstn", num: 0, type: "host" }, { op: "emit" }],
};

/** The erasure code profile that every cluster begins with. */
export const firstProfile: Readonly<Record<string, string>> = { k: "2", m: "2", plugin: "isa", technique: "reed_sol_van" };

/** `min_size` that follows from a number of copies, while osd_pool_default_min_size is 0. */
export function smallestSize(size: number): number {
  return size - Math.floor(size / 2);
}

/** The failure domains of a pool that some OSDs stand for: those that its CRUSH rule may choose, by name. */
export function domainsOf(state: SimState, pool: SimPool, osds: readonly SimOsd[]): string[] {
  const { root, deviceClass, failureDomain } = placesOf(state.crushRules.find(({ rule_id }) => rule_id === pool.crush_rule));
  const names = osds.flatMap((osd) => {
    const isBelow = osd.location.some(([, name]) => name === root) && (deviceClass === undefined || osd.deviceClass === deviceClass);
    if (!isBelow) return [];
    if (failureDomain === "osd") return [`osd.${osd.id}`];
    return osd.location.filter(([type]) => type === failureDomain).map(([, name]) => name);
  });
  return [...new Set(names)];
}

function placesOf(rule: CrushRule = firstRule): { root: string; deviceClass: string | undefined; failureDomain: string } {
  const [root = "default", deviceClass] = (rule.steps.find(({ op }) => op === "take")?.item_name ?? "").split("~");
  return { root, deviceClass, failureDomain: rule.steps.find(({ op }) => op.startsWith("choose"))?.type ?? "host" };
}
