import { type CephCall, type CephRefusal, mon } from "./ceph-refusal.ts";

const set = (who: string, name: string, value: string, more: Readonly<Record<string, boolean>> = {}): CephCall =>
  mon("config set", { who, name, value, ...more });
const unset = (who: string, name: string) => ({ after: [mon("config rm", { who, name })] });
const osd = (name: string, value: string) => ({ call: set("osd", name, value), ...unset("osd", name) });
const who = (section: string) => ({ call: set(section, "osd_max_backfills", "2"), ...unset(section, "osd_max_backfills") });

const values: readonly CephRefusal[] = [
  { name: "an option", ...osd("osd_max_backfills", "2"), says: "taken" },
  { name: "an option with blanks and dashes", ...osd("osd max-backfills", "2"), says: "EINVAL", names: "osd_max-backfills" },
  { name: "an option that is not known", ...osd("osd_colour", "blue"), says: "EINVAL", names: "osd_colour" },
  {
    name: "an option that is not known, by force",
    call: set("osd", "osd_colour", "blue", { force: true }),
    says: "taken",
    ...unset("osd", "osd_colour"),
  },
  { name: "a whole number that is a word", ...osd("osd_max_backfills", "two"), says: "EINVAL" },
  { name: "a whole number that is negative", ...osd("osd_max_backfills", "-1"), says: "EINVAL" },
  { name: "a whole number below the least", ...osd("osd_recovery_priority", "0"), says: "taken" },
  { name: "a number that is a word", ...osd("osd_scrub_load_threshold", "half"), says: "EINVAL", names: "half" },
  { name: "a share above 1", call: set("mon", "mon_osd_min_up_ratio", "7"), says: "taken", ...unset("mon", "mon_osd_min_up_ratio") },
  { name: "yes or no that is neither", call: set("mon", "mon_allow_pool_size_one", "maybe"), says: "EINVAL", names: "maybe" },
  { name: "a size with a unit", ...osd("osd_memory_target", "4Gi"), says: "taken" },
  { name: "a size with a unit that is not known", ...osd("osd_memory_target", "4Q"), says: "EINVAL" },
  { name: "a size below the least", ...osd("osd_memory_target", "1000"), says: "EINVAL" },
  { name: "a time with a unit", ...osd("osd_heartbeat_grace", "1m"), says: "EINVAL" },
  { name: "a time that is a word", ...osd("osd_heartbeat_grace", "soon"), says: "EINVAL" },
  { name: "a word that is none of those", ...osd("osd_op_queue", "odd"), says: "EINVAL", names: "odd" },
  { name: "a debug level that is a word", ...osd("debug_osd", "much"), says: "EINVAL" },
  { name: "a debug level", ...osd("debug_osd", "1/5"), says: "taken" },
  {
    name: "a number of copies",
    call: set("global", "osd_pool_default_size", "99"),
    says: "EINVAL",
    names: "99",
    ...unset("global", "osd_pool_default_size"),
  },
  {
    name: "an option that mons do not take",
    call: set("global", "fsid", "11111111-2222-3333-4444-555555555555"),
    says: "EINVAL",
    names: "fsid",
  },
  { name: "mon_host", call: set("global", "mon_host", "10.0.0.1"), says: "EINVAL", names: "mon_host" },
  { name: "a network", call: set("global", "public_network", "10.0.0.0/8"), says: "taken", ...unset("global", "public_network") },
  {
    name: "a value as a number",
    call: mon("config set", { who: "osd", name: "osd_max_backfills", value: 2 }),
    says: "EINVAL",
    names: "value",
  },
  { name: "an option removed that is not set", call: mon("config rm", { who: "osd", name: "osd_max_backfills" }), says: "taken" },
  { name: "an option removed that is not known", call: mon("config rm", { who: "osd", name: "osd_colour" }), says: "taken" },
];

const owners: readonly CephRefusal[] = [
  { name: "a section that is not known", ...who("moon"), says: "EINVAL", names: "moon" },
  { name: "a section of one daemon", ...who("osd.77"), says: "taken" },
  { name: "a section of a client", ...who("client.rgw.a"), says: "taken" },
  { name: "a section of a type that is not known", ...who("moon.a"), says: "EINVAL", names: "moon.a" },
  { name: "an empty section", ...who(""), says: "EINVAL" },
  { name: "a mask of a host", ...who("osd/host:node1"), says: "taken" },
  { name: "a mask of a class", ...who("osd/class:ssd"), says: "taken" },
  { name: "a mask of a class without its name", ...who("osd/class:"), says: "taken" },
  { name: "a mask of a type that is not known", ...who("osd/colour:red"), says: "taken" },
  { name: "a mask that is no pair", ...who("osd/ssd"), says: "EINVAL" },
  { name: "two masks", ...who("osd/class:ssd/host:node1"), says: "taken" },
];

const modules: readonly CephRefusal[] = [
  {
    name: "a module's option",
    call: set("mgr", "mgr/balancer/sleep_interval", "61"),
    says: "taken",
    only: "20.2.4",
    ...unset("mgr", "mgr/balancer/sleep_interval"),
  },
  {
    name: "a module's option that is not known",
    call: set("mgr", "mgr/balancer/colour", "blue"),
    says: "EINVAL",
    names: "mgr/balancer/colour",
  },
  { name: "an option of a module that is not known", call: set("mgr", "mgr/odd/colour", "blue"), says: "EINVAL", names: "mgr/odd/colour" },
  { name: "a module's number that is a word", call: set("mgr", "mgr/balancer/sleep_interval", "soon"), says: "EINVAL" },
  { name: "a module's yes or no that is neither", call: set("mgr", "mgr/balancer/active", "maybe"), says: "EINVAL" },
  { name: "a module's word that is none of those", call: set("mgr", "mgr/balancer/mode", "odd"), says: "EINVAL" },
];

const keys: readonly CephRefusal[] = [
  { name: "a key of the mons' store that is not there", call: mon("config-key get", { key: "table/nowhere" }), says: "ENOENT" },
  {
    name: "whether a key is there that is not",
    call: mon("config-key exists", { key: "table/nowhere" }),
    says: "ENOENT",
    names: "table/nowhere",
  },
  { name: "a key removed that is not there", call: mon("config-key rm", { key: "table/nowhere" }), says: "taken" },
  { name: "a key's value as a number", call: mon("config-key set", { key: "table/new", val: 7 }), says: "EINVAL", names: "val" },
];

/** What Ceph says to bad settings. */
export const configRefusals: readonly CephRefusal[] = [...values, ...owners, ...modules, ...keys];
