import type { PoolDetail } from "../ceph/commands/pool.ts";
import { type Places, placesOf } from "./crush-places.ts";
import { leftRules, missingInCrush, type RuleObstacle, ruleFor, ruleOf, samePlaces, wantedPlaces } from "./crush-rules.ts";
import type { PoolView } from "./look-at-pool.ts";
import type { PoolAction } from "./pool-action.ts";
import { isErasureCoded, type PoolSpec, type WantedPool, wantsRuleOfSteps } from "./pool-spec.ts";

/** What becomes of the CRUSH rule of a pool that is there. */
export type RulePlan =
  /** Empty where all is as it should be, or the pool's rule is of a form that is not known. */
  | { readonly type: "change"; readonly actions: readonly PoolAction[] }
  | KeptRule
  | { readonly type: "obstacle"; readonly obstacle: RuleObstacle };

/** The pool keeps a rule that puts things elsewhere than the spec says. */
export interface KeptRule {
  readonly type: "ruleKept";
  /** Where the rule puts things, by the fields of the spec that say something else; undefined: any. Not empty. */
  readonly differs: readonly { readonly field: "failureDomain" | "deviceClass" | "crushRoot"; readonly is: string | undefined }[];
  readonly why: WhyRuleStays;
}

/** Why the operator leaves a pool the rule that it has. */
export type WhyRuleStays =
  /** Ceph takes the rule of an erasure coded pool from its profile, when it makes the pool. */
  | { readonly type: "erasureCoded" }
  /** The parameter crush_rule names the rule. */
  | { readonly type: "ruleNamed"; readonly rule: string }
  /** The operator does not make such a rule yet, and a plain one would put copies elsewhere. */
  | { readonly type: "copiesToldApart" }
  /** The user has not asked for it, and it moves all data. */
  | { readonly type: "updatesOff" };

/** Decides whether a pool that is there gets another rule, and which of the rules that it had before go. */
export function planRule(view: PoolView, pool: PoolDetail, wanted: WantedPool): RulePlan {
  const rule = ruleOf(view.crush, pool);
  const is = rule && placesOf(rule);
  if (rule === undefined || is === undefined) return { type: "change", actions: [] };
  const why = whyRuleStays(wanted.spec);
  if (why !== undefined) {
    const differs = differences(is, wanted.spec);
    return differs.length === 0 ? { type: "change", actions: [] } : { type: "ruleKept", differs, why };
  }
  const places = wantedPlaces(wanted);
  if (samePlaces(is, places)) return { type: "change", actions: removals(leftRules(view, wanted.name, rule.rule_id)) };
  return planMove(view, wanted.name, places);
}

/** The pool's new rule, then the end of those that it had. */
function planMove(view: PoolView, pool: string, places: Places): RulePlan {
  // the operator does not wait for what lacks: the pool has places already
  const missing = missingInCrush(view.crush, places, false);
  if (missing !== undefined) return { type: "obstacle", obstacle: missing };
  const next = ruleFor(view, pool, places);
  if (next === undefined) return { type: "obstacle", obstacle: { type: "ruleTaken", rule: pool } };
  const others = view.pools.filter(({ pool_name }) => pool_name !== pool);
  const left = leftRules({ crush: view.crush, pools: others }, pool).filter((name) => name !== next.rule);
  return {
    type: "change",
    actions: [...next.actions, { type: "set", name: "crush_rule", value: next.rule, field: "failureDomain" }, ...removals(left)],
  };
}

function whyRuleStays(spec: PoolSpec): WhyRuleStays | undefined {
  if (isErasureCoded(spec)) return { type: "erasureCoded" };
  const named = spec.parameters?.["crush_rule"];
  if (named !== undefined) return { type: "ruleNamed", rule: named };
  if (wantsRuleOfSteps(spec)) return { type: "copiesToldApart" };
  return spec.enableCrushUpdates === true ? undefined : { type: "updatesOff" };
}

/** Only what the spec says is missed: a pool that was there before the object has a rule of its own. */
function differences(is: Places, { failureDomain, deviceClass, crushRoot }: PoolSpec): KeptRule["differs"] {
  return [
    ...(failureDomain && failureDomain !== is.failureDomain ? [{ field: "failureDomain", is: is.failureDomain } as const] : []),
    ...(deviceClass && deviceClass !== is.deviceClass ? [{ field: "deviceClass", is: is.deviceClass } as const] : []),
    ...(crushRoot && crushRoot !== is.root ? [{ field: "crushRoot", is: is.root } as const] : []),
  ];
}

function removals(rules: readonly string[]): PoolAction[] {
  return rules.map((name) => ({ type: "removeRule", name }));
}
