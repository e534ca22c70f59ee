import { type CephCall, type CephRefusal, mgr, mon } from "./ceph-refusal.ts";
import { deletePool } from "./stage.ts";

const make = (fs_name: string, metadata: string, data: string): CephCall => mon("fs new", { fs_name, metadata, data });
const set = (name: string, val: string, fs_name = "table-fs"): CephCall => mon("fs set", { fs_name, var: name, val });
const pools = [mon("osd pool create", { pool: "table-meta2", pg_num: 4 }), mon("osd pool create", { pool: "table-data2", pg_num: 4 })];
const gone = (fs_name: string) => [
  mon("fs fail", { fs_name, yes_i_really_mean_it: true }),
  mon("fs rm", { fs_name, yes_i_really_mean_it: true }),
  deletePool("table-meta2"),
  deletePool("table-data2"),
];

const making: readonly CephRefusal[] = [
  { name: "a file system", before: pools, call: make("table-new", "table-meta2", "table-data2"), says: "taken", after: gone("table-new") },
  {
    name: "a file system's name with a blank",
    before: pools,
    call: make("table new", "table-meta2", "table-data2"),
    says: "taken",
    after: gone("table new"),
  },
  {
    name: "a file system's name with a slash",
    before: pools,
    call: make("table/new", "table-meta2", "table-data2"),
    says: "taken",
    after: gone("table/new"),
  },
  { name: "a file system without a name", before: pools, call: make("", "table-meta2", "table-data2"), says: "EINVAL", after: gone("") },
  {
    name: "a file system with one pool for both",
    before: pools,
    call: make("table-new", "table-meta2", "table-meta2"),
    says: "taken",
    after: gone("table-new"),
  },
  {
    name: "a file system whose metadata pool is erasure coded",
    before: pools,
    call: make("table-new", "table-coded", "table-data2"),
    says: "EINVAL",
    names: "table-coded",
    after: gone("table-new"),
  },
  {
    name: "a file system whose data pool is erasure coded",
    before: pools,
    call: make("table-new", "table-meta2", "table-coded"),
    says: "EINVAL",
    names: "table-coded",
    after: gone("table-new"),
  },
  {
    name: "a file system on a pool of RBD",
    before: pools,
    call: make("table-new", "table-meta2", "table-rbd"),
    says: "EINVAL",
    names: "table-rbd",
    after: gone("table-new"),
  },
  {
    name: "a file system on another's data pool",
    before: pools,
    call: make("table-new", "table-meta2", "table-data"),
    says: "EINVAL",
    after: gone("table-new"),
  },
  {
    name: "a file system on another's metadata pool",
    before: pools,
    call: make("table-new", "table-meta", "table-data2"),
    says: "EINVAL",
    after: gone("table-new"),
  },
  {
    name: "a file system on a pool that is not there",
    before: pools,
    call: make("table-new", "table-meta2", "nowhere"),
    says: "ENOENT",
    names: "nowhere",
    after: gone("table-new"),
  },
  { name: "a file system again", call: make("table-fs", "table-meta", "table-data"), says: "taken" },
  {
    name: "a file system again, with other pools",
    before: pools,
    call: make("table-fs", "table-meta2", "table-data2"),
    says: "EINVAL",
    names: "table-fs",
    after: gone("table-new"),
  },
];

const changing: readonly CephRefusal[] = [
  { name: "max_mds that is a word", call: set("max_mds", "two"), says: "EINVAL", names: "two" },
  { name: "max_mds 0", call: set("max_mds", "0"), says: "EINVAL" },
  { name: "max_mds 500", call: set("max_mds", "500"), says: "EINVAL" },
  { name: "max_mds 2", call: set("max_mds", "2"), says: "taken", after: [set("max_mds", "1")] },
  { name: "standby_count_wanted that is negative", call: set("standby_count_wanted", "-1"), says: "ERANGE" },
  { name: "standby_count_wanted that is a word", call: set("standby_count_wanted", "one"), says: "EINVAL" },
  { name: "allow_standby_replay that is neither true nor false", call: set("allow_standby_replay", "maybe"), says: "EINVAL" },
  { name: "joinable that is neither true nor false", call: set("joinable", "maybe"), says: "EINVAL" },
  { name: "a file system's setting that is not known", call: set("colour", "blue"), says: "EINVAL" },
  { name: "a setting of a file system that is not there", call: set("max_mds", "2", "nowhere"), says: "ENOENT", names: "nowhere" },
  {
    name: "a file system's value as a number",
    call: mon("fs set", { fs_name: "table-fs", var: "max_mds", val: 2 }),
    says: "EINVAL",
    names: "val",
  },
  { name: "a data pool that another has", call: mon("fs add_data_pool", { fs_name: "table-fs", pool: "table-meta" }), says: "EINVAL" },
  {
    name: "a data pool that it has",
    call: mon("fs add_data_pool", { fs_name: "table-fs", pool: "table-data" }),
    says: "EINVAL",
    names: "table-data",
  },
  { name: "a data pool of RBD", call: mon("fs add_data_pool", { fs_name: "table-fs", pool: "table-rbd" }), says: "EINVAL" },
  {
    name: "an erasure coded data pool without overwriting",
    before: [mon("osd pool create", { pool: "table-coded2", pg_num: 4, pool_type: "erasure", erasure_code_profile: "table-coded" })],
    call: mon("fs add_data_pool", { fs_name: "table-fs", pool: "table-coded2" }),
    says: "EINVAL",
    after: [deletePool("table-coded2"), mon("osd crush rule rm", { name: "table-coded2" })],
  },
  {
    name: "a data pool that is not there",
    call: mon("fs add_data_pool", { fs_name: "table-fs", pool: "nowhere" }),
    says: "ENOENT",
    names: "nowhere",
  },
  {
    name: "a data pool of a file system that is not there",
    call: mon("fs add_data_pool", { fs_name: "nowhere", pool: "table-empty" }),
    says: "ENOENT",
    names: "nowhere",
  },
  { name: "a flag of file systems that is not known", call: mon("fs flag set", { flag_name: "colour", val: "true" }), says: "EINVAL" },
  {
    name: "several file systems, neither true nor false",
    call: mon("fs flag set", { flag_name: "enable_multiple", val: "maybe" }),
    says: "EINVAL",
  },
];

const removing: readonly CephRefusal[] = [
  { name: "a file system removed without being sure", call: mon("fs rm", { fs_name: "table-fs" }), says: "EPERM" },
  {
    name: "a file system removed that is not there",
    call: mon("fs rm", { fs_name: "nowhere", yes_i_really_mean_it: true }),
    says: "taken",
  },
  { name: "a file system failed that is not there", call: mon("fs fail", { fs_name: "nowhere" }), says: "ENOENT", names: "nowhere" },
  { name: "a file system asked for that is not there", call: mon("fs get", { fs_name: "nowhere" }), says: "ENOENT", names: "nowhere" },
  { name: "whether an MDS can stop that is not there", call: mon("mds ok-to-stop", { ids: ["nobody"] }), says: "taken" },
  {
    name: "a group of a file system that is not there",
    call: mgr("fs subvolumegroup create", { vol_name: "nowhere", group_name: "csi" }),
    says: "ENOENT",
    names: "nowhere",
    only: "20.2.4",
  },
  {
    name: "groups of a file system that is not there",
    call: mgr("fs subvolumegroup ls", { vol_name: "nowhere" }),
    says: "ENOENT",
    names: "nowhere",
    only: "20.2.4",
  },
];

/** What Ceph says to bad commands about file systems. */
export const filesystemRefusals: readonly CephRefusal[] = [...making, ...changing, ...removing];
