import { checkPgNum } from "./pool-limits.ts";
import { refuse, type SimCall, text } from "./sim-command.ts";
import { smallestSize } from "./sim-pools.ts";
import { globalSetting, type SimPool } from "./sim-state.ts";

/** Settings that are flags of the pool. */
const flags: readonly string[] = [
  "hashpspool",
  "nodelete",
  "nopgchange",
  "nosizechange",
  "noscrub",
  "nodeep-scrub",
  "bulk",
  "eio",
  "write_fadvise_dontneed",
];

/** Settings that are kept as they are set: numbers but for those that are words. */
const numbers: readonly string[] = [
  ...[
    "pg_num_min",
    "pg_num_max",
    "pg_autoscale_bias",
    "target_size_ratio",
    "target_size_bytes",
    "recovery_priority",
    "recovery_op_priority",
  ],
  ...["scrub_min_interval", "scrub_max_interval", "deep_scrub_interval", "scrub_priority", "csum_min_block", "csum_max_block"],
  ...["compression_required_ratio", "compression_max_blob_size", "compression_min_blob_size", "read_ratio"],
];
/** Those that are one of some words. */
const words: Readonly<Record<string, readonly string[] | undefined>> = {
  compression_mode: ["none", "passive", "aggressive", "force", "unset"],
  compression_algorithm: ["none", "snappy", "zlib", "zstd", "lz4", "unset"],
  csum_type: ["none", "crc32c", "crc32c_16", "crc32c_8", "xxhash32", "xxhash64", "unset"],
  fingerprint_algorithm: undefined,
};

/** What some numbers may be. */
const limits: Readonly<Record<string, readonly [least: number, most: number]>> = {
  compression_required_ratio: [0, 1],
  pg_autoscale_bias: [0, 1000],
  recovery_priority: [-10, 10],
  target_size_ratio: [0, Number.POSITIVE_INFINITY],
};

/** Numbers of bytes, which may have a unit. */
const sizes: readonly string[] = [
  "target_size_bytes",
  "compression_max_blob_size",
  "compression_min_blob_size",
  "csum_max_block",
  "csum_min_block",
];

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
  const isKnown =
    all[name] !== undefined || numbers.includes(name) || name in words || name === "erasure_code_profile" || name === "allow_ec_overwrites";
  if (!isKnown) throw refuse(call, "EINVAL", `pool '${pool.pool_name}': invalid variable: '${name}'`);
  if (all[name] === undefined) throw refuse(call, "ENOENT", `option '${name}' is not set on pool '${pool.pool_name}'`);
  return { pool: pool.pool_name, pool_id: pool.pool, [name]: all[name] };
}

/** `osd pool set`: the pool as it is then. */
export function setPoolSetting(call: SimCall, pool: SimPool): SimPool {
  const name = text(call, "var");
  const value = text(call, "val");
  if (flags.includes(name)) {
    if (!/^(true|false|0|1)$/.test(value)) throw refuse(call, "EINVAL", "expecting value 'true', 'false', '0', or '1'");
    return withFlag(pool, name, isTrue(value));
  }
  if (name in words) {
    if (words[name]?.includes(value) === false) throw refuse(call, "EINVAL", `unrecognized ${name} '${value}'`);
    return withOption(pool, name, value === "unset" ? undefined : value);
  }
  return numbers.includes(name)
    ? withOption(pool, name, parseOption(call, pool, name, value) || undefined)
    : setField(call, pool, name, value);
}

/** The value of one of `numbers`. */
function parseOption(call: SimCall, pool: SimPool, name: string, value: string): number {
  const number = parseNumber(call, value, sizes.includes(name) ? 1024 : undefined);
  const pgNum = pool.pg_num_target;
  if (name === "pg_num_min" && number > pgNum) throw refuse(call, "EINVAL", `specified pg_num_min ${value} > pg_num ${pgNum}`);
  if (name === "pg_num_max" && number !== 0 && number < pgNum)
    throw refuse(call, "EINVAL", `specified pg_num_max ${value} < pg_num ${pgNum}`);
  const [least = number, most = number] = limits[name] ?? [];
  if (number < least || number > most) throw refuse(call, "EINVAL", `${name} must be between ${least} and ${most}`);
  return number;
}

function parseNumber(call: SimCall, value: string, step?: 1024): number {
  const number = numberOf(value, step);
  if (Number.isNaN(number))
    throw refuse(call, "EINVAL", `error parsing integer value '${value}': Expected option value to be integer, got '${value}'`);
  return number;
}

/** What a pool has beside its options. */
function setField(call: SimCall, pool: SimPool, name: string, value: string): SimPool {
  const invalid = (why: string) => refuse(call, "EINVAL", why);
  const number = numberOf(value);
  const numeric = () => parseNumber(call, value);
  switch (name) {
    case "size":
      if (pool.type === 3) throw refuse(call, "EOPNOTSUPP", "can not change the size of an erasure-coded pool");
      if (numeric() < 1 || number > 10) throw invalid("pool size must be between 1 and 10");
      if (number === 1 && globalSetting(call.state, "mon_allow_pool_size_one", ["mon"]) !== "true")
        throw refuse(call, "EPERM", "configuring pool size as 1 is disabled by default.");
      if (number === 1 && call.command["yes_i_really_mean_it"] !== true)
        throw refuse(call, "EPERM", "WARNING: setting pool size 1 could lead to data loss");
      return { ...pool, size: numeric(), min_size: smallestSize(number) };
    case "min_size":
      if (numeric() < 1 || number > pool.size) throw invalid(`pool min_size must be between 1 and size, which is set to ${pool.size}`);
      return { ...pool, min_size: number };
    case "pg_num":
      if (numeric() < Number(pool.options["pg_num_min"] ?? number)) throw invalid(`specified pg_num ${value} < pg_num_min`);
      if (number > Number(pool.options["pg_num_max"] ?? number)) throw invalid(`specified pg_num ${value} > pg_num_max`);
      checkPgNum(call, number, pool.size, pool);
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
      if (rule.type !== pool.type) throw invalid(`crush rule ${rule.rule_id} type does not match pool`);
      return { ...pool, crush_rule: rule.rule_id };
    }
    case "allow_ec_overwrites":
      if (pool.type !== 3) throw invalid("ec overwrites can only be enabled for an erasure coded pool");
      if (!isTrue(value) && pool.flags_names.includes("ec_overwrites")) throw invalid("ec overwrites cannot be disabled once enabled");
      return withFlag(pool, "ec_overwrites", isTrue(value));
    default:
      throw invalid(`unrecognized variable '${name}'`);
  }
}

/** With a `step` between units, `1P` as well as `1125899906842624`. NaN: no number. */
export function numberOf(value: string, step?: 1000 | 1024): number {
  const [, amount = "", unit = ""] = /^(.*?)(?:([KMGTPE])i?)?$/.exec(value) ?? [];
  if (value.trim() === "" || (step === undefined && unit !== "")) return Number.NaN;
  return Number(amount) * (step ?? 1) ** " KMGTPE".indexOf(unit || " ");
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
