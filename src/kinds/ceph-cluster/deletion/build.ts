import { appLabels, nodeLabel } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { nodeObjectName } from "../../../daemons/pod/node-object-name.ts";
import { hostFolder, imageOf, podTemplate, settingsOf } from "../../../daemons/pod/pod-parts.ts";
import type { Job } from "../../../kube/kinds.ts";
import devicesScript from "../common/devices.py";
import cleanScript from "./clean-host.py";

/**
 * The Job that takes what a deleted cluster has left on a node away. It is made suspended, before the first daemon is stopped: so it is also
 * the record of the nodes that are to be cleaned, and that the cluster is on its way out.
 */
export function cleanupJob(context: BuildContext, input: { hostname: string; fsid: string; image: string }): Job {
  const { spec, namespace } = context;
  const settings = settingsOf(context, "cleanup");
  const labels = { ...appLabels(apps.cleanup, namespace), "rook-ceph-cleanup": "true", [nodeLabel]: input.hostname.slice(0, 63) };
  const { method, dataSource, iteration } = spec.cleanupPolicy.sanitizeDisks;
  const wanted = { fsid: input.fsid, node: input.hostname, namespace, dataDir: spec.dataDirHostPath, method, dataSource, iteration };
  const { ownerReferences, ...metadata } = ownedBy(context, cleanupJobName(input.hostname), labels);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    // without blockOwnerDeletion: a deletion in the foreground would take it away before it has worked
    metadata: { ...metadata, ownerReferences: (ownerReferences ?? []).map(({ blockOwnerDeletion: _block, ...owner }) => owner) },
    spec: {
      suspend: true,
      // it is tried again for as long as it takes, by the node's own kubelet: no gap in which nobody knows of it
      backoffLimit: 2_147_483_647,
      template: podTemplate(context, "cleanup", {
        // without rook_cluster, by which others wait for the end of the cluster's Pods
        labels: { app: apps.cleanup, "rook-ceph-cleanup": "true" },
        spec: {
          nodeSelector: { "kubernetes.io/hostname": input.hostname },
          // where the data is, whatever else keeps Pods away from there
          tolerations: [{ operator: "Exists" }],
          serviceAccountName: serviceAccounts.default,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: "OnFailure",
          containers: [
            {
              name: "host-cleanup",
              ...imageOf(context, input.image),
              command: ["python3", "-c", `${devicesScript}\n${cleanScript}`],
              env: [{ name: "WANTED", value: JSON.stringify(wanted) }],
              terminationMessagePath: "/tmp/termination-log",
              securityContext: { privileged: true, runAsUser: 0, readOnlyRootFilesystem: false },
              volumeMounts: [
                { name: "identity", mountPath: "/etc/ceph-identity", readOnly: true },
                { name: "data-dir", mountPath: "/data-dir" },
                { name: "devices", mountPath: "/dev" },
                { name: "udev", mountPath: "/run/udev", readOnly: true },
              ],
              ...(settings.resources ? { resources: settings.resources } : {}),
            },
          ],
          volumes: [
            { name: "identity", secret: { secretName: names.identity, items: [{ key: "mon-secret", path: "mon-secret" }] } },
            hostFolder("data-dir", spec.dataDirHostPath),
            hostFolder("devices", "/dev"),
            hostFolder("udev", "/run/udev"),
          ],
        },
      }),
    },
  };
}

export function cleanupJobName(hostname: string): string {
  return nodeObjectName("cluster-cleanup-job", hostname);
}
