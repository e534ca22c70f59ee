import type { BuiltImage } from "../../daemons/image/daemon-images.ts";
import { cephVersionLabel, daemonLabels, daemonSelector } from "../../daemons/labels.ts";
import { serviceAccounts } from "../../daemons/names.ts";
import type { DaemonContext } from "../../daemons/pod/context.ts";
import { ownedBy } from "../../daemons/pod/metadata.ts";
import { schedulingOf, spreadOverNodes } from "../../daemons/pod/placement.ts";
import {
  daemonEnv,
  daemonFlags,
  daemonMounts,
  daemonSecurity,
  daemonVolumes,
  imageOf,
  keyringVolume,
  networkOf,
  probesOf,
} from "../../daemons/pod/pod-parts.ts";
import type { Deployment, PodDisruptionBudget, Toleration } from "../../kube/kinds.ts";
import { type CephFilesystem, filesystemLabel, nameOf, names, ranksOf, standbysOf } from "./ceph-filesystem.ts";
import { mdsType } from "./daemon-type.ts";
import mdsScript from "./mds.sh";

/** An MDS of a lost node has been replaced by Ceph long since; its Pod is soon made elsewhere, so that there is a standby again. */
const leaveLostNode: Readonly<Toleration> = {
  key: "node.kubernetes.io/unreachable",
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 5,
};

/** An MDS's Deployment. `mds` is its name: `myfs-a`. The context's owner is the CephFilesystem. */
// oxlint-disable-next-line max-lines-per-function -- one manifest, whose order is that of the YAML it becomes
export function mdsDeployment(context: DaemonContext, filesystem: CephFilesystem, mds: string, image: BuiltImage): Deployment {
  const { namespace, operatorNamespace } = context;
  const { metadataServer } = filesystem.spec;
  const ofFilesystem = { [filesystemLabel]: nameOf(filesystem) };
  const labels = {
    ...daemonLabels({
      namespace,
      clusterName: nameOf(filesystem),
      plural: "cephfilesystems",
      operatorNamespace,
      type: mdsType,
      id: mds,
    }),
    ...ofFilesystem,
  };
  const keyring = keyringVolume(names.keyring(mds));
  const scheduling = schedulingOf(undefined, metadataServer.placement ?? undefined);
  const annotations = metadataServer.annotations ?? {};
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedBy(context, names.mds(mds), { ...labels, [cephVersionLabel]: image.label }),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: { ...daemonSelector(mdsType, namespace, mds), ...ofFilesystem } },
      template: {
        metadata: {
          labels: { ...metadataServer.labels, ...labels },
          ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
        },
        spec: {
          ...scheduling,
          tolerations: [...(scheduling.tolerations ?? []), leaveLostNode],
          affinity: spreadOverNodes(scheduling.affinity, { app: mdsType.app, rook_cluster: namespace, ...ofFilesystem }, false),
          ...networkOf(context),
          ...(metadataServer.priorityClassName ? { priorityClassName: metadataServer.priorityClassName } : {}),
          serviceAccountName: serviceAccounts.default,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containers: [
            {
              name: "mds",
              ...imageOf(context, image.image),
              command: ["/bin/bash", "-c", mdsScript, "mds"],
              args: [
                ...daemonFlags(context, mds),
                "--foreground",
                ...(context.spec.network.hostNetwork ? [] : ["--public-addr=$(ROOK_POD_IP)"]),
              ],
              env: [...daemonEnv(image.image), { name: "MDS_ID", value: mds }],
              workingDir: "/var/log/ceph",
              terminationMessagePath: "/tmp/termination-log",
              securityContext: daemonSecurity,
              volumeMounts: [...daemonMounts, keyring.mount, { name: "ceph-daemon-data", mountPath: `/var/lib/ceph/mds/ceph-${mds}` }],
              ...(metadataServer.resources ? { resources: metadataServer.resources } : {}),
              ...probesOf(mdsType, mds, metadataServer),
            },
          ],
          volumes: [...daemonVolumes(context), keyring.volume, { name: "ceph-daemon-data", emptyDir: {} }],
        },
      },
    },
  };
}

/** Evictions leave every rank but one an MDS, and with standbys each of them; undefined where that leaves nothing to keep, as in Rook. */
export function mdsBudget(context: DaemonContext, filesystem: CephFilesystem): PodDisruptionBudget | undefined {
  const minAvailable = ranksOf(filesystem) - (standbysOf(filesystem) > 0 ? 0 : 1);
  if (minAvailable < 1) return undefined;
  const labels = { [filesystemLabel]: nameOf(filesystem) };
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: ownedBy(context, names.budget(nameOf(filesystem)), { app: mdsType.app, rook_cluster: context.namespace, ...labels }),
    spec: { minAvailable, selector: { matchLabels: labels } },
  };
}
