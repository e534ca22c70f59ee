import { authRefusals } from "./ceph-refusals/auth.ts";
import type { CephRefusal } from "./ceph-refusals/ceph-refusal.ts";
import { configRefusals } from "./ceph-refusals/config.ts";
import { crushRefusals } from "./ceph-refusals/crush.ts";
import { filesystemRefusals } from "./ceph-refusals/filesystems.ts";
import { monAndMgrRefusals } from "./ceph-refusals/mons-and-mgrs.ts";
import { osdRefusals } from "./ceph-refusals/osds.ts";
import { poolRefusals } from "./ceph-refusals/pools.ts";

/**
 * Commands that Ceph refuses, and some that it takes: given to the simulated Ceph by the unit tests and to real ones by the end-to-end tests.
 * Rows do not depend on each other. No command lacks an argument that it needs: a mon ends where it is given such a one.
 */
export const cephRefusals: readonly (readonly CephRefusal[])[] = [
  poolRefusals,
  crushRefusals,
  authRefusals,
  configRefusals,
  filesystemRefusals,
  osdRefusals,
  monAndMgrRefusals,
];
