import type { CrushMap, CrushRule, ReplicatedRule } from "../ceph/commands/crush.ts";
import type { PoolDetail } from "../ceph/commands/pool.ts";
import { countDomains, hasRoot, isPlain, type Places, placesOf } from "./crush-places.ts";
import type { PoolView } from "./look-at-pool.ts";
import type { PoolAction } from "./pool-action.ts";
import { type WantedPool, wantedFailureDomain } from "./pool-spec.ts";

/** Why a pool cannot have the CRUSH rule that its spec asks for. `isComing`: the cluster is forming, and its OSDs may bring what lacks. */
export type RuleObstacle =
  /** `known`: the types that a failure domain may be. */
  | { readonly type: "typeMissing"; readonly failureDomain: string; readonly known: readonly string[] }
  | { readonly type: "rootMissing"; readonly root: string; readonly isComing: boolean }
  /** No OSD below the root is of the class; `known`: the classes that OSDs are of. */
  | {
      readonly type: "classMissing";
      readonly root: string;
      readonly deviceClass: string;
      readonly known: readonly string[];
      readonly isComing: boolean;
    }
  /** Another pool uses this rule, which puts things in other places. */
  | { readonly type: "ruleTaken"; readonly rule: string };

/** The rule that a pool has. */
export function ruleOf({ rules }: Pick<CrushMap, "rules">, { crush_rule }: Pick<PoolDetail, "crush_rule">): CrushRule | undefined {
  return rules.find(({ rule_id }) => rule_id === crush_rule);
}

/** Where the spec wants the pool. */
export function wantedPlaces({ spec, crushRoot }: Pick<WantedPool, "spec" | "crushRoot">): Places {
  return { root: spec.crushRoot || crushRoot, deviceClass: spec.deviceClass || undefined, failureDomain: wantedFailureDomain(spec) };
}

/** Whether two rules put things in the same places. */
export function samePlaces(left: Places | undefined, right: Places): boolean {
  return (
    left !== undefined && left.root === right.root && left.deviceClass === right.deviceClass && left.failureDomain === right.failureDomain
  );
}

/** What CRUSH lacks for these places; undefined where it lacks nothing. `isForming`: OSDs are still on their way. */
export function missingInCrush(crush: CrushMap, places: Places, isForming: boolean): RuleObstacle | undefined {
  const { root, deviceClass, failureDomain } = places;
  const types = crush.types.map(({ name }) => name);
  if (!types.includes(failureDomain)) return { type: "typeMissing", failureDomain, known: types.filter((name) => name !== "root") };
  // roots and classes come with the OSDs that have them, types do not
  if (!hasRoot(crush, root)) return { type: "rootMissing", root, isComing: isForming };
  if (deviceClass !== undefined && countDomains(crush, { root, deviceClass, failureDomain: "osd" }) === 0) {
    const known = [...new Set(crush.devices.flatMap((device) => (device.class === undefined ? [] : [device.class])))].sort();
    return { type: "classMissing", root, deviceClass, known, isComing: isForming };
  }
  return undefined;
}

/**
 * The rule for a replicated pool, and what makes it: the one of the pool's name; another where that one is in use; undefined where both are.
 *
 * @example
 * ruleFor(view, "a", { root: "default", deviceClass: undefined, failureDomain: "host" }) // rule "a", else "a_host"
 */
export function ruleFor(
  { crush, pools }: Pick<PoolView, "crush" | "pools">,
  pool: string,
  places: Places,
): { readonly actions: readonly PoolAction[]; readonly rule: string } | undefined {
  const { root, deviceClass, failureDomain } = places;
  const asked = (name: string): ReplicatedRule => ({ name, root, failureDomain, ...(deviceClass === undefined ? {} : { deviceClass }) });
  for (const name of [pool, otherRuleName(pool, places)]) {
    const found = crush.rules.find(({ rule_name }) => rule_name === name);
    if (found === undefined) return { actions: [{ type: "createRule", rule: asked(name) }], rule: name };
    if (found.type === 1 && isPlain(found) && samePlaces(placesOf(found), places)) return { actions: [], rule: name };
    // left by a pool that is gone
    if (!isUsed(pools, found.rule_id))
      return {
        actions: [
          { type: "removeRule", name },
          { type: "createRule", rule: asked(name) },
        ],
        rule: name,
      };
  }
  return undefined;
}

/** Names of the rules that the pool had before it got another, and that no pool uses any more; the rule with the id `keep` is not among them. */
export function leftRules({ crush, pools }: Pick<PoolView, "crush" | "pools">, pool: string, keep?: number): string[] {
  return crush.rules
    .filter((rule) => {
      const places = placesOf(rule);
      const { rule_name: name, rule_id: id } = rule;
      const isItsOwn = name === pool || (places !== undefined && name === otherRuleName(pool, places));
      const isAnothers = name !== pool && pools.some(({ pool_name }) => pool_name === name);
      return isItsOwn && !isAnothers && id !== keep && !isUsed(pools, id);
    })
    .map(({ rule_name }) => rule_name);
}

/** The rule that a pool gets beside the one of its name, as Rook names it. */
function otherRuleName(pool: string, { failureDomain, deviceClass }: Places): string {
  return deviceClass === undefined ? `${pool}_${failureDomain}` : `${pool}_${failureDomain}_${deviceClass}`;
}

/** The rule that Ceph makes with the first OSD map, for pools that name none. */
const firstRule = 0;

/** Whether a rule, by its id, may be needed: a pool has it, or it is the one for pools that name none. */
export function isUsed(pools: readonly Pick<PoolDetail, "crush_rule">[], rule: number): boolean {
  return rule === firstRule || pools.some(({ crush_rule }) => crush_rule === rule);
}
