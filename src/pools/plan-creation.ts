import type { CrushMap, ReplicatedRule } from "../ceph/commands/crush.ts";
import type { ErasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import type { NewPool, PoolDetail } from "../ceph/commands/pool.ts";
import { blocked, type StepOutcome, waiting } from "../resource/outcome.ts";
import { countDomains, hasRoot, isPlain, type Places, placesOf } from "./crush-places.ts";
import { type PoolView, profileNameOf } from "./look-at-pool.ts";
import type { PoolAction } from "./pool-action.ts";
import { copiesPerDomainOf, isErasureCoded, sizeOf, type WantedPool, wantedFailureDomain } from "./pool-spec.ts";
import type { PoolReason } from "./reasons.ts";

/** What it takes to make a pool that is not there, or why it cannot be made. */
export type Creation =
  | { readonly state: "plan"; readonly actions: readonly PoolAction[] }
  | { readonly state: "obstacle"; readonly outcome: StepOutcome<PoolReason> };

/** Where the spec wants the pool. */
export function wantedPlaces({ spec, crushRoot }: WantedPool): Places {
  return { root: spec.crushRoot || crushRoot, deviceClass: spec.deviceClass || undefined, failureDomain: wantedFailureDomain(spec) };
}

/** Decides how to make a pool that is not there: its rule or its profile, then the pool. `isForming`: OSDs are still on their way. */
export function planCreation(view: PoolView, wanted: WantedPool, isForming: boolean): Creation {
  const places = wantedPlaces(wanted);
  const missing = missingInCrush(view.crush, places, `Pool ${wanted.name}`, isForming);
  if (missing !== undefined) return { state: "obstacle", outcome: missing };
  return isErasureCoded(wanted.spec) ? planErasureCoded(view, wanted, places) : planReplicated(view, wanted, places);
}

/** What CRUSH lacks for these places. */
export function missingInCrush(crush: CrushMap, places: Places, what: string, isForming: boolean): StepOutcome<PoolReason> | undefined {
  const { root, deviceClass, failureDomain } = places;
  // roots and classes come with the OSDs that have them
  const say = isForming ? waiting<PoolReason> : blocked<PoolReason>;
  if (!crush.types.some(({ name }) => name === failureDomain))
    return blocked(
      "CrushFailureDomainMissing",
      `${what}: CRUSH has no type ${failureDomain}; failureDomain must be one of ${crush.types
        .map(({ name }) => name)
        .filter((name) => name !== "root")
        .join(", ")}`,
      10_000,
    );
  if (!hasRoot(crush, root))
    return say("CrushRootMissing", `${what}: CRUSH has no root ${root}; correct crushRoot, or give OSDs that root`, 5000);
  if (deviceClass !== undefined && countDomains(crush, { root, deviceClass, failureDomain: "osd" }) === 0) {
    const known = [...new Set(crush.devices.flatMap((device) => (device.class === undefined ? [] : [device.class])))].sort();
    return say(
      "DeviceClassMissing",
      `${what}: no OSD below ${root} is of device class ${deviceClass}; there are ${known.join(", ") || "none"}; correct deviceClass, or add such devices`,
      5000,
    );
  }
  return undefined;
}

function planReplicated(view: PoolView, wanted: WantedPool, places: Places): Creation {
  const { name, spec } = wanted;
  if (copiesPerDomainOf(spec) > 1) return planByRuleOfSteps(view, wanted);
  const found = ruleFor(view, name, places);
  if (found === undefined) return { state: "obstacle", outcome: ruleTaken(name) };
  const { actions, rule } = found;
  return {
    state: "plan",
    actions: [...actions, { type: "createPool", pool: { ...newPool(wanted), type: "replicated", size: sizeOf(spec), rule } }],
  };
}

/** A plain rule would need as many failure domains as copies, and a later one would move all data: somebody else has to make the rule. */
function planByRuleOfSteps({ crush }: PoolView, wanted: WantedPool): Creation {
  const { name, spec } = wanted;
  const rule = spec.parameters?.["crush_rule"] ?? name;
  const found = crush.rules.find(({ rule_name }) => rule_name === rule);
  if (found !== undefined && found.type === 1 && !isPlain(found))
    return { state: "plan", actions: [{ type: "createPool", pool: { ...newPool(wanted), type: "replicated", size: sizeOf(spec), rule } }] };
  return {
    state: "obstacle",
    outcome: blocked(
      "CrushRuleMissing",
      `Pool ${name}: replicated.replicasPerFailureDomain is ${copiesPerDomainOf(spec)}, which needs a CRUSH rule of two steps, and such a rule is not made yet; make one called ${rule} with crushtool, or take replicasPerFailureDomain away`,
      30_000,
    ),
  };
}

/** The rule for a replicated pool: the one of its name; another where that one is in use; undefined where both are. */
export function ruleFor(
  view: PoolView,
  pool: string,
  places: Places,
): { readonly actions: readonly PoolAction[]; readonly rule: string } | undefined {
  const { root, deviceClass, failureDomain } = places;
  const asked = (name: string): ReplicatedRule => ({ name, root, failureDomain, ...(deviceClass === undefined ? {} : { deviceClass }) });
  for (const name of [pool, otherRuleName(pool, places)]) {
    const found = view.crush.rules.find(({ rule_name }) => rule_name === name);
    if (found === undefined) return { actions: [{ type: "createRule", rule: asked(name) }], rule: name };
    if (found.type === 1 && isPlain(found) && samePlaces(placesOf(found), places)) return { actions: [], rule: name };
    // left by a pool that is gone
    if (!isUsed(view.pools, found.rule_id))
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

/** The rule that a pool gets beside the one of its name, as Rook names it. */
export function otherRuleName(pool: string, { failureDomain, deviceClass }: Places): string {
  return deviceClass === undefined ? `${pool}_${failureDomain}` : `${pool}_${failureDomain}_${deviceClass}`;
}

function planErasureCoded(view: PoolView, wanted: WantedPool, places: Places): Creation {
  const { name } = wanted;
  const actions: PoolAction[] = [];
  // Ceph takes a rule of the pool's name for the pool's, whatever it says
  const rule = view.crush.rules.find(({ rule_name }) => rule_name === name);
  if (rule !== undefined && isUsed(view.pools, rule.rule_id)) return { state: "obstacle", outcome: ruleTaken(name) };
  if (rule !== undefined) actions.push({ type: "removeRule", name });
  const profile = profileFor(wanted, places);
  const isSame = view.profile !== undefined && sameProfile(profile, view.profile);
  if (!isSame && view.profile !== undefined && view.pools.some(({ erasure_code_profile }) => erasure_code_profile === profileNameOf(name)))
    return { state: "obstacle", outcome: ruleTaken(name, `erasure code profile ${profileNameOf(name)}`) };
  if (!isSame) actions.push({ type: "setProfile", name: profileNameOf(name), profile });
  actions.push({ type: "createPool", pool: { ...newPool(wanted), type: "erasure", profile: profileNameOf(name) } });
  return { state: "plan", actions };
}

/** Another pool uses what has this pool's name. */
export function ruleTaken(pool: string, what = `CRUSH rule ${pool}`): StepOutcome<PoolReason> {
  return blocked(
    "CrushRuleTaken",
    `Pool ${pool}: ${what} is used by another pool and says something else; give this pool another name`,
    30_000,
  );
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

/** Whether two rules put things in the same places. */
export function samePlaces(left: Places | undefined, right: Places): boolean {
  return (
    left !== undefined && left.root === right.root && left.deviceClass === right.deviceClass && left.failureDomain === right.failureDomain
  );
}

/** The rule that Ceph makes with the first OSD map, for pools that name none. */
const firstRule = 0;

/** Whether a rule may be needed: a pool has it, or it is the one for pools that name none. */
export function isUsed(pools: readonly PoolDetail[], rule: number): boolean {
  return rule === firstRule || pools.some(({ crush_rule }) => crush_rule === rule);
}
