import { isDeepStrictEqual } from "node:util";
import type { CephStatus, CephVersions } from "../../ceph/commands/cluster.ts";
import { oldestImage } from "../../daemons/image/plan-versions.ts";
import type { DeletionState } from "../../resource/pass-result.ts";
import { cut, type Verdict } from "../../resource/verdict.ts";
import type { CephClusterStatus } from "../../schema/ceph-cluster.ts";
import type { Findings } from "./reconcile.ts";

/** What Rook's `state` and `message` say of a verdict. */
export function stateOf(
  { isReady, isBlocked, message }: Verdict,
  deletion: DeletionState | undefined,
): Pick<CephClusterStatus, "state" | "message"> {
  const open = isBlocked ? "Error" : "Creating";
  return {
    state: deletion !== undefined ? "Deleting" : isReady ? "Created" : open,
    message: deletion?.state === "blocked" ? cut(deletion.message) : message,
  };
}

/** The fields of the status that only a CephCluster has: everything is derived anew. */
export function statusFields(findings: Findings & { readonly deviceClasses: readonly string[] | undefined }): Partial<CephClusterStatus> {
  const { seen, versions, identity, osds, deviceClasses } = findings;
  const runs = versions && oldestImage(versions.plan);
  const time = new Date(seen.now).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    ...(runs === undefined ? {} : { version: { image: runs.image, version: runs.label } }),
    ...cephOf({ fsid: identity?.fsid, ceph: seen.ceph?.status, versions: seen.ceph?.versions }, time),
    ...(osds === undefined || osds.wanted === 0
      ? {}
      : {
          storage: {
            ...(deviceClasses ? { deviceClasses: deviceClasses.map((name) => ({ name })) } : {}),
            osd: { storeType: { bluestore: osds.wanted } },
          },
        }),
  };
}

interface SaidByCeph {
  /** Of this cluster; undefined while it has no identity. */
  readonly fsid: string | undefined;
  /** Undefined while Ceph does not answer. */
  readonly ceph: CephStatus | undefined;
  readonly versions: CephVersions | undefined;
}

/** What Ceph says of itself; while it does not answer, which one it is that does not. */
function cephOf({ fsid, ceph: status, versions }: SaidByCeph, time: string): Pick<CephClusterStatus, "ceph"> {
  if (status === undefined) return fsid === undefined ? {} : { ceph: { fsid } };
  return {
    ceph: {
      health: status.health.status,
      details: Object.fromEntries(
        Object.entries(status.health.checks).map(([code, check]) => [code, { severity: check.severity, message: check.summary.message }]),
      ),
      fsid: status.fsid,
      lastChecked: time,
      capacity: {
        bytesTotal: status.pgmap.bytes_total,
        bytesUsed: status.pgmap.bytes_used,
        bytesAvailable: status.pgmap.bytes_avail,
        lastUpdated: time,
      },
      ...(versions ? { versions: Object.fromEntries(Object.entries(versions).map(([daemon, counts]) => [daemon, { ...counts }])) } : {}),
    },
  };
}

/** Whether two statuses tell a reader the same: times of looking do not count, nor does usage that moved by less than a twentieth of all. */
export function tellsTheSame(left: CephClusterStatus, right: CephClusterStatus): boolean {
  return (
    isDeepStrictEqual(essence(left), essence(right)) &&
    Math.abs((left.ceph?.capacity?.bytesUsed ?? 0) - (right.ceph?.capacity?.bytesUsed ?? 0)) <= (right.ceph?.capacity?.bytesTotal ?? 0) / 20
  );
}

function essence(status: CephClusterStatus): unknown {
  const { ceph, conditions, ...rest } = status;
  const { capacity, lastChecked: _lastChecked, ...told } = ceph ?? {};
  return JSON.parse(
    JSON.stringify({
      ...rest,
      conditions: (conditions ?? []).map(({ lastTransitionTime: _time, ...c }) => c),
      ceph: ceph === undefined ? undefined : { ...told, total: capacity?.bytesTotal },
    }),
  );
}
