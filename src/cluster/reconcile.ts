import { CephCluster } from "../api/ceph-cluster.ts";
import { withDefaults } from "../api/defaults.ts";
import { unsupportedFields } from "../api/unsupported.ts";
import { validateCluster } from "../api/validate-cluster.ts";
import type { Reconciler } from "../runtime/reconciler.ts";
import type { ClusterDependencies } from "./dependencies.ts";
import { ClusterGoneError } from "./guarded-kube.ts";
import { doNotReconcileLabel } from "./labels.ts";
import { look } from "./look/look.ts";
import { blocked, type Outcome } from "./outcome.ts";
import type { Pass } from "./pass.ts";
import { report } from "./report.ts";
import { cephConfig } from "./steps/ceph-config.ts";
import { crashCollectors } from "./steps/crash-collectors.ts";
import { disruptionBudgets } from "./steps/disruption-budgets.ts";
import { identity } from "./steps/identity.ts";
import { keyrings } from "./steps/keyrings.ts";
import { mgrModules } from "./steps/mgr-modules.ts";
import { mgrs } from "./steps/mgrs.ts";
import { monitoring } from "./steps/monitoring.ts";
import { mons } from "./steps/mons.ts";
import { osds } from "./steps/osds.ts";
import { version } from "./steps/version.ts";

/** A step of every pass: idempotent, waits for nothing, and says how far it is. `before` has the outcomes of the steps before it. */
type Step = (pass: Pass, before: Readonly<Record<string, Outcome>>) => Promise<Outcome>;

const isDone = (outcome: Outcome | undefined) => outcome?.state === "done";

/** Every step, in order. Each runs on each pass, from the top. */
const steps: readonly (readonly [name: string, step: Step])[] = [
  ["monitoring", monitoring],
  ["version", version],
  ["identity", identity],
  ["keyrings", keyrings],
  ["mons", mons],
  ["cephConfig", cephConfig],
  ["mgrs", (pass, before) => mgrs(pass, { monsAreDone: isDone(before["mons"]) })],
  ["osds", (pass, before) => osds(pass, { mgrsAreDone: isDone(before["mons"]) && isDone(before["mgrs"]) })],
  // after the OSDs, which need nothing of it: the dashboard takes seconds to be set up
  ["mgrModules", mgrModules],
  ["crashCollectors", (pass, before) => crashCollectors(pass, { osdsAreDone: isDone(before["osds"]) })],
  ["disruptionBudgets", disruptionBudgets],
];

/** The reconciler of CephClusters. It keeps nothing between passes: all it decides follows from the spec, the objects, and Ceph. */
export function createClusterReconciler(deps: ClusterDependencies): Reconciler {
  return {
    async reconcile(request, signal) {
      const cluster = await deps.kube.get(CephCluster, request);
      // what a deleted CephCluster owned goes with it, by its owner references
      if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) return {};
      if (cluster.metadata.labels?.[doNotReconcileLabel] !== undefined) {
        deps.events.record(cluster, {
          type: "Normal",
          reason: "ReconcileSkipped",
          message: `The label ${doNotReconcileLabel} is set; nothing is done until it is removed.`,
        });
        return {};
      }
      const spec = withDefaults(cluster.spec);
      const pass = await look(deps, cluster, spec, signal);
      const problems = validateCluster(cluster.spec);
      const outcomes: Record<string, Outcome> = {};
      if (problems.length > 0)
        outcomes["spec"] = blocked("InvalidSpec", problems.map((p) => `spec.${p.field} is ${p.value}: ${p.message}`).join("; "));
      else {
        try {
          for (const [name, step] of steps) outcomes[name] = await run(name, step, pass, outcomes);
        } catch (error) {
          // the watch tells the rest
          if (error instanceof ClusterGoneError) return {};
          throw error;
        }
      }
      await report(pass, Object.values(outcomes), unsupportedFields(cluster.spec));

      const delays = Object.values(outcomes).flatMap((o) =>
        "recheckAfterMs" in o && o.recheckAfterMs !== undefined ? [o.recheckAfterMs] : [],
      );
      return delays.length === 0 ? {} : { requeueAfterMs: Math.min(...delays) };
    },
  };
}

/** A step that fails holds up those that need it, and no other: it is told in the status and tried again. */
async function run(name: string, step: Step, pass: Pass, before: Readonly<Record<string, Outcome>>): Promise<Outcome> {
  pass.signal.throwIfAborted();
  try {
    return await step(pass, before);
  } catch (error) {
    if (pass.signal.aborted || error instanceof ClusterGoneError) throw error;
    pass.deps.log.warn("step failed", { step: name, error });
    return blocked("StepFailed", `${name}: ${error instanceof Error ? error.message : String(error)}`, 3000);
  }
}
