import type { Container, Deployment, PodSpec, Volume } from "../../kube/kinds.ts";
import type { DaemonType } from "../daemon-type.ts";
import type { BuiltImage } from "../image/daemon-images.ts";
import { cephVersionLabel, daemonSelector } from "../labels.ts";
import type { DaemonContext } from "./context.ts";
import { ownedBy } from "./metadata.ts";
import {
  type ComponentSettings,
  daemonEnv,
  daemonMounts,
  daemonSecurity,
  daemonVolumes,
  imageOf,
  networkOf,
  type ProbeChanges,
  probesOf,
  templateOf,
} from "./pod-parts.ts";

/** What the Deployment of one daemon has of its own; the rest is the same for every daemon. */
export interface DaemonParts {
  readonly type: DaemonType;
  readonly id: string;
  /** The Deployment's name. */
  readonly name: string;
  readonly image: BuiltImage;
  /** 0 for a daemon that is stopped; 1 where absent. */
  readonly replicas?: 0 | 1;
  /** Labels of the Deployment and its Pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** More labels of its Pods, and of its selector; none where absent. */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly selector?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the spec says for daemons of its type. */
  readonly settings: ComponentSettings;
  readonly probes: ProbeChanges;
  /** Where its Pod runs, and as whom. */
  readonly pod: Omit<PodSpec, "containers" | "volumes">;
  /** What prepares and then becomes the daemon. */
  readonly script: string;
  /** `env`, `volumeMounts` and `volumes` come behind those of every daemon. */
  readonly container: Pick<Container, "args" | "env" | "ports" | "securityContext" | "volumeMounts">;
  readonly volumes: readonly Volume[];
}

/**
 * A daemon's Deployment: one Pod, in one container, that is never beside its successor.
 *
 * @example daemonDeployment(context, { type: mdsType, id: "myfs-a", name: "rook-ceph-mds-myfs-a", image, labels, settings, … })
 */
export function daemonDeployment(context: DaemonContext, parts: DaemonParts): Deployment {
  const { type, id, image, labels, settings, container } = parts;
  const { args, env = [], ports, securityContext = daemonSecurity, volumeMounts = [] } = container;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedBy(context, parts.name, { ...labels, [cephVersionLabel]: image.label }),
    spec: {
      replicas: parts.replicas ?? 1,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: { ...daemonSelector(type, context.namespace, id), ...parts.selector } },
      template: templateOf(settings, {
        labels: { ...labels, ...parts.podLabels },
        ...(parts.annotations ? { annotations: parts.annotations } : {}),
        spec: {
          ...networkOf(context),
          ...parts.pod,
          enableServiceLinks: false,
          containers: [
            {
              name: type.type,
              ...imageOf(context, image.image),
              command: ["/bin/bash", "-c", parts.script, type.type],
              ...(args ? { args } : {}),
              env: [...daemonEnv(image.image), ...env],
              ...(ports ? { ports } : {}),
              workingDir: "/var/log/ceph",
              terminationMessagePath: "/tmp/termination-log",
              securityContext,
              volumeMounts: [...daemonMounts, ...volumeMounts],
              ...(settings.resources ? { resources: settings.resources } : {}),
              ...probesOf(type, id, parts.probes),
            },
          ],
          volumes: [...daemonVolumes(context), ...parts.volumes],
        },
      }),
    },
  };
}
