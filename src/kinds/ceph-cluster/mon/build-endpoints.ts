import { formatMonHost, usualMonAddress } from "../../../ceph/mon-host.ts";
import { disasterProtection, names } from "../../../daemons/names.ts";
import { clusterSecret } from "../../../daemons/pod/cluster-secret.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import type { ConfigMap, Secret } from "../../../kube/kinds.ts";
import type { PlacedMon } from "../common/placed-mon.ts";

/** Where the mons are, for the daemons; `joining` are those that the monmap does not have yet, `exists` whether there is data that needs their maps. */
export function configSecret(
  context: BuildContext,
  mons: readonly PlacedAddress[],
  { joining, exists }: { readonly joining: readonly string[]; readonly exists: boolean },
): Secret {
  return clusterSecret(context, names.config, {
    mon_host: formatMonHost(mons.map(({ address }) => usualMonAddress(address))),
    mon_initial_members: mons.map((mon) => mon.id).join(","),
    [joiningKey]: joining.join(","),
    [clusterExistsKey]: exists ? "true" : "",
    [initialModulesKey]: initialModules(context),
  });
}

type PlacedAddress = Pick<PlacedMon, "id" | "address">;

const hostPort = (address: string, port: number) => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);

/** Which mons there are and where, for the toolbox, the kubectl plugin and CSI. */
export function endpointsConfigMap(
  context: BuildContext,
  mons: readonly PlacedMon[],
  { maxMonId, outOfQuorum }: { readonly maxMonId: number; readonly outOfQuorum: readonly string[] },
): ConfigMap {
  const mapping = {
    node: Object.fromEntries(mons.map((mon) => [mon.id, { Name: mon.hostname, Hostname: mon.hostname, Address: mon.address }])),
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...ownedBy(context, names.endpoints), finalizers: [disasterProtection] },
    data: {
      data: mons.map((mon) => `${mon.id}=${hostPort(mon.address, 6789)}`).join(","),
      externalMons: "",
      mapping: JSON.stringify(mapping),
      maxMonId: String(maxMonId),
      outOfQuorum: outOfQuorum.join(","),
      "csi-cluster-config-json": JSON.stringify([
        { clusterID: context.namespace, monitors: mons.map((mon) => hostPort(mon.address, 6789)), namespace: "" },
      ]),
    },
  };
}

/** Key of the Secret `rook-ceph-config` with the mons that join a cluster that there is already; beside the template, as the modules are. */
export const joiningKey = "mon_joining";

/** Key of the Secret `rook-ceph-config` that says, not empty, that the cluster has data: mons without a store do not begin it anew. */
export const clusterExistsKey = "mon_cluster_exists";

/** Key of the Secret `rook-ceph-config` with the modules of a new cluster's mgr; beside the template, so that its change restarts no mon. */
export const initialModulesKey = "mgr_initial_modules";

/**
 * Modules that a new cluster's mgr has from the start, so that it need not restart for them. Ceph splits this setting at whatever is no letter
 * or digit (`MgrMonitor::create_initial`), and keeps the parts of `pg_autoscaler` for good: such a module is enabled later.
 */
function initialModules(context: BuildContext): string {
  const { spec } = context;
  const modules = [
    "iostat",
    "nfs",
    ...(spec.monitoring.metricsDisabled ? [] : ["prometheus"]),
    ...(spec.dashboard.enabled ? ["dashboard"] : []),
    ...spec.mgr.modules.filter((module) => module.enabled).map((module) => module.name),
  ];
  return modules.filter((name) => /^[A-Za-z0-9]+$/.test(name)).join(" ");
}
