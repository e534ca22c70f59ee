import type { ConfigMap, Deployment, Node, Service } from "../kube/kinds.ts";
import { apps, daemonIndex, daemonLetters } from "./names.ts";
import { hostnameOf, isSchedulable } from "./pod/schedulable-nodes.ts";

type Placement = Parameters<typeof isSchedulable>[1];

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

/** Names for new mons: the letters after every one that was ever used. */
export function newMonIds(count: number, known: readonly KnownMon[], maxMonId: number): string[] {
  const first = Math.max(maxMonId, ...known.map((mon) => daemonIndex(mon.id)), -1) + 1;
  return Array.from({ length: count }, (_, index) => daemonLetters(first + index));
}

/** Where new mons go, or how many nodes there are for them. */
export type MonPlacement = { state: "placed"; hostnames: ReadonlyMap<string, string> } | { state: "tooFewNodes"; nodes: number };

/**
 * A node for each mon that has none: one that takes new Pods, with the fewest mons, in a zone with the fewest mons. Without
 * `allowMultiplePerNode` no node gets two. Of nodes that are as good the first by name is taken; or, where they take turns, another one for
 * the next letters, so that a node where no mon comes up is not tried for ever.
 */
export function placeMons(input: {
  ids: readonly string[];
  taken: readonly string[];
  nodes: readonly Node[];
  /** Those of the nodes that may be chosen; all where absent. */
  candidates?: readonly Node[];
  placement: Placement;
  allowMultiplePerNode: boolean;
  takeTurns?: boolean;
}): MonPlacement {
  const usable = (input.candidates ?? input.nodes)
    .filter((node) => isSchedulable(node, input.placement))
    .sort((a, b) => (hostnameOf(a) < hostnameOf(b) ? -1 : 1));
  const onNode = new Map<string, number>();
  const inZone = new Map<string, number>();
  const zoneOf = (node: Node) => node.metadata.labels?.["topology.kubernetes.io/zone"] ?? "";
  const take = (node: Node) => {
    onNode.set(hostnameOf(node), (onNode.get(hostnameOf(node)) ?? 0) + 1);
    inZone.set(zoneOf(node), (inZone.get(zoneOf(node)) ?? 0) + 1);
  };
  for (const hostname of input.taken) {
    const node = input.nodes.find((n) => hostnameOf(n) === hostname);
    if (node) take(node);
  }
  const hostnames = new Map<string, string>();
  for (const id of input.ids) {
    const candidates = usable.filter((node) => input.allowMultiplePerNode || (onNode.get(hostnameOf(node)) ?? 0) === 0);
    const compare = (a: Node, b: Node) =>
      (onNode.get(hostnameOf(a)) ?? 0) - (onNode.get(hostnameOf(b)) ?? 0) || (inZone.get(zoneOf(a)) ?? 0) - (inZone.get(zoneOf(b)) ?? 0);
    const [first] = candidates.sort(compare);
    const equals = candidates.filter((node) => first !== undefined && compare(first, node) === 0);
    const best = equals[input.takeTurns === true ? daemonIndex(id) % equals.length : 0];
    if (best === undefined) return { state: "tooFewNodes", nodes: usable.length };
    hostnames.set(id, hostnameOf(best));
    take(best);
  }
  return { state: "placed", hostnames };
}
