import { orUndefined, unansweredAgainMs } from "../../ceph/or-undefined.ts";
import { oldestImage } from "../../daemons/image/plan-versions.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import { patchStatus } from "../../resource/patch-status.ts";
import { CephCluster, type CephClusterStatus } from "../../schema/ceph-cluster.ts";
import type { Outcome } from "./common/outcome.ts";
import type { Pass } from "./common/pass.ts";
import { statusOf, tellsTheSame, verdict } from "./status.ts";

/** Tells what the pass found: the status, where it tells something new, and events with it. */
export async function report(pass: Pass, outcomes: readonly Outcome[], unsupported: readonly string[]): Promise<void> {
  const { cluster, ceph } = pass;
  const remarks = pass.notes.filter((note) => note.reason === "DeviceRefused").map((note) => note.message);
  const deviceClasses = await deviceClassesOf(pass);
  const wanted = statusOf(
    {
      outcomes,
      generation: cluster.metadata.generation ?? 0,
      now: pass.now,
      runs: pass.versions && oldestImage(pass.versions),
      fsid: pass.identity?.fsid,
      ceph: ceph?.status,
      versions: ceph?.versions,
      deviceClasses,
      osdCount: pass.osds?.wanted ?? 0,
      deletion: pass.deletion,
      who: `CephCluster "${pass.context.namespace}/${pass.context.clusterName}"`,
      asides: leftAlone(pass),
      remarks: [
        ...pass.remarks,
        ...(remarks.length === 0
          ? []
          : [`not used: ${remarks.slice(0, 3).join(", ")}${remarks.length > 3 ? ` and ${remarks.length - 3} more, see the events` : ""}`]),
        ...(unsupported.length === 0
          ? []
          : [
              `not yet supported and without effect: ${unsupported.slice(0, 10).join(", ")}${unsupported.length > 10 ? ` and ${unsupported.length - 10} more` : ""}`,
            ]),
      ],
    },
    cluster.status,
  );
  if (tellsTheSame(cluster.status, wanted)) return;
  const ready = wanted.conditions?.find((c) => c.type === "Ready");
  pass.deps.log.info(wanted.message ?? "", { namespace: pass.context.namespace, ready: ready?.status, reason: ready?.reason });
  if (await patchStatus(pass.deps, CephCluster, cluster, wanted)) tellEvents(pass, outcomes, unsupported, wanted);
}

/** The OSDs' classes, where there are OSDs to have some and Ceph tells. */
async function deviceClassesOf({ ceph, osds, rechecks }: Pass): Promise<readonly string[] | undefined> {
  if (ceph === undefined || osds === undefined || osds.up === 0) return undefined;
  const classes = await orUndefined(ceph.connection.command<string[]>({ prefix: "osd crush class ls" }));
  if (classes === undefined) rechecks.push(unansweredAgainMs);
  return classes;
}

/** Daemons that somebody wants to be left alone, in words. */
function leftAlone(pass: Pass): string[] {
  const daemons = [...pass.leftAlone].sort();
  if (daemons.length === 0) return [];
  return [`${daemons.join(", ")} ${daemons.length > 1 ? "are" : "is"} left alone for the label ${doNotReconcileLabel}`];
}

function tellEvents(pass: Pass, outcomes: readonly Outcome[], unsupported: readonly string[], status: CephClusterStatus): void {
  const { events } = pass.deps;
  const { ready, reason, message, stuck } = verdict(outcomes);
  const wasReady = pass.cluster.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
  for (const note of pass.notes) events.record(pass.cluster, note);
  if (unsupported.length > 0)
    events.record(pass.cluster, {
      type: "Warning",
      reason: "NotYetSupported",
      message: `These fields of the spec are not yet supported and have no effect: ${unsupported.join(", ")}`,
    });
  if (ready && !wasReady) events.record(pass.cluster, { type: "Normal", reason: "ReconcileSucceeded", message: status.message ?? message });
  const { deletion } = pass;
  if (deletion?.state === "blocked") events.record(pass.cluster, { type: "Warning", reason: deletion.reason, message: deletion.message });
  const wasGoing = pass.cluster.status?.conditions?.some((c) => c.type === "DeletionIsBlocked" && c.status === "False") === true;
  if (deletion?.state === "going" && !wasGoing) events.record(pass.cluster, { type: "Normal", reason: "Deleting", message });
  if (stuck)
    events.record(pass.cluster, { type: "Warning", reason: reason === "InvalidSpec" ? "InvalidSpec" : "ReconcileFailed", message });
}
