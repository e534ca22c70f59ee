import type { Deployment, ResourceRequirements } from "../../../kube/kinds.ts";

/** An OSD on a node's device: all that its Deployment says and needs to. */
export interface PlacedOsd {
  readonly id: number;
  readonly uuid: string;
  /** Value of the node's label kubernetes.io/hostname. */
  readonly hostname: string;
  /** Where the device was when the OSD was made, such as /dev/sdb. */
  readonly device: string;
  readonly deviceClass: string;
  /** `root=default host=node1 …`, highest first. */
  readonly crushLocation: string;
  readonly resources?: ResourceRequirements;
}

/** What an OSD's Deployment, ours or Rook's, says about its OSD; undefined where it does not say it all. */
export function osdOfDeployment(deployment: Deployment): PlacedOsd | undefined {
  const container = deployment.spec?.template.spec?.containers.find((c) => c.name === "osd");
  const env = (name: string) => container?.env?.find((e) => e.name === name)?.value ?? "";
  const id = Number(deployment.metadata.labels?.["ceph-osd-id"] ?? Number.NaN);
  const hostname = env("ROOK_NODE_NAME");
  const uuid = env("ROOK_OSD_UUID");
  const crushLocation = container?.args?.find((a) => a.startsWith("--crush-location="))?.slice("--crush-location=".length);
  if (!Number.isInteger(id) || hostname === "" || uuid === "" || crushLocation === undefined) return undefined;
  return { id, uuid, hostname, device: env("ROOK_BLOCK_PATH"), deviceClass: env("ROOK_OSD_DEVICE_CLASS"), crushLocation };
}
