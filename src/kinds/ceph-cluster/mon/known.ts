import { type KnownMon } from "../../../daemons/known-mons.ts";
import { daemonIndex, daemonLetters } from "../../../daemons/names.ts";
import { hostnameOf, isSchedulable } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Node } from "../../../kube/kinds.ts";

type Placement = Parameters<typeof isSchedulable>[1];

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
export function findPlaces(input: {
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
