import type { ConfigMap, Deployment, Service } from "../kube/kinds.ts";
import { apps, daemonIndex } from "./names.ts";

/** A mon as the world tells of it; what is not known yet is absent. */
export interface KnownMon {
  readonly id: string;
  readonly address?: string;
  readonly hostname?: string;
}

/**
 * Which mons the cluster has, from the endpoints ConfigMap (which people and tools may edit, as `mons restore-quorum` does), or,
 * where that is lost, from the mons' Deployments. Empty for a new cluster.
 */
export function knownMons(endpoints: ConfigMap | undefined, deployments: readonly Deployment[], services: readonly Service[]): KnownMon[] {
  const mapping = nodeMapping(endpoints?.data?.["mapping"]);
  const written = addressesOf(endpoints?.data?.["data"] ?? "");
  const monDeployments = deployments.filter(isMonDeployment);
  const ids = written.size > 0 ? [...written.keys()] : monDeployments.flatMap((d) => d.metadata.labels?.["mon"] ?? []);
  return [...new Set(ids)].sort(byIndex).map((id) => {
    const deployment = monDeployments.find((d) => d.metadata.labels?.["mon"] === id);
    const address = clusterIpOf(services, id) ?? written.get(id) ?? addressArgument(deployment);
    const hostname = deployment?.spec?.template.spec?.nodeSelector?.["kubernetes.io/hostname"] ?? mapping.get(id);
    return { id, ...(address === undefined ? {} : { address }), ...(hostname === undefined ? {} : { hostname }) };
  });
}

/** Whether it is a mon's own Deployment: no twin for maintenance, and none that Rook makes only to see where a mon could run. */
export function isMonDeployment({ metadata: { name = "", labels } }: Deployment): boolean {
  return labels?.["app"] === apps.mon && labels["mon_canary"] !== "true" && !name.endsWith("-maintenance");
}

export function byIndex(left: string, right: string): number {
  return daemonIndex(left) - daemonIndex(right);
}

function clusterIpOf(services: readonly Service[], id: string): string | undefined {
  const ip = services.find((s) => s.metadata.labels?.["app"] === apps.mon && s.metadata.labels["mon"] === id)?.spec?.clusterIP;
  return ip === undefined || ip === "" || ip === "None" ? undefined : ip;
}

/** `a=10.0.0.1:6789,b=[fd00::1]:6789` as id → address. */
export function addressesOf(data: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of data.split(",")) {
    const match = /^([a-z]+)=(?:\[([^\]]+)\]|([^:]+)):\d+$/.exec(part.trim());
    const address = match?.[2] ?? match?.[3];
    if (match?.[1] !== undefined && address !== undefined) found.set(match[1], address);
  }
  return found;
}

function addressArgument(deployment: Deployment | undefined): string | undefined {
  return deployment?.spec?.template.spec?.containers[0]?.args?.find((a) => a.startsWith("--public-addr="))?.slice("--public-addr=".length);
}

function nodeMapping(text: string | undefined): Map<string, string> {
  try {
    const parsed = JSON.parse(text ?? "{}") as { node?: Record<string, { Hostname?: string } | null> };
    return new Map(Object.entries(parsed.node ?? {}).flatMap(([id, node]) => (node?.Hostname ? [[id, node.Hostname] as const] : [])));
  } catch {
    return new Map();
  }
}
