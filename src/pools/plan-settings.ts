import type { ErasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import type { PoolDetail } from "../ceph/commands/pool.ts";
import { sameValue } from "../ceph/config-value.ts";
import { parseQuantity } from "../kube/quantity.ts";
import type { RuleObstacle } from "./crush-rules.ts";
import type { PoolView } from "./look-at-pool.ts";
import { type KeptRule, planRule } from "./plan-rule.ts";
import type { PoolAction } from "./pool-action.ts";
import { isErasureCoded, type PoolSpec, sizeOf, type WantedPool } from "./pool-spec.ts";
import { wantedSettings } from "./wanted-settings.ts";

/** Why a pool that is there cannot be as its spec asks. */
export type SettingsObstacle =
  | RuleObstacle
  /** The service `owner` has the pool, and the spec wants it for `application`. */
  | { readonly type: "poolOfAnother"; readonly owner: string; readonly application: string }
  | { readonly type: "poolTypeConflict"; readonly conflict: PoolConflict };

/** What the spec asks for and Ceph cannot change in a pool that is there. */
export type PoolConflict =
  | { readonly type: "isErasureCoded" }
  | { readonly type: "isReplicated" }
  /** Numbers of chunks; undefined where the profile does not say. */
  | {
      readonly type: "otherChunks";
      readonly has: { readonly data: string | undefined; readonly coding: string | undefined };
      readonly asked: { readonly data: number; readonly coding: number };
    }
  /** Plugins of the code. */
  | { readonly type: "otherPlugin"; readonly has: string; readonly asked: string };

/** What is not as the spec says, and may stay so. */
export type SettingsRemark =
  | KeptRule
  /** The autoscaler would change the parameter back. */
  | { readonly type: "leftToAutoscaler"; readonly parameter: string };

/** What it takes to make a pool that is there as the spec asks. */
export interface SettingsPlan {
  readonly actions: readonly PoolAction[];
  /** What cannot be so, beside all that can. */
  readonly obstacle: SettingsObstacle | undefined;
  readonly remarks: readonly SettingsRemark[];
}

/** Applications whose services own their pools. */
const services: readonly string[] = ["cephfs", "rgw", "mgr", "nfs"];

/** Decides how to make a pool as its spec asks. Fields that the spec leaves out stay as they are in Ceph. */
export function planSettings(view: PoolView, pool: PoolDetail, wanted: WantedPool): SettingsPlan {
  const owner = otherService(pool, wanted.application);
  if (owner !== undefined) return { actions: [], obstacle: { type: "poolOfAnother", owner, application: wanted.application }, remarks: [] };
  const conflict = conflictOf(pool, view.profile, wanted.spec);
  if (conflict !== undefined) return { actions: [], obstacle: { type: "poolTypeConflict", conflict }, remarks: [] };
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
    actions: [
      ...(rule.type === "change" ? rule.actions : []),
      ...resize,
      ...overwrites,
      ...settings.actions,
      ...application,
      ...planQuotas(pool, wanted.spec),
    ],
    obstacle: rule.type === "obstacle" ? rule.obstacle : undefined,
    remarks: [...(rule.type === "ruleKept" ? [rule] : []), ...settings.remarks],
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

function conflictOf(pool: PoolDetail, profile: ErasureCodeProfile | undefined, spec: PoolSpec): PoolConflict | undefined {
  const isCoded = pool.type === 3;
  if (isErasureCoded(spec) !== isCoded) return { type: isCoded ? "isErasureCoded" : "isReplicated" };
  const { dataChunks = 0, codingChunks = 0, algorithm } = spec.erasureCoded ?? {};
  if (!isCoded || profile === undefined) return undefined;
  const { k, m, plugin } = profile;
  if (Number(k) !== dataChunks || Number(m) !== codingChunks)
    return { type: "otherChunks", has: { data: k, coding: m }, asked: { data: dataChunks, coding: codingChunks } };
  return algorithm && plugin !== undefined && plugin !== algorithm ? { type: "otherPlugin", has: plugin, asked: algorithm } : undefined;
}

/** Settings whose absence in Ceph's answer means this. */
const nothings: ReadonlySet<string> = new Set(["none", "unset", "false"]);

function planParameters({ settings }: PoolView, pool: PoolDetail, spec: PoolSpec): Pick<SettingsPlan, "actions" | "remarks"> {
  const actions: PoolAction[] = [];
  const remarks: SettingsRemark[] = [];
  const wanted = wantedSettings(spec);
  const autoscales = (wanted.get("pg_autoscale_mode") ?? pool.pg_autoscale_mode) === "on";
  const resized = !isErasureCoded(spec) && pool.size !== sizeOf(spec);
  for (const [name, value] of wanted) {
    const target = name === "pg_num" ? pool.pg_num_target : name === "pgp_num" ? pool.pg_placement_num_target : undefined;
    // the autoscaler would change it back after each pass
    if (target !== undefined && autoscales) {
      if (Number(value) !== pool.pg_num_target) remarks.push({ type: "leftToAutoscaler", parameter: name });
      continue;
    }
    const least = Number(value);
    if (name === "pg_num_min" && least > pool.pg_num_target)
      actions.push({ type: "set", name: "pg_num", value, field: "parameters.pg_num_min" });
    // both grow and shrink step by step
    const is = target ?? settings[name];
    const isSo = is === undefined ? nothings.has(value) || Number(value) === 0 : sameSetting(String(is), value);
    // with a new size, Ceph sets min_size too
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
