import { refuse, type SimCall, text } from "./sim-command.ts";
import { smallestSize } from "./sim-pools.ts";
import { globalSetting, type SimPool } from "./sim-state.ts";

/** Settings that are flags of the pool. */
const flags = ["hashpspool", "nodelete", "nopgchange", "nosizechange", "noscrub", "nodeep-scrub", "bulk", "eio", "write_fadvise_dontneed"];

/** Settings that are kept as they are set: numbers but for those that are words. */
const numbers = [
  ...[
    "pg_num_min",
    "pg_num_max",
    "pg_autoscale_bias",
    "target_size_ratio",
    "target_size_bytes",
    "recovery_priority",
    "recovery_op_priority",
  ],
  ...["scrub_min_interval", "scrub_max_interval", "deep_scrub_interval", "scrub_priority", "csum_type", "csum_min_block", "csum_max_block"],
  ...["compression_required_ratio", "compression_max_blob_size", "compression_min_blob_size", "read_ratio"],
];
const words = ["compression_mode", "compression_algorithm", "fingerprint_algorithm"];

/** `osd pool get`: one setting, or `all`. */
export function poolSetting(call: SimCall, pool: SimPool): unknown {
  const has = new Set(pool.flags_names.split(","));
  const all: Record<string, unknown> = {
    pool: pool.pool_name,
    pool_id: pool.pool,
    size: pool.size,
    min_size: pool.min_size,
    pg_num: pool.pg_num,
    pgp_num: pool.pg_placement_num_target,
    crush_rule: call.state.crushRules.find(({ rule_id }) => rule_id === pool.crush_rule)?.rule_name,
    ...Object.fromEntries(flags.map((flag) => [flag, has.has(flag)])),
    ...(pool.type === 3 ? { allow_ec_overwrites: has.has("ec_overwrites"), erasure_code_profile: pool.erasure_code_profile } : {}),
    pg_autoscale_mode: pool.pg_autoscale_mode,
    ...pool.options,
  };
  const name = text(call, "var");
  if (name === "all") return all;
  if (all[name] === undefined) throw refuse(call, "ENOENT", `option '${name}' is not set on pool '${pool.pool_name}'`);
  return { pool: pool.pool_name, pool_id: pool.pool, [name]: all[name] };
}

/** `osd pool set`: the pool as it is then. */
export function setPoolSetting(call: SimCall, pool: SimPool): SimPool {
  const name = text(call, "var");
  const value = text(call, "val");
  const number = numberOf(value);
  const invalid = (why: string) => refuse(call, "EINVAL", why);
  const numeric = (): number => {
    if (Number.isNaN(number)) throw invalid(`error parsing integer value '${value}'`);
    return number;
  };
  if (flags.includes(name)) return withFlag(pool, name, isTrue(value));
  if (words.includes(name)) return withOption(pool, name, value === "unset" ? undefined : value);
  if (name === "pg_num_min" && numeric() > pool.pg_num_target)
    throw invalid(`specified pg_num_min ${value} > pg_num ${pool.pg_num_target}`);
  if (numbers.includes(name)) return withOption(pool, name, numeric() === 0 ? undefined : number);
  switch (name) {
    case "size":
      if (pool.type === 3) throw refuse(call, "ENOTSUP", "can not change the size of an erasure-coded pool");
      if (number === 1 && globalSetting(call.state, "mon_allow_pool_size_one", ["mon"]) !== "true")
        throw refuse(call, "EPERM", "configuring pool size as 1 is disabled by default.");
      if (number === 1 && call.command["yes_i_really_mean_it"] !== true)
        throw refuse(call, "EPERM", "WARNING: setting pool size 1 could lead to data loss");
      return { ...pool, size: numeric(), min_size: smallestSize(number) };
    case "min_size":
      if (numeric() < 1 || number > pool.size) throw invalid(`pool min_size must be between 1 and size, which is set to ${pool.size}`);
      return { ...pool, min_size: number };
    case "pg_num":
      // pgp_num follows as long as it is the same
      return {
        ...pool,
        pg_num: numeric(),
        pg_num_target: number,
        pg_placement_num_target: pool.pg_placement_num_target === pool.pg_num_target ? number : pool.pg_placement_num_target,
      };
    case "pgp_num":
      if (numeric() < 1 || number > pool.pg_num_target) throw invalid(`specified pgp_num ${value} > pg_num ${pool.pg_num_target}`);
      return { ...pool, pg_placement_num_target: number };
    case "pg_autoscale_mode":
      if (!["on", "off", "warn"].includes(value)) throw invalid(`specified invalid mode ${value}`);
      return { ...pool, pg_autoscale_mode: value };
    case "crush_rule": {
      const rule = call.state.crushRules.find(({ rule_name }) => rule_name === value);
      if (rule === undefined) throw refuse(call, "ENOENT", `crush rule ${value} does not exist`);
      return { ...pool, crush_rule: rule.rule_id };
    }
    case "allow_ec_overwrites":
      if (pool.type !== 3) throw invalid("ec overwrites can only be enabled for an erasure coded pool");
      if (!isTrue(value) && pool.flags_names.includes("ec_overwrites")) throw invalid("ec overwrites cannot be disabled once enabled");
      return withFlag(pool, "ec_overwrites", isTrue(value));
    default:
      throw invalid("invalid command");
  }
}

/** `1P` as well as `1125899906842624`. */
function numberOf(value: string): number {
  const exponent = " KMGTPE".indexOf(/[KMGTPE](?=i?$)/.exec(value)?.[0] ?? " ");
  return Number(exponent === 0 ? value : value.replace(/[A-Z]i?$/, "")) * 2 ** (10 * exponent);
}

const isTrue = (value: string) => value === "true" || value === "1";

function withFlag(pool: SimPool, flag: string, isSet: boolean): SimPool {
  const others = pool.flags_names.split(",").filter((name) => name !== flag);
  return { ...pool, flags_names: (isSet ? [...others, flag] : others).join(",") };
}

function withOption(pool: SimPool, name: string, value: string | number | undefined): SimPool {
  const { [name]: _before, ...options } = pool.options;
  return { ...pool, options: value === undefined ? options : { ...options, [name]: value } };
}
