import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { appLabels, cephVersionLabel, daemonLabels, daemonSelector } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import { clusterSecret } from "../../../daemons/pod/cluster-secret.ts";
import type { BuildContext, DaemonContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { placementOf, spreadOverNodes } from "../../../daemons/pod/placement.ts";
import {
  daemonEnv,
  daemonFlags,
  daemonMounts,
  daemonSecurity,
  daemonVolumes,
  imageOf,
  keyringVolume,
  networkOf,
  podTemplate,
  probesOf,
  settingsOf,
} from "../../../daemons/pod/pod-parts.ts";
import type { Deployment, Secret, Service } from "../../../kube/kinds.ts";
import { mgrType } from "../common/daemon-types.ts";
import mgrScript from "./mgr.sh";

/** The label by which the mgr's Services find the active one. */
export const mgrRoleLabel = "mgr_role";

const activeMgr = (context: BuildContext) => ({ ...appLabels(apps.mgr, context.namespace), [mgrRoleLabel]: "active" });

/** A mgr's Deployment. A lone mgr is always the active one, so its Pods say so from birth. */
// oxlint-disable-next-line max-lines-per-function -- one manifest, whose order is that of the YAML it becomes
export function mgrDeployment(context: DaemonContext, id: string, image: BuiltImage): Deployment {
  const { spec } = context;
  const keyring = keyringVolume(names.mgrKeyring(id));
  const labels = daemonLabels({
    namespace: context.namespace,
    clusterName: context.clusterName,
    operatorNamespace: context.operatorNamespace,
    type: mgrType,
    id,
  });
  const settings = settingsOf(context, "mgr");
  const placement = placementOf(context, "mgr");
  const scrape =
    Object.keys(settings.annotations).length > 0 || spec.monitoring.metricsDisabled
      ? {}
      : { "prometheus.io/scrape": "true", "prometheus.io/port": String(spec.monitoring.port) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedBy(context, names.mgr(id), { ...labels, [cephVersionLabel]: image.label }),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: daemonSelector(mgrType, context.namespace, id) },
      template: podTemplate(context, "mgr", {
        labels: spec.mgr.count === 1 ? { ...labels, [mgrRoleLabel]: "active" } : labels,
        annotations: scrape,
        spec: {
          ...placement,
          ...networkOf(context),
          ...(spec.mgr.count > 1
            ? { affinity: spreadOverNodes(placement.affinity, appLabels(apps.mgr, context.namespace), !spec.mgr.allowMultiplePerNode) }
            : {}),
          serviceAccountName: serviceAccounts.mgr,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containers: [
            {
              name: "mgr",
              ...imageOf(context, image.image),
              command: ["/bin/bash", "-c", mgrScript, "mgr"],
              args: [
                ...daemonFlags(context, id),
                "--client-mount-uid=0",
                "--client-mount-gid=0",
                "--foreground",
                ...(spec.network.hostNetwork ? [] : ["--public-addr=$(ROOK_POD_IP)"]),
              ],
              env: [
                ...daemonEnv(image.image),
                { name: "MGR_ID", value: id },
                { name: "CEPH_ARGS", value: "--mon-host $(ROOK_CEPH_MON_HOST) --keyring /etc/ceph/keyring-store/keyring" },
              ],
              ports: [
                { name: "mgr", containerPort: 6800, protocol: "TCP" },
                { name: "http-metrics", containerPort: spec.monitoring.port, protocol: "TCP" },
                { name: "dashboard", containerPort: spec.dashboard.port, protocol: "TCP" },
              ],
              workingDir: "/var/log/ceph",
              terminationMessagePath: "/tmp/termination-log",
              securityContext: daemonSecurity,
              volumeMounts: [...daemonMounts, keyring.mount, { name: "ceph-daemon-data", mountPath: `/var/lib/ceph/mgr/ceph-${id}` }],
              ...(settings.resources ? { resources: settings.resources } : {}),
              ...probesOf(mgrType, id, {
                livenessProbe: context.spec.healthCheck.livenessProbe.mgr,
                startupProbe: context.spec.healthCheck.startupProbe.mgr,
              }),
            },
          ],
          volumes: [...daemonVolumes(context), keyring.volume, { name: "ceph-daemon-data", emptyDir: {} }],
        },
      }),
    },
  };
}

/** Where Prometheus finds the active mgr. */
export function metricsService(context: BuildContext): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedBy(context, names.mgrService, appLabels(apps.mgr, context.namespace)),
    spec: {
      selector: activeMgr(context),
      ports: [{ name: "http-metrics", port: context.spec.monitoring.port, protocol: "TCP", targetPort: context.spec.monitoring.port }],
    },
  };
}

/** Where a browser finds the dashboard. */
export function dashboardService(context: BuildContext): Service {
  const { port, ssl } = context.spec.dashboard;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedBy(context, names.dashboardService, appLabels(apps.mgr, context.namespace)),
    spec: {
      selector: activeMgr(context),
      ports: [{ name: ssl ? "https-dashboard" : "http-dashboard", port, protocol: "TCP", targetPort: port }],
    },
  };
}

/** The password of the dashboard's first user. */
export function passwordSecret(context: BuildContext, password: string): Secret {
  return clusterSecret(context, names.dashboardPassword, { password });
}
