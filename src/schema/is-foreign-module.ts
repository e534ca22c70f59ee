/**
 * Whether a mgr module cannot work in this operator's Pods: `rook` asks Kubernetes with rights that these do not have, and Rook itself switches it
 * off from Ceph 20.2.2 on. It is never enabled, and reported as a field without effect.
 */
export function isForeignModule(name: string | null | undefined): boolean {
  return name === "rook";
}
