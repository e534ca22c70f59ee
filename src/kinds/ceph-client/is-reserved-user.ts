/** What Ceph itself, the operator and Rook make users for, and how their names go on. */
const reserved: readonly RegExp[] = [
  // Ceph's own
  /^admin$/,
  /^osd\.\d*$/,
  /^osd-lockbox\./,
  /^bootstrap-(mds|mgr|mon|osd|rgw|rbd|rbd-mirror)$/,
  // daemons, and what looks after them; the key's generation may follow
  /^(crash|ceph-exporter|healthchecker|admin-rotator|fs-mirror|rbd-mirror-peer)(\.|$)/,
  /^rbd-mirror(\.|$)/,
  /^rgw/,
  /^(nfs-ganesha|nvmeof)(\.|$)/,
  // CSI: a cluster's, a RADOS namespace's or a key's generation may follow
  /^csi-(rbd|cephfs)-(provisioner|node)([.-]|$)/,
];

/**
 * Whether Ceph, the operator or Rook needs a user of this name; the name is without `client.`. A CephClient of such a name would change what
 * that user may do, and remove it in the end. The names are those of Rook 1.20.
 */
export function isReservedUser(name: string): boolean {
  return reserved.some((pattern) => pattern.test(name));
}
