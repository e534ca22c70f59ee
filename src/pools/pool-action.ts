import type { Ceph } from "../ceph/ceph.ts";
import { createReplicatedRule, type ReplicatedRule, removeRule } from "../ceph/commands/crush.ts";
import { type ErasureCodeProfile, setErasureCodeProfile } from "../ceph/commands/erasure-code.ts";
import { createPool, enablePoolApplication, type NewPool, setPool, setPoolQuota } from "../ceph/commands/pool.ts";

/** One change to Ceph, as a plan asks for it. */
export type PoolAction =
  | { readonly type: "removeRule"; readonly name: string }
  | { readonly type: "createRule"; readonly rule: ReplicatedRule }
  | { readonly type: "setProfile"; readonly name: string; readonly profile: ErasureCodeProfile }
  | { readonly type: "createPool"; readonly pool: NewPool }
  /** `field` is where the spec asks for it. */
  | { readonly type: "set"; readonly name: string; readonly value: string; readonly field: string }
  | { readonly type: "quota"; readonly name: "max_bytes" | "max_objects"; readonly limit: number }
  | { readonly type: "application"; readonly app: string };

/** Does it to the pool. */
export function perform(ceph: Ceph, pool: string, action: PoolAction): Promise<void> {
  switch (action.type) {
    case "removeRule":
      return removeRule(ceph, action.name);
    case "createRule":
      return createReplicatedRule(ceph, action.rule);
    case "setProfile":
      return setErasureCodeProfile(ceph, action.name, action.profile);
    case "createPool":
      return createPool(ceph, action.pool);
    case "set":
      return setPool(ceph, pool, action.name, action.value);
    case "quota":
      return setPoolQuota(ceph, pool, action.name, action.limit);
    case "application":
      return enablePoolApplication(ceph, pool, action.app);
  }
}
