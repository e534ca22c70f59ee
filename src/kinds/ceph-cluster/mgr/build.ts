import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { appLabels, daemonLabels } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import { clusterSecret } from "../../../daemons/pod/cluster-secret.ts";
import type { BuildContext, DaemonContext } from "../../../daemons/pod/context.ts";
import { daemonDeployment } from "../../../daemons/pod/daemon-deployment.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { placementOf, spreadOverNodes } from "../../../daemons/pod/placement.ts";
import { daemonFlags, keyringVolume, settingsOf } from "../../../daemons/pod/pod-parts.ts";
import type { Deployment, Secret, Service } from "../../../kube/kinds.ts";
import { mgrType } from "../common/daemon-types.ts";
import mgrScript from "./mgr.sh";

/** The label by which the mgr's Services find the active one. */
export const mgrRoleLabel = "mgr_role";

const activeMgr = (context: BuildContext) => ({ ...appLabels(apps.mgr, context.namespace), [mgrRoleLabel]: "active" });

/** A mgr's Deployment. A lone mgr is always the active one, so its Pods say so from birth. */
export function mgrDeployment(context: DaemonContext, id: string, image: BuiltImage): Deployment {
  const { spec, namespace } = context;
  const keyring = keyringVolume(names.mgrKeyring(id));
  const settings = settingsOf(context, "mgr");
  const placement = placementOf(context, "mgr");
  const scrape =
    Object.keys(settings.annotations).length > 0 || spec.monitoring.metricsDisabled
      ? {}
      : { "prometheus.io/scrape": "true", "prometheus.io/port": String(spec.monitoring.port) };
  return daemonDeployment(context, {
    type: mgrType,
    id,
    name: names.mgr(id),
    image,
    labels: daemonLabels({ ...context, type: mgrType, id }),
    podLabels: spec.mgr.count === 1 ? { [mgrRoleLabel]: "active" } : {},
    annotations: scrape,
    settings,
    probes: { livenessProbe: spec.healthCheck.livenessProbe.mgr, startupProbe: spec.healthCheck.startupProbe.mgr },
    pod: {
      ...placement,
      ...(spec.mgr.count > 1
        ? { affinity: spreadOverNodes(placement.affinity, appLabels(apps.mgr, namespace), !spec.mgr.allowMultiplePerNode) }
        : {}),
      serviceAccountName: serviceAccounts.mgr,
      automountServiceAccountToken: false,
    },
    script: mgrScript,
    container: {
      args: [
        ...daemonFlags(context, id),
        "--client-mount-uid=0",
        "--client-mount-gid=0",
        "--foreground",
        ...(spec.network.hostNetwork ? [] : ["--public-addr=$(ROOK_POD_IP)"]),
      ],
      env: [
        { name: "MGR_ID", value: id },
        { name: "CEPH_ARGS", value: "--mon-host $(ROOK_CEPH_MON_HOST) --keyring /etc/ceph/keyring-store/keyring" },
      ],
      ports: [
        { name: "mgr", containerPort: 6800, protocol: "TCP" },
        { name: "http-metrics", containerPort: spec.monitoring.port, protocol: "TCP" },
        { name: "dashboard", containerPort: spec.dashboard.port, protocol: "TCP" },
      ],
      volumeMounts: [keyring.mount, { name: "ceph-daemon-data", mountPath: `/var/lib/ceph/mgr/ceph-${id}` }],
    },
    volumes: [keyring.volume, { name: "ceph-daemon-data", emptyDir: {} }],
  });
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
