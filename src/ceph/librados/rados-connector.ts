import type { Clock } from "../../kube/clock.ts";
import type { Logger } from "../../kube/logger.ts";
import type { CephConnector, CephIdentity } from "../ceph.ts";
import { createConnectionCache } from "../connection-cache.ts";
import { loadRados } from "./koffi-rados.ts";
import type { Rados } from "./rados.ts";
import { RadosConnection } from "./rados-connection.ts";

export interface RadosConnectorOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** The shared library's name or path; librados.so.2 unless set. Loaded with the first command. */
  readonly library?: string;
  /** Instead of `library`: what stands in for librados in tests. */
  readonly rados?: Rados;
  /** Called whenever a cluster has let us in: a good moment to look at it. */
  readonly onConnected?: (identity: CephIdentity) => void;
}

/** Clusters through librados, one connection each, for an operator that reaches the mons' addresses: one that runs in the Kubernetes cluster. */
export function createRadosConnector(options: RadosConnectorOptions): CephConnector {
  const { clock, log } = options;
  let loaded = options.rados;
  const rados = () => (loaded ??= loadRados(options.library));
  return createConnectionCache(
    (identity) =>
      new RadosConnection({
        rados,
        clock,
        identity,
        onConnected: () => {
          log.info("connected to Ceph", { namespace: identity.namespace, fsid: identity.fsid });
          options.onConnected?.(identity);
        },
      }),
  );
}
