import type { ClusterIdentity } from "../../daemons/identity.ts";
import { oldestImage } from "../../daemons/image/plan-versions.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { patchStatus } from "../../resource/patch-status.ts";
import { CephCluster, type CephClusterStatus } from "../../schema/ceph-cluster.ts";
import { unsupportedFields } from "../../schema/unsupported.ts";
import type { Deletion } from "./common/deletion.ts";
import type { ClusterDependencies } from "./common/dependencies.ts";
import type { Step } from "./common/step.ts";
import type { Versions } from "./common/versions.ts";
import type { World } from "./common/world.ts";
import type { Observed } from "./observe.ts";
import { statusOf, tellsTheSame, verdict } from "./status.ts";

/** What a pass found. */
export interface Findings {
  /** The world as it was seen last. */
  readonly seen: World;
  /** Every step that was taken, in the order of telling. */
  readonly steps: readonly Step<unknown>[];
  readonly identity?: ClusterIdentity | undefined;
  readonly versions?: Versions | undefined;
  readonly osds?: { readonly wanted: number; readonly up: number } | undefined;
  /** Where it is being deleted: how far that is. */
  readonly deletion?: Deletion;
}

type Told = Findings & { readonly deviceClasses: readonly string[] | undefined };

/** Tells what the pass found: the status, where it tells something new, and events with it. */
export async function report(deps: ClusterDependencies, { act }: Observed, told: Told): Promise<void> {
  const { seen, steps, versions, identity, osds, deletion } = told;
  const { cluster, ceph, context } = seen;
  const unsupported = unsupportedFields(cluster.spec);
  const wanted = statusOf(
    {
      outcomes: steps.map(({ outcome }) => outcome),
      generation: cluster.metadata.generation ?? 0,
      now: seen.now,
      runs: versions && oldestImage(versions.plan),
      fsid: identity?.fsid,
      ceph: ceph?.status,
      versions: ceph?.versions,
      deviceClasses: told.deviceClasses,
      osdCount: osds?.wanted ?? 0,
      deletion,
      who: `CephCluster "${context.namespace}/${context.clusterName}"`,
      asides: leftAlone(seen),
      remarks: [...steps.flatMap(({ remarks = [] }) => remarks), ...withoutEffect(unsupported)],
    },
    cluster.status,
  );
  if (tellsTheSame(cluster.status, wanted)) return;
  const ready = wanted.conditions?.find((c) => c.type === "Ready");
  deps.log.info(wanted.message ?? "", { namespace: context.namespace, ready: ready?.status, reason: ready?.reason });
  if (await patchStatus({ kube: act.kube, live: act.live }, CephCluster, cluster, wanted)) tellEvents(deps, told, unsupported, wanted);
}

/** Fields of the spec that do nothing yet, in words; empty where there are none. */
function withoutEffect(unsupported: readonly string[]): string[] {
  if (unsupported.length === 0) return [];
  const more = unsupported.length > 10 ? ` and ${unsupported.length - 10} more` : "";
  return [`not yet supported and without effect: ${unsupported.slice(0, 10).join(", ")}${more}`];
}

/** Daemons that a user wants to be left alone, in words. */
function leftAlone(world: World): string[] {
  const daemons = [...world.leftAlone].sort();
  if (daemons.length === 0) return [];
  return [`${daemons.join(", ")} ${daemons.length > 1 ? "are" : "is"} left alone for the label ${doNotReconcileLabel}`];
}

function tellEvents(
  { events }: ClusterDependencies,
  { seen: { cluster }, steps, deletion }: Told,
  unsupported: readonly string[],
  status: CephClusterStatus,
): void {
  const { ready, reason, message, stuck } = verdict(steps.map(({ outcome }) => outcome));
  const wasReady = cluster.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
  for (const note of steps.flatMap(({ notes = [] }) => notes)) events.record(cluster, note);
  if (unsupported.length > 0)
    events.record(cluster, {
      type: "Warning",
      reason: "NotYetSupported",
      message: `These fields of the spec are not yet supported and have no effect: ${unsupported.join(", ")}`,
    });
  if (ready && !wasReady) events.record(cluster, { type: "Normal", reason: "ReconcileSucceeded", message: status.message ?? message });
  if (deletion?.state === "blocked") events.record(cluster, { type: "Warning", reason: deletion.reason, message: deletion.message });
  const wasGoing = cluster.status?.conditions?.some((c) => c.type === "DeletionIsBlocked" && c.status === "False") === true;
  if (deletion?.state === "going" && !wasGoing) events.record(cluster, { type: "Normal", reason: "Deleting", message });
  if (stuck) events.record(cluster, { type: "Warning", reason: reason === "InvalidSpec" ? "InvalidSpec" : "ReconcileFailed", message });
}
