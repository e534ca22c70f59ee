import { byIndex, isMonDeployment, knownMons } from "../../../daemons/known-mons.ts";
import { apps, daemonIndex } from "../../../daemons/names.ts";
import { isReady, readySince, runningSince } from "../../../daemons/pod/pods.ts";
import { hostnameOf, isNodeReady } from "../../../daemons/pod/schedulable-nodes.ts";
import type { ConfigMap, Deployment, Node, Pod, Service } from "../../../kube/kinds.ts";

/** What Kubernetes has of the mons, from a cache or from the API server itself. */
export interface MonObjects {
  /** The ConfigMap with the endpoints; undefined where it is lost, or not made yet. */
  readonly endpoints: ConfigMap | undefined;
  readonly services: readonly Service[];
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
}

/** What Ceph says of its mons, all in one answer. */
export interface MonQuorum {
  /** The monmap: every mon's name, and its address where it is known. */
  readonly map: ReadonlyMap<string, string | undefined>;
  readonly inQuorum: ReadonlySet<string>;
  /** How long the quorum has been just this one. */
  readonly ageMs: number;
}

/** What is known of the node of a mon. */
export type MonNode = "takesPods" | "cordoned" | "notReady" | "gone";

/** A mon as all sources together tell of it. */
export interface MonView {
  readonly id: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly zone?: string;
  /** The endpoints ConfigMap names it: it is wanted. Where that is lost: it is in the monmap, or, while nobody knows that, has a Deployment. */
  readonly isMember: boolean;
  readonly isInMap: boolean;
  readonly isInQuorum: boolean;
  readonly hasDeployment: boolean;
  readonly hasService: boolean;
  /** Somebody asked that it be left alone. */
  readonly isLeftAlone: boolean;
  /** One of its containers runs, or may still run, so that it may join at any moment. */
  readonly mayRun: boolean;
  /** One of its containers runs, as far as the kubelet has told, and is to go on. */
  readonly runs: boolean;
  /** Name of a Pod of it that should have ended by now, and has not: as a rule its node is dead. */
  readonly overduePod?: string;
  /** Kubernetes lets no other mon onto its node, by the rules of its Pod as it is now. */
  readonly keepsOthersOff: boolean;
  /** Undefined where its node is not known. */
  readonly node?: MonNode;
  /** Of one that is not in quorum. */
  readonly out?: MonOut;
}

/** A mon that is not in quorum: since when at least, in milliseconds since 1970, and what is seen of its Pod. */
export interface MonOut {
  readonly since: number;
  readonly pod: "none" | "notReady" | "ready";
}

/** Every mon that any source knows, in the order of their letters. Without `quorum`, as long as Ceph does not answer, no mon is in a map. */
export function monViews(input: {
  readonly objects: MonObjects;
  readonly quorum: MonQuorum | undefined;
  readonly leftAlone: ReadonlySet<string>;
  readonly now: number;
}): MonView[] {
  const { objects, quorum, leftAlone, now } = input;
  const known = new Map(knownMons(objects.endpoints, objects.deployments, objects.services).map((mon) => [mon.id, mon]));
  // the operator is the only one who could have lost a mon's Deployment; Ceph knows better which mons there are
  const isLost = quorum !== undefined && (objects.endpoints?.data?.["data"] ?? "").trim() === "";
  const deployments = new Map(objects.deployments.filter(isMonDeployment).map((d) => [monOf(d), d]));
  const services = new Map(objects.services.filter((s) => s.metadata.labels?.["app"] === apps.mon).map((s) => [monOf(s), s]));
  const ids = new Set([...known.keys(), ...(quorum?.map.keys() ?? []), ...deployments.keys(), ...services.keys()]);
  return [...ids]
    .filter((id) => daemonIndex(id) >= 0)
    .sort(byIndex)
    .map((id): MonView => {
      const deployment = deployments.get(id);
      const hostname = known.get(id)?.hostname ?? hostnameSelector(deployment);
      const address = known.get(id)?.address ?? quorum?.map.get(id);
      const node = hostname === undefined ? undefined : objects.nodes.find((n) => hostnameOf(n) === hostname);
      const zone = node?.metadata.labels?.["topology.kubernetes.io/zone"];
      const pods = objects.pods.filter((pod) => isPodOf(pod, id));
      const isInQuorum = quorum?.inQuorum.has(id) === true;
      const overdue = pods.find((pod) => overdueSince(pod, now) !== undefined)?.metadata.name;
      return {
        id,
        ...(address === undefined ? {} : { address }),
        ...(hostname === undefined ? {} : { hostname, node: stateOf(node) }),
        ...(zone === undefined ? {} : { zone }),
        isMember: isLost ? quorum.map.has(id) : known.has(id),
        isInMap: quorum?.map.has(id) === true,
        isInQuorum,
        hasDeployment: deployment !== undefined,
        hasService: services.has(id),
        isLeftAlone: leftAlone.has(`mon.${id}`),
        mayRun: pods.some((pod) => runningSince(pod) !== undefined || pod.metadata.deletionTimestamp !== undefined),
        runs: pods.some((pod) => runningSince(pod) !== undefined),
        ...(overdue === undefined ? {} : { overduePod: overdue }),
        keepsOthersOff: [...pods.map((pod) => pod.spec), deployment?.spec?.template.spec].some(keepsMonsOff),
        ...(isInQuorum ? {} : { out: outOf(pods, deployment, quorum === undefined ? now : now - quorum.ageMs, now) }),
      };
    });
}

