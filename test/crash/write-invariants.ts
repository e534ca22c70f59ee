import { Pod } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { fieldsOf } from "../../src/simkube/api/sim-object.ts";
import type { OperatorWrite } from "./operator-waist.ts";

/** Kinds without a namespace that the operator may write, each with its reason. */
const clusterScoped: ReadonlySet<string> = new Set<string>([]);

/**
 * What is wrong with how the operator writes: a delete without the UID of what it is about may take another of the same name; finalizers that are
 * patched without the version they were read at may lose another's; and nothing is written where neither a CephCluster is nor the operator.
 */
export function judgeWrites(sim: SimCluster, operatorNamespace: string, say: (violation: string) => void): (write: OperatorWrite) => void {
  /** Namespaces that have, or had, a CephCluster. */
  const namespaces = new Set([operatorNamespace]);
  return ({ verb, kind, key: { namespace, name }, content, uid }) => {
    const what = `${verb} ${kind.kind} ${name}`;
    if (verb === "delete" && uid === undefined) say(`${what} names no UID`);
    if (verb === "delete" && kind.kind === Pod.kind) say(`${what}: daemons are stopped by their Deployments, which are judged`);
    const metadata = fieldsOf(fieldsOf(content)["metadata"]);
    const replaces = verb === "update" || (verb === "patch" && "finalizers" in metadata);
    if (replaces && typeof metadata["resourceVersion"] !== "string") say(`${what} may undo another's change: it names no resourceVersion`);
    if (!kind.namespaced) {
      if (!clusterScoped.has(kind.kind)) say(`${what} is about something without a namespace`);
      return;
    }
    for (const cluster of sim.store.list(sim.store.resource(CephCluster))) namespaces.add(cluster.metadata.namespace ?? "");
    if (!namespaces.has(namespace ?? ""))
      say(`${what} goes to namespace ${namespace ?? ""}, where neither a CephCluster is nor the operator`);
  };
}
