const reserved = /^(admin|crash|ceph-exporter|rgw.*|rbd-mirror|rbd-mirror-peer|osd\.\d*|bootstrap-(mds|mgr|mon|osd|rgw|rbd|rbd-mirror))$/;

/** Whether Ceph or the operator need a user of this name for themselves; the name is without `client.`. */
export function isReservedUser(name: string): boolean {
  return reserved.test(name);
}
