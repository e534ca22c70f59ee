import { type CephCall, mon } from "./ceph-refusal.ts";

const profile = ["k=2", "m=1", "plugin=jerasure", "technique=reed_sol_van", "crush-failure-domain=osd"];

/** What does not change the number of PGs in the middle of the table. */
const still = { autoscale_mode: "off" };

/** What the commands of the table are about: made before the first, and taken away after the last. */
export const stage: readonly CephCall[] = [
  mon("osd pool create", { pool: "table-a", pg_num: 4, ...still }),
  mon("osd pool create", { pool: "table-empty", pg_num: 4, ...still }),
  mon("osd pool create", { pool: "table-rbd", pg_num: 4, ...still }),
  mon("osd pool application enable", { pool: "table-rbd", app: "rbd" }),
  mon("osd erasure-code-profile set", { name: "table-coded", profile }),
  mon("osd pool create", { pool: "table-coded", pg_num: 4, pool_type: "erasure", erasure_code_profile: "table-coded", ...still }),
  mon("osd crush rule create-replicated", { name: "table-rule", root: "default", type: "osd" }),
  mon("osd pool create", { pool: "table-meta", pg_num: 4, ...still }),
  mon("osd pool create", { pool: "table-data", pg_num: 4, ...still }),
  mon("fs flag set", { flag_name: "enable_multiple", val: "true", yes_i_really_mean_it: true }),
  mon("fs new", { fs_name: "table-fs", metadata: "table-meta", data: "table-data" }),
  mon("auth get-or-create", { entity: "client.table", caps: ["mon", "allow r"] }),
];

export const afterwards: readonly CephCall[] = [
  mon("fs fail", { fs_name: "table-fs", yes_i_really_mean_it: true }),
  mon("fs rm", { fs_name: "table-fs", yes_i_really_mean_it: true }),
  ...["table-a", "table-empty", "table-rbd", "table-coded", "table-meta", "table-data"].map(deletePool),
  mon("osd crush rule rm", { name: "table-coded" }),
  mon("osd crush rule rm", { name: "table-rule" }),
  mon("osd erasure-code-profile rm", { name: "table-coded" }),
  mon("auth rm", { entity: "client.table" }),
];

export function deletePool(pool: string): CephCall {
  return mon("osd pool delete", { pool, pool2: pool, yes_i_really_really_mean_it: true });
}
