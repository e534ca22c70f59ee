import { ensurePool } from "../../pools/ensure-pool.ts";
import { isErasureCoded, type WantedPool } from "../../pools/pool-spec.ts";
import type { ChildFindings } from "../../resource/child-kind.ts";
import type { ChildPass } from "../../resource/child-pass.ts";
import { olderOf } from "../../resource/older-of.ts";
import { blocked } from "../../resource/outcome.ts";
import { applicationOf, CephBlockPool, poolNameOf } from "./ceph-block-pool.ts";
import { rbdStats } from "./rbd-stats.ts";

type Pass = ChildPass<CephBlockPool>;

/** For how long a cluster is new: what CRUSH lacks is on its way then, rather than missing. Milliseconds. */
const formingMs = 300_000;

/** Every step, in order: the pool with its settings, then what Prometheus hears of it. */
export async function reconcileBlockPool(pass: Pass): Promise<ChildFindings<NonNullable<CephBlockPool["status"]>>> {
  const { object, deps, namespace, cluster, now } = pass;
  const older = olderOf(object, await deps.kube.list(CephBlockPool, { namespace }), poolNameOf);
  if (older !== undefined)
    return {
      outcomes: [
        blocked(
          "PoolNameTaken",
          `CephBlockPool ${older.metadata.name ?? ""} is about pool ${poolNameOf(object)} since ${older.metadata.creationTimestamp ?? "before"}; delete one of the two`,
          10_000,
        ),
      ],
      status: {},
    };
  const isForming = now - Date.parse(cluster.metadata.creationTimestamp ?? "") < formingMs;
  const { outcome, pool, failureDomain, remarks } = await ensurePool({ ...pass, isForming }, wantedPool(pass));
  return {
    outcomes: [outcome, await rbdStats(pass)],
    status: {
      poolID: pool?.pool_id,
      info:
        pool === undefined
          ? undefined
          : {
              type: isErasureCoded(object.spec) ? "Erasure Coded" : "Replicated",
              ...(failureDomain === undefined ? {} : { failureDomain }),
            },
    },
    remarks,
  };
}

function wantedPool({ object, cluster }: Pass): WantedPool {
  return {
    name: poolNameOf(object),
    application: applicationOf(object),
    spec: object.spec,
    crushRoot: cluster.spec.storage?.config?.["crushRoot"] ?? "default",
  };
}
