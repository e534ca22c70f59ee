import type { Node } from "../../../kube/kinds.ts";

/** Where a mon of a node listens on the host network: as the node's annotation says, as in Rook, else its InternalIP; undefined where it has none. */
export function nodeAddress(node: Node | undefined): string | undefined {
  return (
    node?.metadata.annotations?.["network.rook.io/mon-ip"] ?? node?.status?.addresses?.find(({ type }) => type === "InternalIP")?.address
  );
}
