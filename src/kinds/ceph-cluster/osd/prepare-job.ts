import type { CephxKeyType } from "../../../ceph/cephx-key.ts";
import { appLabels, nodeLabel } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import type { DaemonContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { nodeObjectName } from "../../../daemons/pod/node-object-name.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { configVolume, hostFolder, imageOf, keyringVolume, monEnv, podTemplate, settingsOf } from "../../../daemons/pod/pod-parts.ts";
import type { Job } from "../../../kube/kinds.ts";
import devicesScript from "../common/devices.py";
import type { DeviceSelection } from "../common/storage-nodes.ts";
import prepareScript from "./prepare-osds.py";

/** On a device Job: which start of the node's machine it looked at. */
export const bootIdAnnotation = "ceph.rook.io/boot-id";

/** What a Job is to look at. */
export interface PrepareInput {
  readonly hostname: string;
  /** The image of Ceph that makes the OSDs. */
  readonly image: string;
  readonly selection: DeviceSelection;
  readonly keyType: CephxKeyType;
  /** OSDs of other clusters are wiped, but for those with these fsids; without it, none is. */
  readonly wipeOthersBut?: readonly string[] | undefined;
  /** Of the node's machine as it runs now; undefined where nobody tells it. */
  readonly bootId: string | undefined;
  /** Its name; see `prepareJobNames`. */
  readonly name: string;
}

/** The Job that looks at a node's devices and makes OSDs of the empty ones among those wanted. */
export function prepareJob(context: DaemonContext, input: PrepareInput): Job {
  const settings = settingsOf(context, "prepareosd");
  const keyring = keyringVolume(names.adminKeyring, "/etc/ceph/admin-keyring-store/");
  const labels = { ...appLabels(apps.prepare, context.namespace), [nodeLabel]: input.hostname.slice(0, 63) };
  const osdPriority = context.spec.priorityClassNames["osd"] ?? context.spec.priorityClassNames["all"];
  const placement = placementOf(context, "prepareosd");
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      ...ownedBy(context, input.name, labels),
      ...(input.bootId === undefined ? {} : { annotations: { [bootIdAnnotation]: input.bootId } }),
    },
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
              ...imageOf(context, input.image),
              command: ["python3", "-c", `${devicesScript}\n${prepareScript}`],
              env: [
                { name: "WANTED", value: JSON.stringify(wantedOf(context, input)) },
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

/** What the script is asked. */
function wantedOf({ fsid }: DaemonContext, { hostname, keyType, selection, wipeOthersBut }: PrepareInput) {
  return { fsid, node: hostname, keyType, ...selection, ...(wipeOthersBut ? { wipeOthersBut } : {}) };
}

/** Names of a node's Jobs: the one that Rook's tools know, and one for a look while the findings of the first still hold. */
export function prepareJobNames(hostname: string): readonly [string, string] {
  const name = nodeObjectName("rook-ceph-osd-prepare", hostname, 53);
  return [name, `${name}-again`];
}
