import type { DaemonType } from "../../daemons/daemon-type.ts";

/** The MDSs of a CephFilesystem. */
export const mdsType: Readonly<DaemonType> = {
  type: "mds",
  app: "rook-ceph-mds",
  selector: (id) => ({ ceph_daemon_id: id, mds: id }),
  // an MDS looks up its status under a lock that it may hold for long while it is well
  question: "version",
  startupFailures: 12,
  fields: { resources: "metadataServer.resources", placement: "metadataServer.placement" },
};
