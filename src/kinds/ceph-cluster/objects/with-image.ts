import type { CephImage } from "../../../daemons/image/daemon-images.ts";
import { cephVersionLabel } from "../../../daemons/labels.ts";
import { imageVariable } from "../../../daemons/pod/pod-parts.ts";
import type { Deployment } from "../../../kube/kinds.ts";

/** The Deployment with another Ceph image than the one it was built with; everything else stays. */
export function withImage(deployment: Deployment, built: Pick<CephImage, "image">, image: Pick<CephImage, "image" | "label">): Deployment {
  const { spec, metadata } = deployment;
  const pod = spec?.template.spec;
  if (spec === undefined || pod === undefined) return deployment;
  const change = (containers: typeof pod.containers) =>
    containers.map((container) => ({
      ...container,
      ...(container.image === built.image ? { image: image.image } : {}),
      ...(container.env
        ? { env: container.env.map((each) => (each.name === imageVariable ? { ...each, value: image.image } : each)) }
        : {}),
    }));
  return {
    ...deployment,
    metadata: { ...metadata, labels: { ...metadata.labels, [cephVersionLabel]: image.label } },
    spec: {
      ...spec,
      template: {
        ...spec.template,
        spec: {
          ...pod,
          containers: change(pod.containers),
          ...(pod.initContainers ? { initContainers: change(pod.initContainers) } : {}),
        },
      },
    },
  };
}
