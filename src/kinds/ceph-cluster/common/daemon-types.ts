import type { CappedDaemonType, DaemonType } from "../../../daemons/daemon-type.ts";
import type { SettingFields } from "../../../daemons/diagnosis/setting-fields.ts";
import { apps } from "../../../daemons/names.ts";

const fieldsOf = (component: string): SettingFields => ({ resources: `resources.${component}`, placement: `placement.${component}` });

/** Tries of a daemon that starts within a minute. */
const usualFailures = 12;

export const monType: Readonly<CappedDaemonType> = {
  type: "mon",
  app: apps.mon,
  updateTurn: 1,
  selector: (id, namespace) => ({ ceph_daemon_id: id, mon: id, mon_cluster: namespace }),
  caps: { mon: "allow *" },
  question: "mon_status",
  startupFailures: usualFailures,
  fields: fieldsOf("mon"),
};

export const mgrType: Readonly<CappedDaemonType> = {
  type: "mgr",
  app: apps.mgr,
  updateTurn: 2,
  selector: (id) => ({ ceph_daemon_id: id, mgr: id, instance: id }),
  caps: { mds: "allow *", mon: "allow profile mgr", osd: "allow *" },
  question: "status",
  startupFailures: usualFailures,
  fields: fieldsOf("mgr"),
};

export const osdType: Readonly<DaemonType> = {
  type: "osd",
  app: apps.osd,
  updateTurn: 3,
  selector: (id) => ({ "ceph-osd-id": id }),
  question: "status",
  // an OSD may replay its log or compact for long
  startupFailures: 1440,
  fields: fieldsOf("osd"),
};

/** Daemons that change one type after the other in an update; all others follow them. */
export const updatedTypes: readonly DaemonType[] = [monType, mgrType, osdType];

/** The same of what is no daemon: Jobs and crash collectors. */
export const prepareFields: Readonly<SettingFields> = fieldsOf("prepareosd");
export const versionFields: Readonly<SettingFields> = { resources: "resources.cmd-reporter", placement: "placement.mon" };
export const cleanupFields: Readonly<SettingFields> = { resources: "resources.cleanup", placement: "placement.all" };
export const collectorFields: Readonly<SettingFields> = { resources: "resources.crashcollector", placement: "placement.all" };
