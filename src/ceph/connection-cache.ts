import type { Ceph, CephConnector, CephIdentity } from "./ceph.ts";

/** A connection that says whether it still is one. */
export interface CachedConnection extends Ceph {
  readonly closed: boolean;
}

/** A connector that keeps one connection a namespace: the same for the same identity; another identity closes the one before. */
export function createConnectionCache(make: (identity: CephIdentity) => CachedConnection): CephConnector {
  const connections = new Map<string, { identity: CephIdentity; connection: CachedConnection }>();
  return {
    connect(identity) {
      const known = connections.get(identity.namespace);
      if (known !== undefined && !known.connection.closed && sameIdentity(known.identity, identity)) return known.connection;
      void known?.connection.close();
      const connection = make(identity);
      connections.set(identity.namespace, { identity, connection });
      return connection;
    },
    async release(namespace) {
      const known = connections.get(namespace);
      connections.delete(namespace);
      await known?.connection.close();
    },
    async close() {
      const open = [...connections.values()];
      connections.clear();
      await Promise.all(open.map(({ connection }) => connection.close()));
    },
  };
}

/** Whether two identities are one cluster, one way there and one user. */
function sameIdentity(a: CephIdentity, b: CephIdentity): boolean {
  return a.fsid === b.fsid && a.monHost === b.monHost && a.user === b.user && a.key === b.key;
}
