import type { CephxKeyType } from "../../ceph/cephx-key.ts";
import type { Job } from "../../kube/kinds.ts";
import { appLabels } from "../labels.ts";
import { apps, names, serviceAccounts } from "../names.ts";
import prepareScript from "../scripts/prepare-osds.py";
import type { DaemonContext } from "./context.ts";
import { ownedBy } from "./metadata.ts";
import { nodeObjectName } from "./node-name.ts";
import { placementOf } from "./placement.ts";
import { configVolume, hostFolder, imageOf, keyringVolume, monEnv, podTemplate, settingsOf } from "./pod-parts.ts";

/** Which of a node's devices are to become OSDs. */
export interface DeviceSelection {
  /** By name or path; where there are any, nothing else selects. */
  readonly devices: readonly { readonly name?: string; readonly fullpath?: string; readonly deviceClass?: string }[];
  /** Regular expression on kernel names. */
  readonly deviceFilter: string;
  /** Regular expression on device paths and udev's links. */
  readonly devicePathFilter: string;
  readonly useAllDevices: boolean;
  /** CRUSH device class for devices that do not name one; Ceph's own choice where empty. */
  readonly deviceClass: string;
}

/** The Job that looks at a node's devices and makes OSDs of the empty ones among those wanted. */
export function prepareJob(context: DaemonContext, input: { hostname: string; selection: DeviceSelection; keyType: CephxKeyType }): Job {
  const settings = settingsOf(context, "prepareosd");
  const keyring = keyringVolume(names.adminKeyring, "/etc/ceph/admin-keyring-store/");
  const labels = { ...appLabels(apps.prepare, context.namespace), "ceph.rook.io/node": input.hostname.slice(0, 63) };
  const osdPriority = context.spec.priorityClassNames["osd"] ?? context.spec.priorityClassNames["all"];
  const wanted = { fsid: context.fsid, node: input.hostname, keyType: input.keyType, ...input.selection };
  const placement = placementOf(context, "prepareosd");
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: ownedBy(context, prepareJobName(input.hostname), labels),
    spec: {
      // one try a Job: what went wrong is said on the CephCluster, and the operator decides about the next
      backoffLimit: 0,
      template: podTemplate(context, "prepareosd", {
        labels,
        spec: {
          ...placement,
          tolerations: [...(placement.tolerations ?? []), ...(placementOf(context, "osd").tolerations ?? [])],
          nodeSelector: { "kubernetes.io/hostname": input.hostname },
          serviceAccountName: serviceAccounts.osd,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: "Never",
          ...(osdPriority ? { priorityClassName: osdPriority } : {}),
          containers: [
            {
              name: "provision",
              ...imageOf(context),
              command: ["python3", "-c", prepareScript],
              env: [
                { name: "WANTED", value: JSON.stringify(wanted) },
                ...monEnv,
                { name: "CEPH_ARGS", value: "--mon-host $(ROOK_CEPH_MON_HOST)" },
              ],
              terminationMessagePath: "/tmp/termination-log",
              securityContext: { privileged: true, runAsUser: 0, readOnlyRootFilesystem: false },
              volumeMounts: [
                { name: "rook-config-override", mountPath: "/etc/ceph", readOnly: true },
                keyring.mount,
                { name: "devices", mountPath: "/dev" },
                { name: "udev", mountPath: "/run/udev", readOnly: true },
              ],
              ...(settings.resources ? { resources: settings.resources } : {}),
            },
          ],
          // the node's own processes are seen, so that what is mounted there is
          hostPID: true,
          volumes: [configVolume, keyring.volume, hostFolder("devices", "/dev"), hostFolder("udev", "/run/udev")],
        },
      }),
    },
  };
}

export function prepareJobName(hostname: string): string {
  return nodeObjectName("rook-ceph-osd-prepare", hostname, 53);
}
