import type { BuiltImage } from "../../daemons/image/daemon-images.ts";
import { appLabels, daemonLabels } from "../../daemons/labels.ts";
import { serviceAccounts } from "../../daemons/names.ts";
import type { DaemonContext } from "../../daemons/pod/context.ts";
import { daemonDeployment } from "../../daemons/pod/daemon-deployment.ts";
import { ownedBy } from "../../daemons/pod/metadata.ts";
import { schedulingOf, spreadOverNodes } from "../../daemons/pod/placement.ts";
import { daemonFlags, keyringVolume } from "../../daemons/pod/pod-parts.ts";
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
export function mdsDeployment(context: DaemonContext, filesystem: CephFilesystem, mds: string, image: BuiltImage): Deployment {
  const { namespace, operatorNamespace, spec } = context;
  const { metadataServer } = filesystem.spec;
  const { resources, priorityClassName } = metadataServer;
  const ofFilesystem = { [filesystemLabel]: nameOf(filesystem) };
  const ofMds = { namespace, clusterName: nameOf(filesystem), plural: "cephfilesystems", operatorNamespace, type: mdsType, id: mds };
  const keyring = keyringVolume(names.keyring(mds));
  const scheduling = schedulingOf(undefined, metadataServer.placement ?? undefined);
  return daemonDeployment(context, {
    type: mdsType,
    id: mds,
    name: names.mds(mds),
    image,
    labels: { ...daemonLabels(ofMds), ...ofFilesystem },
    selector: ofFilesystem,
    settings: {
      ...(resources ? { resources } : {}),
      ...(priorityClassName ? { priorityClassName } : {}),
      annotations: metadataServer.annotations ?? {},
      labels: metadataServer.labels ?? {},
    },
    probes: metadataServer,
    pod: {
      ...scheduling,
      tolerations: [...(scheduling.tolerations ?? []), leaveLostNode],
      affinity: spreadOverNodes(scheduling.affinity, { ...appLabels(mdsType.app, namespace), ...ofFilesystem }, false),
      serviceAccountName: serviceAccounts.default,
      automountServiceAccountToken: false,
    },
    script: mdsScript,
    container: {
      args: [...daemonFlags(context, mds), "--foreground", ...(spec.network.hostNetwork ? [] : ["--public-addr=$(ROOK_POD_IP)"])],
      env: [{ name: "MDS_ID", value: mds }],
      volumeMounts: [keyring.mount, { name: "ceph-daemon-data", mountPath: `/var/lib/ceph/mds/ceph-${mds}` }],
    },
    volumes: [keyring.volume, { name: "ceph-daemon-data", emptyDir: {} }],
  });
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
