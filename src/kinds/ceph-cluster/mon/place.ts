import { hostnameOf, isNodeReady, isSchedulable } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Node } from "../../../kube/kinds.ts";
import { findPlaces } from "./known.ts";
import type { MonView } from "./observe.ts";

type Placement = Parameters<typeof isSchedulable>[1];

/** Why a node takes no further mon: mons that it has, one that keeps others off, its state, or `placement.mon`. */
export type NodeRefusal =
  | { readonly type: "hasMons"; readonly ids: readonly string[] }
  | { readonly type: "keepsOthersOff"; readonly id: string }
  | { readonly type: "notReady" }
  | { readonly type: "cordoned" }
  | { readonly type: "placement" }
  /** It would take one. */
  | { readonly type: "none" };

/** A node, and why it takes no further mon. */
export interface RefusingNode {
  readonly hostname: string;
  readonly refusal: NodeRefusal;
}

/**
 * Where one more mon would run; or why nowhere, node by node, and which nodes would take one if the only mon there, which is out of quorum,
 * made room. `clashing` are those of them where the new mon would have the address of that one, as on the host network: no list may have an
 * address twice, so that one has to go first.
 */
export type MonPlace =
  | { readonly hostname: string }
  | { readonly nowhere: readonly RefusingNode[]; readonly ifRoomIsMade: readonly string[]; readonly clashing: readonly string[] };

/**
 * The node for one more mon, `id`, beside those that there are: none where a mon is out of quorum, as long as there is another one. Nodes that
 * are as good take turns with the letters of the mons: where one fails to come up, the next one is tried elsewhere.
 */
export function placeForMon(input: {
  readonly id: string;
  readonly mons: readonly MonView[];
  readonly nodes: readonly Node[];
  readonly placement: Placement;
  readonly allowMultiplePerNode: boolean;
  /** Where a mon of a node would listen; undefined where each mon has an address of its own. */
  readonly addressOn: (node: Node) => string | undefined;
}): MonPlace {
  const { id, mons, nodes, placement, allowMultiplePerNode, addressOn } = input;
  const present = mons.filter((mon) => mon.isMember || mon.isInMap);
  const taken = present.flatMap((mon) => mon.hostname ?? []);
  const shunned = new Set(present.filter((mon) => mon.out !== undefined).flatMap((mon) => mon.hostname ?? []));
  // a mon that was made when each had a node for itself is changed first
  const kept = new Set(present.filter((mon) => mon.keepsOthersOff).flatMap((mon) => mon.hostname ?? []));
  const open = nodes.filter((node) => !kept.has(hostnameOf(node)));
  for (const candidates of [open.filter((node) => !shunned.has(hostnameOf(node))), open]) {
    const placed = findPlaces({ ids: [id], taken, nodes, candidates, placement, allowMultiplePerNode, takeTurns: true });
    const hostname = placed.state === "placed" ? placed.hostnames.get(id) : undefined;
    if (hostname !== undefined) return { hostname };
  }
  const ifRoomIsMade = [...shunned].filter(
    (hostname) =>
      taken.filter((each) => each === hostname).length === 1 &&
      nodes.some((node) => hostnameOf(node) === hostname && isSchedulable(node, placement)),
  );
  const nowhere = nodes.map((node) => ({
    hostname: hostnameOf(node),
    refusal: refusalOf(node, present, placement, allowMultiplePerNode),
  }));
  const clashing = ifRoomIsMade.filter((hostname) => {
    const node = nodes.find((each) => hostnameOf(each) === hostname);
    const address = node && addressOn(node);
    return address !== undefined && present.some((mon) => mon.hostname === hostname && mon.address === address);
  });
  return { nowhere, ifRoomIsMade, clashing };
}

function refusalOf(node: Node, mons: readonly MonView[], placement: Placement, allowMultiplePerNode: boolean): NodeRefusal {
  const here = mons.filter((mon) => mon.hostname === hostnameOf(node));
  const keeper = here.find((mon) => mon.keepsOthersOff);
  if (keeper !== undefined && allowMultiplePerNode) return { type: "keepsOthersOff", id: keeper.id };
  if (here.length > 0) return { type: "hasMons", ids: here.map((mon) => mon.id) };
  if (!isNodeReady(node)) return { type: "notReady" };
  if (node.spec?.unschedulable === true) return { type: "cordoned" };
  return { type: isSchedulable(node, placement) ? "none" : "placement" };
}
