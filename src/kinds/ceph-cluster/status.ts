import { isDeepStrictEqual } from "node:util";
import type { CephStatus, CephVersions } from "../../ceph/commands/cluster.ts";
import { type ConditionUpdate, setCondition } from "../../runtime/conditions.ts";
import type { CephClusterStatus } from "../../schema/ceph-cluster.ts";
import type { Deletion } from "./common/deletion.ts";
import type { Outcome } from "./common/outcome.ts";
import type { ConditionReason, DeletionReason } from "./common/reasons.ts";

/** What a pass found out, as far as the status tells it. */
export interface Summary {
  readonly outcomes: readonly Outcome[];
  readonly generation: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What every daemon runs at least; undefined while nothing is known. */
  readonly runs: { readonly image: string; readonly label: string } | undefined;
  /** Of this cluster; undefined while it has no identity. */
  readonly fsid: string | undefined;
  /** Undefined while Ceph does not answer. */
  readonly ceph: CephStatus | undefined;
  readonly versions: CephVersions | undefined;
  readonly deviceClasses: readonly string[] | undefined;
  readonly osdCount: number;
  /** Added to the sentence when all is done, such as devices not used. */
  readonly remarks: readonly string[];
  /** Added to it in any case. */
  readonly asides: readonly string[];
  /** While it is being deleted. */
  readonly deletion?: Deletion | undefined;
  /** `CephCluster "rook-ceph/rook-ceph"` */
  readonly who: string;
}

/** The limit that keeps a status readable; Kubernetes' own is 32,768. */
const longest = 1024;

/** One verdict from all steps: the first reason, and every step's sentence. */
export function verdict(
  outcomes: readonly Outcome[],
  remarks: readonly string[] = [],
  asides: readonly string[] = [],
): { ready: boolean; progressing: boolean; stuck: boolean; reason: ConditionReason; message: string } {
  const open = outcomes.filter((o) => o.state === "waiting" || o.state === "blocked");
  const unfinished = outcomes.some((o) => o.state !== "done");
  if (!unfinished)
    return {
      ready: true,
      progressing: false,
      stuck: false,
      reason: "ClusterCreated",
      message: cut(["Cluster created successfully", ...asides, ...remarks].join("; ")),
    };
  const sentences = [...new Set(open.map((o) => o.message).filter((m) => m !== ""))];
  const [first] = open;
  const progressing = open.some((o) => o.state === "waiting") || first === undefined;
  return {
    ready: false,
    progressing,
    stuck: open.some((o) => o.state === "blocked"),
    reason: first?.reason ?? "StartingMons",
    message: cut([sentences.join("; ") || "Configuring the Ceph cluster", ...asides].join("; ")),
  };
}

const cut = (text: string) => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);

/** The status that says what the pass found. Only the times in `old` are carried over: everything else is derived anew. */
export function statusOf(summary: Summary, old: CephClusterStatus | undefined): CephClusterStatus {
  const { ready, progressing, stuck, reason, message } = verdict(summary.outcomes, summary.remarks, summary.asides);
  const observedGeneration = summary.generation;
  const time = new Date(summary.now).toISOString().replace(/\.\d+Z$/, "Z");
  const wanted: ConditionUpdate[] = [
    { type: "Progressing", status: progressing ? "True" : "False", reason, message, observedGeneration },
    { type: "Ready", status: ready ? "True" : "False", reason, message, observedGeneration },
    ...deletionConditions(summary),
  ];
  let conditions = (old?.conditions ?? []).filter((c) => wanted.some(({ type }) => type === c.type));
  for (const condition of wanted) conditions = setCondition(conditions, condition, summary.now);
  const { deletion } = summary;
  return {
    phase: deletion ? "Deleting" : ready ? "Ready" : "Progressing",
    state: deletion ? "Deleting" : ready ? "Created" : stuck ? "Error" : "Creating",
    message: deletion?.state === "blocked" ? cut(deletion.message) : message,
    observedGeneration,
    conditions,
    ...(summary.runs === undefined ? {} : { version: { image: summary.runs.image, version: summary.runs.label } }),
    ...cephOf(summary, time),
    ...(summary.osdCount === 0
      ? {}
      : {
          storage: {
            ...(summary.deviceClasses ? { deviceClasses: summary.deviceClasses.map((name) => ({ name })) } : {}),
            osd: { storeType: { bluestore: summary.osdCount } },
          },
        }),
  };
}

/** What is said of a deletion, in Rook's conditions. */
function deletionConditions({ deletion, who, generation: observedGeneration }: Summary): (ConditionUpdate & { reason: DeletionReason })[] {
  if (deletion === undefined) return [];
  if (deletion.state === "unknown")
    return [
      { type: "Deleting", status: "True", reason: "ClusterDeleting", message: `${who} is being deleted`, observedGeneration },
      {
        type: "DeletionIsBlocked",
        status: "Unknown",
        reason: "DependentsUnknown",
        message: `It could not be read how far the end of ${who} is`,
        observedGeneration,
      },
    ];
  return [
    { type: "Deleting", status: "True", reason: "ClusterDeleting", message: `${who} is being deleted`, observedGeneration },
    deletion.state === "blocked"
      ? { type: "DeletionIsBlocked", status: "True", reason: deletion.reason, message: cut(deletion.message), observedGeneration }
      : {
          type: "DeletionIsBlocked",
          status: "False",
          reason: "ObjectHasNoDependents",
          message: `Nothing needs ${who} any more`,
          observedGeneration,
        },
  ];
}

/** What Ceph says of itself; while it does not answer, which one it is that does not. */
function cephOf({ fsid, ceph: status, versions }: Summary, time: string): Pick<CephClusterStatus, "ceph"> {
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
export function tellsTheSame(left: CephClusterStatus | undefined, right: CephClusterStatus): boolean {
  return (
    left !== undefined &&
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
