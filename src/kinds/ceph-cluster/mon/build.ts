import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { cephVersionLabel, daemonLabels, daemonSelector } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import adminSocketScript from "../../../daemons/pod/admin-socket.py";
import type { BuildContext, DaemonContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { placementOf, spreadOverNodes } from "../../../daemons/pod/placement.ts";
import {
  daemonEnv,
  daemonFlags,
  daemonMounts,
  daemonSecurity,
  daemonVolumes,
  hostFolder,
  imageOf,
  keyringVolume,
  networkOf,
  podTemplate,
  probesOf,
  settingsOf,
} from "../../../daemons/pod/pod-parts.ts";
import type { Deployment, Service } from "../../../kube/kinds.ts";
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
// oxlint-disable-next-line max-lines-per-function -- one manifest, whose order is that of the YAML it becomes
export function monDeployment(
  context: DaemonContext,
  mon: PlacedMon,
  image: BuiltImage,
  { replicas = 1 }: { replicas?: 0 | 1 } = {},
): Deployment {
  const keyring = keyringVolume(names.monsKeyring);
  const labels = labelsOf(context, mon.id);
  const settings = settingsOf(context, "mon");
  const placement = placementOf(context, "mon");
  const required = context.spec.network.hostNetwork || !context.spec.mon.allowMultiplePerNode;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedBy(context, names.mon(mon.id), { ...labels, [cephVersionLabel]: image.label }),
    spec: {
      replicas,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: daemonSelector(monType, context.namespace, mon.id) },
      template: podTemplate(context, "mon", {
        labels,
        spec: {
          ...placement,
          ...networkOf(context),
          affinity: spreadOverNodes(placement.affinity, { app: apps.mon, rook_cluster: context.namespace }, required),
          serviceAccountName: serviceAccounts.default,
          enableServiceLinks: false,
          nodeSelector: { "kubernetes.io/hostname": mon.hostname },
          containers: [
            {
              name: "mon",
              ...imageOf(context, image.image),
              command: ["/bin/bash", "-c", monScript, "mon"],
              args: [
                ...daemonFlags(context, mon.id),
                "--foreground",
                `--public-addr=${mon.address}`,
                `--setuser-match-path=/var/lib/ceph/mon/ceph-${mon.id}/store.db`,
                ...(context.spec.network.hostNetwork ? [] : ["--public-bind-addr=$(ROOK_POD_IP)"]),
              ],
              env: [
                ...daemonEnv(image.image),
                { name: "MON_ID", value: mon.id },
                { name: "MON_HOST", value: "$(ROOK_CEPH_MON_HOST)" },
                { name: "MON_MEMBERS", value: "$(ROOK_CEPH_MON_INITIAL_MEMBERS)" },
                { name: "FSID", value: context.fsid },
                { name: "ADMIN_SOCKET", value: adminSocketScript },
                { name: "MON_JOINING", valueFrom: { secretKeyRef: { name: names.config, key: joiningKey, optional: true } } },
                { name: "CLUSTER_EXISTS", valueFrom: { secretKeyRef: { name: names.config, key: clusterExistsKey, optional: true } } },
                { name: "MGR_MODULES", valueFrom: { secretKeyRef: { name: names.config, key: initialModulesKey, optional: true } } },
              ],
              ports: [
                { name: "tcp-msgr1", containerPort: 6789, protocol: "TCP" },
                { name: "tcp-msgr2", containerPort: 3300, protocol: "TCP" },
              ],
              workingDir: "/var/log/ceph",
              terminationMessagePath: "/tmp/termination-log",
              securityContext: daemonSecurity,
              volumeMounts: [...daemonMounts, keyring.mount, { name: "ceph-daemon-data", mountPath: `/var/lib/ceph/mon/ceph-${mon.id}` }],
              ...(settings.resources ? { resources: settings.resources } : {}),
              ...probesOf(monType, mon.id, {
                livenessProbe: context.spec.healthCheck.livenessProbe.mon,
                startupProbe: context.spec.healthCheck.startupProbe.mon,
              }),
            },
          ],
          volumes: [
            ...daemonVolumes(context),
            keyring.volume,
            hostFolder("ceph-daemon-data", `${context.spec.dataDirHostPath}/mon-${mon.id}/data`),
          ],
        },
      }),
    },
  };
}
