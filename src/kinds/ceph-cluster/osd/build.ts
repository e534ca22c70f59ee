import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { daemonLabels } from "../../../daemons/labels.ts";
import { names, serviceAccounts } from "../../../daemons/names.ts";
import type { DaemonContext } from "../../../daemons/pod/context.ts";
import { daemonDeployment } from "../../../daemons/pod/daemon-deployment.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { bindFlags, daemonSecurity, hostFolder, loggingFlags, settingsOf } from "../../../daemons/pod/pod-parts.ts";
import type { Deployment, EnvVar } from "../../../kube/kinds.ts";
import { osdType } from "../common/daemon-types.ts";
import type { PlacedOsd } from "../common/placed-osd.ts";
import { topologyLabel } from "../common/topology-label.ts";
import osdScript from "./osd.sh";

/**
 * An OSD's Deployment. It is also the record of the OSD: Rook reads id, uuid, device and place back from these labels,
 * variables and arguments, and so does this operator.
 */
export function osdDeployment(context: DaemonContext, osd: PlacedOsd, image: BuiltImage): Deployment {
  const { spec } = context;
  const id = String(osd.id);
  return daemonDeployment(context, {
    type: osdType,
    id,
    name: names.osd(osd.id),
    image,
    labels: {
      ...daemonLabels({ ...context, type: osdType, id }),
      "failure-domain": crushName(osd.hostname),
      portable: "false",
      "osd-store": "bluestore",
      encrypted: "false",
      ...(osd.deviceClass ? { "device-class": osd.deviceClass } : {}),
      ...topologyLabels(osd.crushLocation),
    },
    settings: { ...settingsOf(context, "osd"), ...(osd.resources ? { resources: osd.resources } : {}) },
    probes: { livenessProbe: spec.healthCheck.livenessProbe.osd, startupProbe: spec.healthCheck.startupProbe.osd },
    pod: {
      ...placementOf(context, "osd"),
      nodeSelector: { "kubernetes.io/hostname": osd.hostname },
      serviceAccountName: serviceAccounts.osd,
      automountServiceAccountToken: false,
    },
    script: osdScript,
    container: {
      args: osdArguments(context, osd),
      env: osdVariables(osd),
      // the device is the node's own
      securityContext: { ...daemonSecurity, privileged: true, runAsUser: 0 },
      volumeMounts: [
        { name: "ceph-daemon-data", mountPath: "/var/lib/ceph/osd" },
        { name: "devices", mountPath: "/dev" },
        { name: "run-udev", mountPath: "/run/udev" },
      ],
    },
    volumes: [{ name: "ceph-daemon-data", emptyDir: {} }, hostFolder("devices", "/dev"), hostFolder("run-udev", "/run/udev")],
  });
}

function osdArguments(context: DaemonContext, { id, crushLocation }: PlacedOsd): string[] {
  return [
    "--foreground",
    `--id=${id}`,
    `--fsid=${context.fsid}`,
    "--setuser=ceph",
    "--setgroup=ceph",
    `--crush-location=${crushLocation}`,
    ...loggingFlags,
    ...(context.spec.network.hostNetwork ? [] : ["--ms-learn-addr-from-peer=false"]),
    ...bindFlags(context),
  ];
}

/** Rook's names: what this operator and Rook read an OSD back from. */
function osdVariables({ id, uuid, hostname, device, deviceClass }: PlacedOsd): EnvVar[] {
  return [
    { name: "CEPH_ARGS", value: "--mon-host $(ROOK_CEPH_MON_HOST)" },
    { name: "ROOK_NODE_NAME", value: hostname },
    { name: "ROOK_OSD_ID", value: String(id) },
    { name: "ROOK_OSD_UUID", value: uuid },
    { name: "ROOK_OSD_STORE_TYPE", value: "bluestore" },
    { name: "ROOK_BLOCK_PATH", value: device },
    { name: "ROOK_CV_MODE", value: "raw" },
    { name: "ROOK_PVC_BACKED_OSD", value: "false" },
    { name: "ROOK_OSD_DEVICE_CLASS", value: deviceClass },
  ];
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
