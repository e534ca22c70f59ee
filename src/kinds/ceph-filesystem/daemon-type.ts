import type { CappedDaemonType } from "../../daemons/daemon-type.ts";

/** The MDSs of a CephFilesystem. */
export const mdsType: Readonly<CappedDaemonType> = {
  type: "mds",
  app: "rook-ceph-mds",
  // MDSs follow the mons, mgrs and OSDs
  updateTurn: 4,
  selector: (id) => ({ ceph_daemon_id: id, mds: id }),
  caps: { mds: "allow", mon: "allow profile mds", osd: "allow *" },
  // an MDS looks up its status under a lock that it may hold for long while it is well
  question: "version",
  startupFailures: 12,
  fields: { resources: "metadataServer.resources", placement: "metadataServer.placement" },
};
