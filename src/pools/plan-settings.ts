import type { ErasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import type { PoolDetail } from "../ceph/commands/pool.ts";
import { sameValue } from "../ceph/config-value.ts";
import { parseQuantity } from "../kube/quantity.ts";
import { blocked, type StepOutcome } from "../resource/outcome.ts";
import { placesOf } from "./crush-places.ts";
import { leftRules, missingInCrush, ruleFor, ruleOf, ruleTaken, samePlaces, wantedPlaces } from "./crush-rules.ts";
import type { PoolView } from "./look-at-pool.ts";
import type { PoolAction } from "./pool-action.ts";
import { isErasureCoded, type PoolSpec, sizeOf, type WantedPool, wantsRuleOfSteps } from "./pool-spec.ts";
import type { PoolReason } from "./reasons.ts";
import { wantedSettings } from "./wanted-settings.ts";

/** What it takes to make a pool that is there as the spec asks. */
export interface SettingsPlan {
  readonly actions: readonly PoolAction[];
  /** What cannot be so, beside all that can. */
  readonly obstacle: StepOutcome<PoolReason> | undefined;
  /** What is not as the spec says, and may stay so. */
  readonly remarks: readonly string[];
}

/** Applications whose services own their pools. */
const services: readonly string[] = ["cephfs", "rgw", "mgr", "nfs"];

/** Decides how to make a pool as its spec asks. Fields that the spec leaves out stay as they are in Ceph. */
export function planSettings(view: PoolView, pool: PoolDetail, wanted: WantedPool): SettingsPlan {
  const other = otherService(pool, wanted.application);
  if (other !== undefined)
    return {
      actions: [],
      obstacle: blocked(
        "PoolOfAnother",
        `Pool ${wanted.name} belongs to ${other}, and the spec asks for one of ${wanted.application}; choose another name, or set application`,
        60_000,
      ),
      remarks: [],
    };
  const conflict = conflictOf(pool, view.profile, wanted.spec);
  if (conflict !== undefined)
    return {
      actions: [],
      obstacle: blocked(
        "PoolTypeConflict",
        `Pool ${wanted.name} ${conflict}; set the spec back, or make a new pool and move the data`,
        60_000,
      ),
      remarks: [],
    };
  const rule = planRule(view, pool, wanted);
  const settings = planParameters(view, pool, wanted.spec);
  const size = sizeOf(wanted.spec);
  const resize: PoolAction[] =
    isErasureCoded(wanted.spec) || pool.size === size ? [] : [{ type: "set", name: "size", value: String(size), field: "replicated.size" }];
  const overwrites: PoolAction[] =
    isErasureCoded(wanted.spec) && !hasFlag(pool, "ec_overwrites")
      ? [{ type: "set", name: "allow_ec_overwrites", value: "true", field: "erasureCoded" }]
      : [];
  const application: PoolAction[] =
    pool.application_metadata[wanted.application] === undefined ? [{ type: "application", app: wanted.application }] : [];
  return {
    actions: [...rule.actions, ...resize, ...overwrites, ...settings.actions, ...application, ...planQuotas(pool, wanted.spec)],
    obstacle: rule.obstacle,
    remarks: [...rule.remarks, ...settings.remarks],
  };
}

/** The service that a pool belongs to, where that is not the application it is wanted for. */
export function otherService({ application_metadata: apps }: PoolDetail, application: string): string | undefined {
  return apps[application] === undefined ? services.find((app) => apps[app] !== undefined) : undefined;
}

/** Whether Ceph has this word among the pool's flags. */
export function hasFlag({ flags_names }: PoolDetail, flag: string): boolean {
  return flags_names.split(",").includes(flag);
}

function conflictOf(pool: PoolDetail, profile: ErasureCodeProfile | undefined, spec: PoolSpec): string | undefined {
  const isCoded = pool.type === 3;
  if (isErasureCoded(spec) !== isCoded)
    return isCoded
      ? "is erasure coded, and the spec asks for a replicated one"
      : "is replicated, and the spec asks for an erasure coded one";
  const { dataChunks = 0, codingChunks = 0, algorithm } = spec.erasureCoded ?? {};
  if (!isCoded || profile === undefined) return undefined;
  const { k, m, plugin } = profile;
  if (Number(k) !== dataChunks || Number(m) !== codingChunks)
    return `has ${k ?? "?"} data and ${m ?? "?"} coding chunks, and the spec asks for ${dataChunks} and ${codingChunks}`;
  return algorithm && plugin !== undefined && plugin !== algorithm
    ? `is coded by ${plugin}, and the spec asks for ${algorithm}`
    : undefined;
}

function planRule(view: PoolView, pool: PoolDetail, wanted: WantedPool): SettingsPlan {
  const nothing: SettingsPlan = { actions: [], obstacle: undefined, remarks: [] };
  const found = ruleOf(view.crush, pool);
  const is = found && placesOf(found);
  if (found === undefined || is === undefined) return nothing;
  const places = wantedPlaces(wanted);
  const { failureDomain, deviceClass, crushRoot, enableCrushUpdates, parameters } = wanted.spec;
  const named = parameters?.["crush_rule"];
  if (enableCrushUpdates !== true || isErasureCoded(wanted.spec) || named !== undefined || wantsRuleOfSteps(wanted.spec)) {
    // only what the spec says is missed: a pool that was there before has a rule of its own
    const differs = [
      ...(failureDomain && failureDomain !== is.failureDomain ? [`failureDomain ${is.failureDomain}`] : []),
      ...(deviceClass && deviceClass !== is.deviceClass ? [`deviceClass ${is.deviceClass ?? "any"}`] : []),
      ...(crushRoot && crushRoot !== is.root ? [`crushRoot ${is.root}`] : []),
    ];
    if (differs.length === 0) return nothing;
    const how = isErasureCoded(wanted.spec)
      ? "an erasure coded pool keeps the places it was made with"
      : named !== undefined
        ? `parameters.crush_rule names ${named}, which decides`
        : wantsRuleOfSteps(wanted.spec)
          ? "a rule that tells copies apart is not made yet, so that the pool's stays"
          : "enableCrushUpdates: true moves it, with all its data";
    return { ...nothing, remarks: [`pool ${wanted.name} still has ${differs.join(", ")}: ${how}`] };
  }
  if (!samePlaces(is, places)) {
    const missing = missingInCrush(view.crush, places, `Pool ${wanted.name}`, false);
    if (missing !== undefined) return { ...nothing, obstacle: missing };
    const next = ruleFor(view, wanted.name, places);
    if (next === undefined) return { ...nothing, obstacle: ruleTaken(wanted.name) };
    const moved: PoolView = { ...view, pools: view.pools.filter(({ pool_name }) => pool_name !== wanted.name) };
    const left = leftRules(moved, wanted.name).filter((name) => name !== next.rule);
    return {
      ...nothing,
      actions: [
        ...next.actions,
        { type: "set", name: "crush_rule", value: next.rule, field: "failureDomain" },
        ...left.map((name) => ({ type: "removeRule", name }) as const),
      ],
    };
  }
  return { ...nothing, actions: leftRules(view, wanted.name, found.rule_id).map((name) => ({ type: "removeRule", name })) };
}

/** Settings whose absence in Ceph's answer means this. */
const nothings: ReadonlySet<string> = new Set(["none", "unset", "false"]);

function planParameters({ settings }: PoolView, pool: PoolDetail, spec: PoolSpec): Pick<SettingsPlan, "actions" | "remarks"> {
  const actions: PoolAction[] = [];
  const remarks: string[] = [];
  const wanted = wantedSettings(spec);
  const autoscales = (wanted.get("pg_autoscale_mode") ?? pool.pg_autoscale_mode) === "on";
  const resized = !isErasureCoded(spec) && pool.size !== sizeOf(spec);
  for (const [name, value] of wanted) {
    const target = name === "pg_num" ? pool.pg_num_target : name === "pgp_num" ? pool.pg_placement_num_target : undefined;
    // the autoscaler would change it back, and so on for ever
    if (target !== undefined && autoscales) {
      if (Number(value) !== pool.pg_num_target)
        remarks.push(`parameter ${name} is left to the autoscaler: set pg_num_min, or pg_autoscale_mode to off`);
      continue;
    }
    const least = Number(value);
    if (name === "pg_num_min" && least > pool.pg_num_target)
      actions.push({ type: "set", name: "pg_num", value, field: "parameters.pg_num_min" });
    // both grow and shrink step by step
    const is = target ?? settings[name];
    const isSo = is === undefined ? nothings.has(value) || Number(value) === 0 : sameSetting(String(is), value);
    // Ceph sets min_size anew with a new size
    if (!isSo || (name === "min_size" && resized)) actions.push({ type: "set", name, value, field: fieldOf(name, spec) });
  }
  return { actions, remarks };
}

function sameSetting(left: string, right: string): boolean {
  const bool = (text: string) => (text === "true" ? "1" : text === "false" ? "0" : text);
  return sameValue(bool(left), bool(right));
}

function fieldOf(name: string, { parameters }: PoolSpec): string {
  if (parameters?.[name] !== undefined) return `parameters.${name}`;
  return name === "compression_mode" ? "compressionMode" : "replicated.targetSizeRatio";
}

function planQuotas(pool: PoolDetail, { quotas }: PoolSpec): PoolAction[] {
  const bytes = quotas?.maxSize === undefined ? quotas?.maxBytes : Math.round(parseQuantity(quotas.maxSize) ?? 0);
  const objects = quotas?.maxObjects;
  return [
    ...(bytes === undefined || bytes === pool.quota_max_bytes ? [] : [{ type: "quota", name: "max_bytes", limit: bytes } as const]),
    ...(objects === undefined || objects === pool.quota_max_objects
      ? []
      : [{ type: "quota", name: "max_objects", limit: objects } as const]),
  ];
}
