import type { BuiltImage } from "../../../daemons/image/daemon-images.ts";
import { appLabels, cephVersionLabel } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import type { DaemonContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { nodeObjectName } from "../../../daemons/pod/node-object-name.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { configVolume, hostFolder, imageOf, keyringVolume, monEnv, podTemplate, settingsOf } from "../../../daemons/pod/pod-parts.ts";
import type { Deployment, Toleration } from "../../../kube/kinds.ts";

/** One node's crash collector: posts the crash reports of that node's daemons to the mgr. */
export function crashCollector(context: DaemonContext, hostname: string, image: BuiltImage): Deployment {
  const labels = { ...appLabels(apps.crashCollector, context.namespace), node_name: hostname, "kubernetes.io/hostname": hostname };
  const keyring = keyringVolume(names.crashKeyring, "/etc/ceph/crash-collector-keyring-store/");
  const settings = settingsOf(context, "crashcollector");
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedBy(context, crashCollectorName(hostname), { ...labels, [cephVersionLabel]: image.label }),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: { app: apps.crashCollector, rook_cluster: context.namespace, node_name: hostname } },
      template: podTemplate(context, "crashcollector", {
        labels,
        spec: {
          tolerations: tolerationsOfDaemons(context),
          nodeSelector: { "kubernetes.io/hostname": hostname },
          serviceAccountName: serviceAccounts.default,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 2,
          containers: [
            {
              name: "ceph-crash",
              ...imageOf(context, image.image),
              command: ["/bin/bash", "-c", "install -d -o ceph -g ceph /var/lib/ceph/crash/posted && exec ceph-crash"],
              env: [...monEnv, { name: "CEPH_ARGS", value: "-m $(ROOK_CEPH_MON_HOST) -k /etc/ceph/crash-collector-keyring-store/keyring" }],
              volumeMounts: [
                { name: "rook-config-override", mountPath: "/etc/ceph", readOnly: true },
                keyring.mount,
                { name: "rook-ceph-crash", mountPath: "/var/lib/ceph/crash" },
              ],
              ...(settings.resources ? { resources: settings.resources } : {}),
            },
          ],
          volumes: [
            configVolume,
            keyring.volume,
            hostFolder("rook-ceph-crash", `${context.spec.dataDirHostPath}/${context.namespace}/crash`),
          ],
        },
      }),
    },
  };
}

export function crashCollectorName(hostname: string): string {
  return nodeObjectName(apps.crashCollector, hostname);
}

/** It runs wherever a daemon does, so it tolerates what any of them does. */
function tolerationsOfDaemons(context: DaemonContext): Toleration[] {
  const all = (["mon", "mgr", "osd"] as const).flatMap((key) => placementOf(context, key).tolerations ?? []);
  return [...new Map(all.map((toleration) => [JSON.stringify(toleration), toleration])).values()];
}
