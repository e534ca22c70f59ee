import type { OsdMap } from "../../../ceph/commands/osd.ts";
import { isReady } from "../../../daemons/pod/pods.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Deployment, Node, Pod } from "../../../kube/kinds.ts";
import { osdOfDeployment } from "../common/placed-osd.ts";
import { topologyLabel } from "../common/topology-label.ts";

/** An OSD that should run, and what is known of its absence. Times in milliseconds since 1970, from Ceph's maps and the Node. */
export interface OsdOutage {
  readonly id: number;
  /** Label kubernetes.io/hostname of its node. */
  readonly hostname: string;
  /** Name of its failure domain; undefined where its label does not say. */
  readonly domain: string | undefined;
  /** Ceph has it down, or its Pod is not ready. */
  readonly isAway: boolean;
  /** Where Ceph wants its data: `here` while it is in, `elsewhere` once it is out; `none` where it was never up, or Ceph does not know it. */
  readonly data: "here" | "elsewhere" | "none";
  /** The epoch of Ceph's map in which it went down; undefined while it is up, or where it never was. */
  readonly downAt: number | undefined;
  /**
   * When the last of its node's OSDs went down, or a little later; undefined where this one is up, or Ceph was not asked. Of one without data:
   * since when it has a Deployment.
   */
  readonly downSince: number | undefined;
  /** Since when its node is cordoned, 0 where that is not told; undefined where it is not. */
  readonly cordonedSince: number | undefined;
}

const unschedulable = "node.kubernetes.io/unschedulable";

/** Since when a node is cordoned, in milliseconds since 1970; 0 where nobody wrote it down, undefined where it is not cordoned. */
export function cordonedSince(node: Node): number | undefined {
  if (node.spec?.unschedulable !== true) return undefined;
  const at = node.spec.taints?.find((taint) => taint.key === unschedulable)?.timeAdded;
  return at === undefined ? 0 : Date.parse(at);
}

/** Every OSD that has a Deployment, present or away; when it went down is not known yet, see `withDownTimes`. */
export function osdOutages(
  world: { readonly deployments: readonly Deployment[]; readonly pods: readonly Pod[]; readonly nodes: readonly Node[] },
  map: Pick<OsdMap, "osds">,
  domainType: string,
): OsdOutage[] {
  const serving = new Set(world.pods.filter(isReady).map((pod) => pod.metadata.labels?.["ceph-osd-id"]));
  const cordons = new Map(world.nodes.map((node) => [hostnameOf(node), cordonedSince(node)]));
  return world.deployments.flatMap((deployment) => {
    const { labels } = deployment.metadata;
    const { id, hostname } = osdOfDeployment(deployment) ?? {};
    if (id === undefined || hostname === undefined) return [];
    const known = map.osds.find((osd) => osd.osd === id);
    const data = known === undefined || known.up_from === 0 ? "none" : known.in === 1 ? "here" : "elsewhere";
    return [
      {
        id,
        hostname,
        domain: labels?.[topologyLabel(domainType)],
        isAway: known?.up !== 1 || !serving.has(String(id)),
        data,
        downAt: known === undefined || known.up === 1 || known.down_at === 0 ? undefined : known.down_at,
        downSince: data === "none" ? Date.parse(deployment.metadata.creationTimestamp ?? "") || 0 : undefined,
        cordonedSince: cordons.get(hostname),
      },
    ];
  });
}

/** So many nodes are asked about one by one; more have failed at once, or for long, and one time does for all. */
const nodesAskedFor = 3;

/** The epochs whose times decide something: the last of all, and the last of each node that is being drained, or of the few that are away. */
export function decisiveEpochs(osds: readonly OsdOutage[]): number[] {
  const last = new Map<string, { readonly isCordoned: boolean; readonly epoch: number }>();
  for (const { hostname, downAt, cordonedSince } of osds)
    if (downAt !== undefined)
      last.set(hostname, { isCordoned: cordonedSince !== undefined, epoch: Math.max(downAt, last.get(hostname)?.epoch ?? 0) });
  const nodes = [...last.values()].sort((a, b) => Number(b.isCordoned) - Number(a.isCordoned) || b.epoch - a.epoch);
  return [...new Set([Math.max(0, ...nodes.map(({ epoch }) => epoch)), ...nodes.slice(0, nodesAskedFor).map(({ epoch }) => epoch)])].filter(
    Boolean,
  );
}

/** The same with the time at which the last OSD of each one's node went down; `times` are those of `decisiveEpochs`. */
export function withDownTimes(osds: readonly OsdOutage[], times: ReadonlyMap<number, number>): OsdOutage[] {
  const lastOf = (hostname: string) => Math.max(...osds.flatMap((osd) => (osd.hostname === hostname ? (osd.downAt ?? 0) : [])));
  const latest = times.get(Math.max(0, ...times.keys()));
  return osds.map((osd) => (osd.downAt === undefined ? osd : { ...osd, downSince: times.get(lastOf(osd.hostname)) ?? latest }));
}
