import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { appLabels, daemonLabels, daemonSelector } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import adminSocketScript from "../../../daemons/pod/admin-socket.py";
import type { BuildContext, DaemonContext } from "../../../daemons/pod/context.ts";
import { daemonDeployment } from "../../../daemons/pod/daemon-deployment.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { placementOf, spreadOverNodes } from "../../../daemons/pod/placement.ts";
import { daemonFlags, hostFolder, keyringVolume, settingsOf } from "../../../daemons/pod/pod-parts.ts";
import type { Deployment, EnvVar, Service } from "../../../kube/kinds.ts";
import { monType } from "../common/daemon-types.ts";
import type { PlacedMon } from "../common/placed-mon.ts";
import { clusterExistsKey, initialModulesKey, joiningKey } from "./build-endpoints.ts";
import monScript from "./mon.sh";

const labelsOf = (context: BuildContext, id: string) => ({
  ...daemonLabels({
    namespace: context.namespace,
    clusterName: context.clusterName,
    operatorNamespace: context.operatorNamespace,
    type: monType,
    id,
  }),
  mon_daemon: "true",
});

/** The mon's address for its life: a Service whose cluster IP is in the monmap. `clusterIP` is given to bring a lost one back. */
export function monService(context: BuildContext, id: string, clusterIP?: string): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedBy(context, names.mon(id), labelsOf(context, id)),
    spec: {
      ...(clusterIP === undefined ? {} : { clusterIP }),
      ...(context.spec.network.ipFamily === "IPv6" ? { ipFamilies: ["IPv6"] } : {}),
      // mons look for each other before any of them is ready
      publishNotReadyAddresses: true,
      selector: daemonSelector(monType, context.namespace, id),
      ports: [
        { name: "tcp-msgr1", port: 6789, protocol: "TCP", targetPort: 6789 },
        { name: "tcp-msgr2", port: 3300, protocol: "TCP", targetPort: 3300 },
      ],
    },
  };
}

/** The mon's Deployment: one container, which makes the store on its first start and then is the mon. Without replicas it is stopped. */
export function monDeployment(
  context: DaemonContext,
  mon: PlacedMon,
  image: BuiltImage,
  { replicas = 1 }: { replicas?: 0 | 1 } = {},
): Deployment {
  const { spec } = context;
  const keyring = keyringVolume(names.monsKeyring);
  const placement = placementOf(context, "mon");
  const required = spec.network.hostNetwork || !spec.mon.allowMultiplePerNode;
  return daemonDeployment(context, {
    type: monType,
    id: mon.id,
    name: names.mon(mon.id),
    image,
    replicas,
    labels: labelsOf(context, mon.id),
    settings: settingsOf(context, "mon"),
    probes: { livenessProbe: spec.healthCheck.livenessProbe.mon, startupProbe: spec.healthCheck.startupProbe.mon },
    pod: {
      ...placement,
      affinity: spreadOverNodes(placement.affinity, appLabels(apps.mon, context.namespace), required),
      serviceAccountName: serviceAccounts.default,
      nodeSelector: { "kubernetes.io/hostname": mon.hostname },
    },
    script: monScript,
    container: {
      args: [
        ...daemonFlags(context, mon.id),
        "--foreground",
        `--public-addr=${mon.address}`,
        `--setuser-match-path=/var/lib/ceph/mon/ceph-${mon.id}/store.db`,
        ...(spec.network.hostNetwork ? [] : ["--public-bind-addr=$(ROOK_POD_IP)"]),
      ],
      env: monVariables(context, mon),
      ports: [
        { name: "tcp-msgr1", containerPort: 6789, protocol: "TCP" },
        { name: "tcp-msgr2", containerPort: 3300, protocol: "TCP" },
      ],
      volumeMounts: [keyring.mount, { name: "ceph-daemon-data", mountPath: `/var/lib/ceph/mon/ceph-${mon.id}` }],
    },
    volumes: [keyring.volume, hostFolder("ceph-daemon-data", `${spec.dataDirHostPath}/mon-${mon.id}/data`)],
  });
}

/** What the mon's script decides by when it makes a store. */
function monVariables({ fsid }: DaemonContext, { id }: PlacedMon): EnvVar[] {
  const config = (name: string, key: string): EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: names.config, key, optional: true } },
  });
  return [
    { name: "MON_ID", value: id },
    { name: "MON_HOST", value: "$(ROOK_CEPH_MON_HOST)" },
    { name: "MON_MEMBERS", value: "$(ROOK_CEPH_MON_INITIAL_MEMBERS)" },
    { name: "FSID", value: fsid },
    { name: "ADMIN_SOCKET", value: adminSocketScript },
    config("MON_JOINING", joiningKey),
    config("CLUSTER_EXISTS", clusterExistsKey),
    config("MGR_MODULES", initialModulesKey),
  ];
}
