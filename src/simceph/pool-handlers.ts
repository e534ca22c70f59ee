import type { CephCommand } from "../ceph/ceph.ts";
import { parseBytes } from "./config-rules.ts";
import { addRule } from "./crush-handlers.ts";
import { ownerOf } from "./fs-handlers.ts";
import { changeOsdMap } from "./observe.ts";
import { pgState } from "./placement-groups.ts";
import { checkPgNum } from "./pool-limits.ts";
import { numberOf, poolSetting, setPoolSetting } from "./pool-settings.ts";
import { refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";
import { smallestSize } from "./sim-pools.ts";
import { globalSetting, releaseName, type SimPool, type SimState, stamp } from "./sim-state.ts";

/** How many applications a pool may have. */
const mostApplications = 4;

/** Pools: making, changing and removing them, and what they hold. */
export const poolHandlers: Readonly<SimHandlers> = {
  "osd pool ls": ({ state, command }) =>
    command["detail"] === "detail"
      ? state.pools.map(({ pool, ...rest }) => ({ pool_id: pool, ...rest }))
      : state.pools.map(({ pool_name }) => pool_name),
  "osd pool create": (call) => create(call),
  "osd pool delete": (call) => remove(call),
  "osd pool get": (call) => poolSetting(call, known(call)),
  "osd pool set": (call) => replace(call, setPoolSetting(call, known(call))),
  "osd pool set-quota": (call) => {
    const pool = known(call);
    const field = text(call, "field");
    if (field !== "max_bytes" && field !== "max_objects")
      throw refuse(call, "EINVAL", `unrecognized field '${field}'; should be 'max_bytes' or 'max_objects'`);
    const value = text(call, "val");
    const limit = field === "max_bytes" ? parseBytes(value) : /^\d+[KMGTPE]?$/.test(value) ? numberOf(value, 1000) : undefined;
    if (limit === undefined) throw refuse(call, "EINVAL", `error parsing value '${value}'`);
    return replace(call, { ...pool, [`quota_${field}`]: limit });
  },
  "osd pool get-quota": (call) => {
    const { pool, pool_name, quota_max_bytes, quota_max_objects } = known(call);
    return { pool_name, pool_id: pool, quota_max_objects, current_num_objects: 0, quota_max_bytes, current_num_bytes: 0 };
  },
  "osd pool application enable": (call) => {
    const pool = known(call);
    const app = text(call, "app");
    if (app === "") throw refuse(call, "EINVAL", "application name must be provided");
    if (pool.application_metadata[app] !== undefined) return "";
    if (Object.keys(pool.application_metadata).length > 0 && call.command["yes_i_really_mean_it"] !== true)
      throw refuse(call, "EPERM", `Are you SURE? Pool '${pool.pool_name}' already has an enabled application`);
    if (Object.keys(pool.application_metadata).length >= mostApplications)
      throw refuse(call, "EINVAL", `too many enabled applications on pool '${pool.pool_name}'; max ${mostApplications}`);
    if (app.length > 128) throw refuse(call, "EINVAL", `application name '${app}' too long; max length 128`);
    return replace(call, { ...pool, application_metadata: { ...pool.application_metadata, [app]: {} } });
  },
  "osd pool application get": (call) => known(call).application_metadata,
  df: ({ state }) => ({
    stats: {},
    pools: state.pools.map((pool) => ({
      name: pool.pool_name,
      id: pool.pool,
      stats: { stored: 0, objects: counted(state, pool), kb_used: 0, bytes_used: 0, percent_used: 0, max_avail: 0 },
    })),
  }),
  "pg dump_stuck": ({ state }) => ({
    pg_ready: true,
    stuck_pg_stats: state.pools.flatMap((pool) => {
      const is = pgState(state, pool);
      return is.includes("active")
        ? []
        : Array.from({ length: pool.pg_num }, (_, pg) => ({ pgid: `${pool.pool}.${pg.toString(16)}`, state: is }));
    }),
  }),
  "osd map": (call) => {
    const name = text(call, "pool");
    if (!call.state.pools.some(({ pool_name }) => pool_name === name)) throw refuse(call, "ENOENT", `pool ${name} does not exist`);
    const { pool, pool_name } = known(call);
    const space = call.command["nspace"];
    const acting = [...call.state.osds.values()].filter((osd) => osd.up && osd.in).map(({ id }) => id);
    const objname = typeof space === "string" ? `${space}/${text(call, "object")}` : text(call, "object");
    return { epoch: call.state.osdEpoch, pool: pool_name, pool_id: pool, objname, acting, acting_primary: acting[0] ?? -1 };
  },
};

/** As a mgr counts that has just begun: what no OSD tells of is 0 to it, and without one nobody has counted. */
function counted(state: SimState, pool: SimPool): number {
  const isTold = state.mgrs.length > 0 && pgState(state, pool) !== "unknown";
  return isTold ? (state.objects.get(pool.pool)?.size ?? 0) : 0;
}

function known(call: SimCall): SimPool {
  const name = text(call, "pool");
  const pool = call.state.pools.find(({ pool_name }) => pool_name === name);
  if (pool === undefined) throw refuse(call, "ENOENT", `unrecognized pool '${name}'`);
  return pool;
}

/** Puts the pool as it is now in its place; nothing changes where it is as it was. */
function replace({ state, now }: SimCall, pool: SimPool): string {
  const at = state.pools.findIndex((each) => each.pool === pool.pool);
  if (JSON.stringify(state.pools[at]) === JSON.stringify(pool)) return "";
  state.pools[at] = pool;
  changeOsdMap(state, now);
  return "";
}

function create(call: SimCall): string {
  const { state, command, now } = call;
  const name = text(call, "pool");
  const type = String(command["pool_type"] ?? "replicated");
  if (type !== "erasure" && type !== "replicated") throw refuse(call, "EINVAL", `unknown pool type '${type}'`);
  const isCoded = type === "erasure";
  const found = state.pools.find(({ pool_name }) => pool_name === name);
  if (found !== undefined) {
    if ((found.type === 3) === isCoded) return "";
    throw refuse(call, "EINVAL", `pool '${name}' cannot change to type ${isCoded ? "erasure" : "replicated"}`);
  }
  // it says that such names are not allowed, and that all is well
  if (name.startsWith(".") && command["yes_i_really_mean_it"] !== true) return "";
  if (name === "") throw refuse(call, "EINVAL", "(22) Invalid argument");
  const profileName = String(command["erasure_code_profile"] ?? "default");
  const profile = state.erasureCodeProfiles.get(profileName);
  if (isCoded && profile === undefined)
    throw refuse(
      call,
      "EINVAL",
      "cannot determine the erasure code plugin because there is no 'plugin' entry in the erasure_code_profile {}",
    );
  const [k, m] = [Number(profile?.["k"]), Number(profile?.["m"])];
  const size = isCoded ? k + m : (sizeOf(command) ?? Number(globalSetting(state, "osd_pool_default_size", ["mon"]) ?? 3));
  if (size === 1 && globalSetting(state, "mon_allow_pool_size_one", ["mon"]) !== "true")
    throw refuse(call, "EPERM", "configuring pool size as 1 is disabled by default.");
  const pgNum = Number(command["pg_num"] ?? 0) || 1;
  const given = command["rule"] === undefined ? undefined : ruleCalled(call, text(call, "rule"), isCoded ? 3 : 1);
  const rule = given ?? (isCoded ? codedRule(call, name, profile ?? {}) : ruleCalled(call, "replicated_rule", 1));
  checkPgNum(call, pgNum, size);
  state.poolMax += 1;
  state.pools.push({
    pool: state.poolMax,
    pool_name: name,
    create_time: stamp(now),
    flags_names: "hashpspool,creating",
    type: isCoded ? 3 : 1,
    size,
    min_size: isCoded ? k + Math.min(1, m - 1) : smallestSize(size),
    crush_rule: rule,
    pg_num: pgNum,
    pg_num_target: pgNum,
    pg_placement_num_target: pgNum,
    pg_autoscale_mode: command["autoscale_mode"] === "off" ? "off" : "on",
    quota_max_bytes: 0,
    quota_max_objects: 0,
    erasure_code_profile: isCoded ? profileName : "",
    options: command["pg_num_min"] === undefined ? {} : { pg_num_min: Number(command["pg_num_min"]) },
    application_metadata: {},
  });
  changeOsdMap(state, now);
  return "";
}

/** The size that is asked for: of one byte, without a sign. Undefined: none. */
function sizeOf(command: CephCommand): number | undefined {
  const size = Number(command["size"] ?? 0) & 0xff;
  return size === 0 ? undefined : size;
}

function ruleCalled(call: SimCall, name: string, type: 1 | 3): number {
  const rule = call.state.crushRules.find(({ rule_name }) => rule_name === name);
  if (rule === undefined) throw refuse(call, "ENOENT", `specified rule ${name} doesn't exist`);
  if (rule.type !== type) throw refuse(call, "EINVAL", `crush rule ${rule.rule_id} type does not match pool`);
  return rule.rule_id;
}

/** The rule of the pool's name, made as the profile says where it is not there. */
function codedRule(call: SimCall, name: string, profile: Readonly<Record<string, string>>): number {
  const found = call.state.crushRules.find(({ rule_name }) => rule_name === name);
  if (found !== undefined) return found.rule_id;
  const { "crush-root": root = "default", "crush-failure-domain": failureDomain = "host", "crush-device-class": deviceClass } = profile;
  return addRule(call, { name, type: 3, root, failureDomain, ...(deviceClass ? { deviceClass } : {}) });
}

function remove(call: SimCall): string {
  const { state, command, now } = call;
  const name = text(call, "pool");
  const found = state.pools.find(({ pool_name }) => pool_name === name);
  if (found === undefined) return "";
  if (command["pool2"] !== name || command["yes_i_really_really_mean_it"] !== true)
    throw refuse(call, "EPERM", `WARNING: this will *PERMANENTLY DESTROY* all data stored in pool ${name}.`);
  if (globalSetting(state, "mon_allow_pool_delete", ["mon"]) !== "true")
    throw refuse(call, "EPERM", "pool deletion is disabled; you must first set the mon_allow_pool_delete config option to true");
  if (found.flags_names.includes("nodelete"))
    throw refuse(call, "EPERM", "pool deletion is disabled; you must unset nodelete flag for the pool first");
  if (ownerOf(state, found.pool) !== undefined) throw refuse(call, "EBUSY", `pool '${name}' is in use by CephFS`);
  state.pools.splice(state.pools.indexOf(found), 1);
  state.objects.delete(found.pool);
  // from 20 on, an erasure coded pool takes its rule along
  const rule = state.crushRules.findIndex(({ rule_id }) => rule_id === found.crush_rule);
  if (
    found.type === 3 &&
    releaseName(call.version) === "tentacle" &&
    !state.pools.some(({ crush_rule }) => crush_rule === found.crush_rule)
  )
    state.crushRules.splice(rule, 1);
  changeOsdMap(state, now);
  return "";
}
