import type { Secret } from "../kube/kinds.ts";

/** What makes a cluster this cluster. */
export interface ClusterIdentity {
  readonly fsid: string;
  /** Key of `mon.` */
  readonly monKey: string;
  /** With the `client.` */
  readonly adminUser: string;
  readonly adminKey: string;
}

/** Reads the Secret, in Rook's keys; undefined where one is missing. */
export function identityOf(secret: Secret): ClusterIdentity | undefined {
  const read = (key: string) => Buffer.from(secret.data?.[key] ?? "", "base64").toString();
  const found = {
    fsid: read("fsid"),
    monKey: read("mon-secret"),
    adminUser: read("ceph-username") || "client.admin",
    adminKey: read("ceph-secret") || read("admin-secret"),
  };
  return found.fsid && found.monKey && found.adminKey ? found : undefined;
}
