/**
 * Whether a mgr module cannot work in this operator's Pods, so that the operator never enables it and reports it as a field without effect: `rook`
 * asks Kubernetes with rights that these Pods do not have, and Rook itself disables it with Ceph 20.2.2 to 20.2.4.
 */
export function isUnusableModule(name: string | null | undefined): boolean {
  return name === "rook";
}