/**
 * The last letters that were ever given to a mon, as a number; -1 before the first. A Service beyond it is of a mon that is being made;
 * where nobody has written down which were given, it may as well be of one that has gone.
 */
export function lastMonIndex(objects: MonObjects, views: readonly MonView[]): number {
  const written = Number.parseInt(objects.endpoints?.data?.["maxMonId"] ?? "", 10);
  const isForgotten = !Number.isInteger(written) && views.some((mon) => mon.hasDeployment);
  return Math.max(
    Number.isInteger(written) ? written : -1,
    ...views.filter((mon) => mon.isMember || mon.isInMap || mon.hasDeployment || isForgotten).map((mon) => daemonIndex(mon.id)),
  );
}

/** The mon's newest Pod that stays. */
export function podOfMon(pods: readonly Pod[], id: string): Pod | undefined {
  return pods
    .filter((pod) => isPodOf(pod, id) && pod.metadata.deletionTimestamp === undefined)
    .sort((a, b) => Date.parse(String(b.metadata.creationTimestamp)) - Date.parse(String(a.metadata.creationTimestamp)))[0];
}

const monOf = (object: Deployment | Service): string => object.metadata.labels?.["mon"] ?? "";

const isPodOf = (pod: Pod, id: string): boolean => pod.metadata.labels?.["app"] === apps.mon && pod.metadata.labels["mon"] === id;

function keepsMonsOff(spec: Pod["spec"]): boolean {
  return (spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
    ({ topologyKey, labelSelector }) => topologyKey === "kubernetes.io/hostname" && labelSelector?.matchLabels?.["app"] === apps.mon,
  );
}

function hostnameSelector(deployment: Deployment | undefined): string | undefined {
  return deployment?.spec?.template.spec?.nodeSelector?.["kubernetes.io/hostname"];
}

function stateOf(node: Node | undefined): MonNode {
  if (node === undefined) return "gone";
  if (!isNodeReady(node)) return "notReady";
  return node.spec?.unschedulable === true ? "cordoned" : "takesPods";
}

/** Since when a Pod should have ended that is still there; undefined where that is not so. */
function overdueSince({ metadata: { deletionTimestamp } }: Pod, now: number): number | undefined {
  const at = deletionTimestamp === undefined ? now : Date.parse(deletionTimestamp);
  return at < now ? at : undefined;
}

/**
 * Since when a mon is out of quorum, as far as the world can tell. A Pod that replaces another one tells its own time only, so the
 * Deployment's condition counts, which spans them all; one that hangs on its way out tells when it should have ended. Of a mon that runs,
 * only the age of the quorum that it is not in tells.
 */
function outOf(pods: readonly Pod[], deployment: Deployment | undefined, quorumSince: number, now: number): MonOut {
  const staying = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const ready = staying.find(isReady);
  if (ready !== undefined) return { since: Math.max(readySince(ready), quorumSince), pod: "ready" };
  const available = deployment?.status?.conditions?.find((c) => c.type === "Available");
  const times = [
    ...staying.map(readySince),
    ...(staying.length > 0 ? [] : pods.flatMap((pod) => overdueSince(pod, now) ?? [])),
    ...(available?.status === "False" && available.lastTransitionTime ? [Date.parse(available.lastTransitionTime)] : []),
  ];
  return times.length === 0 ? { since: now, pod: "none" } : { since: Math.min(...times), pod: "notReady" };
}
