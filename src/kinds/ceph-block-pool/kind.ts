import { poolFieldTable } from "../../pools/pool-fields.ts";
import type { ChildKind } from "../../resource/child-kind.ts";
import { fieldsWithoutEffect } from "../../schema/unsupported.ts";
import { CephBlockPool } from "./ceph-block-pool.ts";
import { blockPoolProblems } from "./problems.ts";
import { blockPoolReasons } from "./reasons.ts";
import { reconcileBlockPool } from "./reconcile.ts";
import { blockPoolDependents, removeBlockPool } from "./remove.ts";

/** CephBlockPool: a pool of Ceph. */
export const blockPoolKind: Readonly<ChildKind<CephBlockPool>> = {
  kind: CephBlockPool,
  about:
    "A pool of Ceph, replicated or erasure coded, with a CRUSH rule or an erasure code profile of its own, its settings, quotas and application. " +
    "Deleting it removes the pool once nothing is in it: no image, none in the trash, no RADOS namespace and no other object; with the annotation " +
    '`rook.io/force-deletion: "true"`, whatever is in it. The pool `.mgr` is never removed.',
  crd: async () => (await import("./schema.ts")).blockPoolCrd,
  reasons: blockPoolReasons,
  deletionCondition: { type: "PoolDeletionIsBlocked", blocked: "PoolNotEmpty", free: "PoolEmpty" },
  isDependent: true,
  reads: [],
  problems: blockPoolProblems,
  withoutEffect: ({ spec }) => {
    const table = poolFieldTable(spec);
    return fieldsWithoutEffect(spec, { ...table, acting: [...table.acting, "name", "enableRBDStats"] });
  },
  reconcile: reconcileBlockPool,
  dependents: blockPoolDependents,
  remove: removeBlockPool,
};
