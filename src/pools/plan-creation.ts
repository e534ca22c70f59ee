import type { ErasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import type { NewPool } from "../ceph/commands/pool.ts";
import { isPlain, type Places } from "./crush-places.ts";
import { isUsed, missingInCrush, type RuleObstacle, ruleFor, wantedPlaces } from "./crush-rules.ts";
import { type PoolView, profileNameOf } from "./look-at-pool.ts";
import type { PoolAction } from "./pool-action.ts";
import { copiesPerDomainOf, isErasureCoded, sizeOf, type WantedPool } from "./pool-spec.ts";

/** Why a pool cannot be made. */
export type CreationObstacle =
  | RuleObstacle
  /** Another pool uses this erasure code profile, which says something else. */
  | { readonly type: "profileTaken"; readonly profile: string }
  /** The spec wants so many copies in each failure domain, and there is no rule of two steps of this name. */
  | { readonly type: "ruleOfStepsMissing"; readonly rule: string; readonly copiesEach: number };

/** What it takes to make a pool that is not there, or why it cannot be made. */
export type Creation =
  | { readonly state: "plan"; readonly actions: readonly PoolAction[] }
  | { readonly state: "obstacle"; readonly obstacle: CreationObstacle };

/** Decides how to make a pool that is not there: its rule or its profile, then the pool. `isForming`: OSDs are still on their way. */
export function planCreation(view: PoolView, wanted: WantedPool, isForming: boolean): Creation {
  const places = wantedPlaces(wanted);
  const missing = missingInCrush(view.crush, places, isForming);
  if (missing !== undefined) return { state: "obstacle", obstacle: missing };
  return isErasureCoded(wanted.spec) ? planErasureCoded(view, wanted, places) : planReplicated(view, wanted, places);
}

function planReplicated(view: PoolView, wanted: WantedPool, places: Places): Creation {
  const { name, spec } = wanted;
  if (copiesPerDomainOf(spec) > 1) return planByRuleOfSteps(view, wanted);
  const found = ruleFor(view, name, places);
  if (found === undefined) return { state: "obstacle", obstacle: { type: "ruleTaken", rule: name } };
  const { actions, rule } = found;
  return {
    state: "plan",
    actions: [...actions, { type: "createPool", pool: { ...newPool(wanted), type: "replicated", size: sizeOf(spec), rule } }],
  };
}

/** A plain rule would need as many failure domains as copies, and a later one would move all data: the user has to make the rule. */
function planByRuleOfSteps({ crush }: PoolView, wanted: WantedPool): Creation {
  const { name, spec } = wanted;
  const rule = spec.parameters?.["crush_rule"] ?? name;
  const found = crush.rules.find(({ rule_name }) => rule_name === rule);
  if (found !== undefined && found.type === 1 && !isPlain(found))
    return { state: "plan", actions: [{ type: "createPool", pool: { ...newPool(wanted), type: "replicated", size: sizeOf(spec), rule } }] };
  return { state: "obstacle", obstacle: { type: "ruleOfStepsMissing", rule, copiesEach: copiesPerDomainOf(spec) } };
}

function planErasureCoded(view: PoolView, wanted: WantedPool, places: Places): Creation {
  const { name } = wanted;
  const actions: PoolAction[] = [];
  // Ceph takes a rule of the pool's name for the pool's, whatever it says
  const rule = view.crush.rules.find(({ rule_name }) => rule_name === name);
  if (rule !== undefined && isUsed(view.pools, rule.rule_id)) return { state: "obstacle", obstacle: { type: "ruleTaken", rule: name } };
  if (rule !== undefined) actions.push({ type: "removeRule", name });
  const profile = profileFor(wanted, places);
  const isSame = view.profile !== undefined && sameProfile(profile, view.profile);
  if (!isSame && view.profile !== undefined && view.pools.some(({ erasure_code_profile }) => erasure_code_profile === profileNameOf(name)))
    return { state: "obstacle", obstacle: { type: "profileTaken", profile: profileNameOf(name) } };
  if (!isSame) actions.push({ type: "setProfile", name: profileNameOf(name), profile });
  actions.push({ type: "createPool", pool: { ...newPool(wanted), type: "erasure", profile: profileNameOf(name) } });
  return { state: "plan", actions };
}

function newPool({ name, spec }: WantedPool): Pick<NewPool, "name" | "pgNum" | "pgNumMin"> {
  const [least, asked] = [spec.parameters?.["pg_num_min"], spec.parameters?.["pg_num"]].map(
    (value) => Math.max(0, Number(value ?? 0)) || 0,
  );
  return { name, pgNum: asked ?? 0, ...(least === undefined || least === 0 ? {} : { pgNumMin: least }) };
}

/** The profile that the spec asks for. What it leaves open follows Ceph's default profile. */
export function profileFor({ spec }: WantedPool, { root, deviceClass, failureDomain }: Places): ErasureCodeProfile {
  const {
    dataChunks = 0,
    codingChunks = 0,
    algorithm,
    stripeUnit,
    crushNumFailureDomains,
    crushOSDsPerFailureDomain,
  } = spec.erasureCoded ?? {};
  return {
    k: String(dataChunks),
    m: String(codingChunks),
    ...(algorithm ? { plugin: algorithm } : {}),
    ...(stripeUnit ? { stripe_unit: stripeUnit } : {}),
    "crush-root": root,
    "crush-failure-domain": failureDomain,
    ...(deviceClass === undefined ? {} : { "crush-device-class": deviceClass }),
    ...(crushNumFailureDomains === undefined ? {} : { "crush-num-failure-domains": String(crushNumFailureDomains) }),
    ...(crushOSDsPerFailureDomain === undefined ? {} : { "crush-osds-per-failure-domain": String(crushOSDsPerFailureDomain) }),
  };
}

/** Whether a profile says all that is asked; a class that none is asked for must not be there. */
function sameProfile(asked: ErasureCodeProfile, found: ErasureCodeProfile): boolean {
  return (
    Object.entries(asked).every(([key, value]) => found[key] === value) &&
    (asked["crush-device-class"] ?? "") === (found["crush-device-class"] ?? "")
  );
}
