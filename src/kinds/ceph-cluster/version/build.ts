import { appLabels } from "../../../daemons/labels.ts";
import { apps, names, serviceAccounts } from "../../../daemons/names.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { imageOf, podTemplate, settingsOf } from "../../../daemons/pod/pod-parts.ts";
import type { Job } from "../../../kube/kinds.ts";
import versionScript from "./version.sh";

/** The Job that asks the wanted image which Ceph it holds; its Pod's termination message is the answer. */
export function versionJob(context: BuildContext): Job {
  const labels = appLabels(apps.version, context.namespace);
  const settings = settingsOf(context, "cmdreporter");
  const { tolerations, affinity } = placementOf(context, "mon");
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: ownedBy(context, names.versionJob, labels),
    spec: {
      backoffLimit: 0,
      template: podTemplate(context, "cmdreporter", {
        labels,
        spec: {
          ...(tolerations ? { tolerations } : {}),
          ...(affinity?.nodeAffinity ? { affinity: { nodeAffinity: affinity.nodeAffinity } } : {}),
          serviceAccountName: serviceAccounts.reporter,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: "Never",
          containers: [
            {
              name: "cmd-reporter",
              ...imageOf(context, context.spec.image),
              command: ["/bin/bash", "-c", versionScript],
              terminationMessagePath: "/tmp/termination-log",
              ...(settings.resources ? { resources: settings.resources } : {}),
            },
          ],
        },
      }),
    },
  };
}
