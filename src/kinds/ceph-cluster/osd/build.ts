import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { cephVersionLabel, daemonLabels, daemonSelector } from "../../../daemons/labels.ts";
import { names, serviceAccounts } from "../../../daemons/names.ts";
import type { DaemonContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import {
  bindFlags,
  daemonEnv,
  daemonMounts,
  daemonSecurity,
  daemonVolumes,
  hostFolder,
  imageOf,
  loggingFlags,
  networkOf,
  podTemplate,
  probesOf,
  settingsOf,
} from "../../../daemons/pod/pod-parts.ts";
import type { Deployment } from "../../../kube/kinds.ts";
import { osdType } from "../common/daemon-types.ts";
import type { PlacedOsd } from "../common/placed-osd.ts";
import { topologyLabel } from "../common/topology-label.ts";
import osdScript from "./osd.sh";

/**
 * An OSD's Deployment. It is also the record of the OSD: Rook reads id, uuid, device and place back from these labels,
 * variables and arguments, and so does this operator.
 */
// oxlint-disable-next-line max-lines-per-function -- one manifest, whose order is that of the YAML it becomes
export function osdDeployment(context: DaemonContext, osd: PlacedOsd, image: BuiltImage): Deployment {
  const id = String(osd.id);
  const labels = {
    ...daemonLabels({
      namespace: context.namespace,
      clusterName: context.clusterName,
      operatorNamespace: context.operatorNamespace,
      type: osdType,
      id,
    }),
    "failure-domain": crushName(osd.hostname),
    portable: "false",
    "osd-store": "bluestore",
    encrypted: "false",
    ...(osd.deviceClass ? { "device-class": osd.deviceClass } : {}),
    ...topologyLabels(osd.crushLocation),
  };
  const settings = settingsOf(context, "osd");
  const resources = osd.resources ?? settings.resources;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedBy(context, names.osd(osd.id), { ...labels, [cephVersionLabel]: image.label }),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: daemonSelector(osdType, context.namespace, id) },
      template: podTemplate(context, "osd", {
        labels,
        spec: {
          ...placementOf(context, "osd"),
          ...networkOf(context),
          nodeSelector: { "kubernetes.io/hostname": osd.hostname },
          serviceAccountName: serviceAccounts.osd,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containers: [
            {
              name: "osd",
              ...imageOf(context, image.image),
              command: ["/bin/bash", "-c", osdScript, "osd"],
              args: [
                "--foreground",
                `--id=${id}`,
                `--fsid=${context.fsid}`,
                "--setuser=ceph",
                "--setgroup=ceph",
                `--crush-location=${osd.crushLocation}`,
                ...loggingFlags,
                ...(context.spec.network.hostNetwork ? [] : ["--ms-learn-addr-from-peer=false"]),
                ...bindFlags(context),
              ],
              env: [
                ...daemonEnv(image.image),
                { name: "CEPH_ARGS", value: "--mon-host $(ROOK_CEPH_MON_HOST)" },
                { name: "ROOK_NODE_NAME", value: osd.hostname },
                { name: "ROOK_OSD_ID", value: id },
                { name: "ROOK_OSD_UUID", value: osd.uuid },
                { name: "ROOK_OSD_STORE_TYPE", value: "bluestore" },
                { name: "ROOK_BLOCK_PATH", value: osd.device },
                { name: "ROOK_CV_MODE", value: "raw" },
                { name: "ROOK_PVC_BACKED_OSD", value: "false" },
                { name: "ROOK_OSD_DEVICE_CLASS", value: osd.deviceClass },
              ],
              workingDir: "/var/log/ceph",
              terminationMessagePath: "/tmp/termination-log",
              // the device is the node's own
              securityContext: { ...daemonSecurity, privileged: true, runAsUser: 0 },
              volumeMounts: [
                ...daemonMounts,
                { name: "ceph-daemon-data", mountPath: "/var/lib/ceph/osd" },
                { name: "devices", mountPath: "/dev" },
                { name: "run-udev", mountPath: "/run/udev" },
              ],
              ...(resources ? { resources } : {}),
              ...probesOf(osdType, id, {
                livenessProbe: context.spec.healthCheck.livenessProbe.osd,
                startupProbe: context.spec.healthCheck.startupProbe.osd,
              }),
            },
          ],
          volumes: [
            ...daemonVolumes(context),
            { name: "ceph-daemon-data", emptyDir: {} },
            hostFolder("devices", "/dev"),
            hostFolder("run-udev", "/run/udev"),
          ],
        },
      }),
    },
  };
}

/** CRUSH allows no dots in names. */
export function crushName(name: string): string {
  return name.replaceAll(".", "-");
}

function topologyLabels(crushLocation: string): Record<string, string> {
  return Object.fromEntries(
    crushLocation
      .split(" ")
      .map((part) => part.split("="))
      .map(([type, name]) => [topologyLabel(type ?? ""), name ?? ""]),
  );
}
