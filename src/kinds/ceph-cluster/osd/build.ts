import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { cephVersionLabel, daemonLabels, daemonSelector } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
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
import type { Deployment, ResourceRequirements } from "../../../kube/kinds.ts";
import osdScript from "./osd.sh";

/** An OSD on a node's device: all that its Deployment says and needs to. */
export interface PlacedOsd {
  readonly id: number;
  readonly uuid: string;
  /** Value of the node's label kubernetes.io/hostname. */
  readonly hostname: string;
  /** Where the device was when the OSD was made, such as /dev/sdb. */
  readonly device: string;
  readonly deviceClass: string;
  /** `root=default host=node1 …`, highest first. */
  readonly crushLocation: string;
  readonly resources?: ResourceRequirements;
}

/**
 * An OSD's Deployment. It is also the record of the OSD: Rook reads id, uuid, device and place back from these labels,
 * variables and arguments, and so does this operator.
 */
export function osdDeployment(context: DaemonContext, osd: PlacedOsd, image: BuiltImage): Deployment {
  const id = String(osd.id);
  const labels = {
    ...daemonLabels({
      app: apps.osd,
      namespace: context.namespace,
      clusterName: context.clusterName,
      operatorNamespace: context.operatorNamespace,
      type: "osd",
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
      selector: { matchLabels: daemonSelector(apps.osd, context.namespace, "osd", id) },
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
              ...probesOf(context, "osd", id),
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

/** What an OSD's Deployment, ours or Rook's, says about its OSD; undefined where it does not say it all. */
export function osdOfDeployment(deployment: Deployment): PlacedOsd | undefined {
  const container = deployment.spec?.template.spec?.containers.find((c) => c.name === "osd");
  const env = (name: string) => container?.env?.find((e) => e.name === name)?.value ?? "";
  const id = Number(deployment.metadata.labels?.["ceph-osd-id"] ?? Number.NaN);
  const hostname = env("ROOK_NODE_NAME");
  const uuid = env("ROOK_OSD_UUID");
  const crushLocation = container?.args?.find((a) => a.startsWith("--crush-location="))?.slice("--crush-location=".length);
  if (!Number.isInteger(id) || hostname === "" || uuid === "" || crushLocation === undefined) return undefined;
  return { id, uuid, hostname, device: env("ROOK_BLOCK_PATH"), deviceClass: env("ROOK_OSD_DEVICE_CLASS"), crushLocation };
}

/** Labels of an OSD's Deployment and Pods that tell its place in CRUSH, by bucket type. */
export const topologyLabelPrefix = "topology-location-";

export function topologyLabel(type: string): string {
  return `${topologyLabelPrefix}${type}`;
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
