import type { DaemonType } from "../../../daemons/daemon-type.ts";
import type { SettingFields } from "../../../daemons/diagnosis/setting-fields.ts";
import { apps } from "../../../daemons/names.ts";

const fieldsOf = (component: string): SettingFields => ({ resources: `resources.${component}`, placement: `placement.${component}` });

/** Tries of a daemon that starts within a minute. */
const usualFailures = 12;

export const monType: Readonly<DaemonType> = {
  type: "mon",
  app: apps.mon,
  selector: (id, namespace) => ({ ceph_daemon_id: id, mon: id, mon_cluster: namespace }),
  question: "mon_status",
  startupFailures: usualFailures,
  fields: fieldsOf("mon"),
};

export const mgrType: Readonly<DaemonType> = {
  type: "mgr",
  app: apps.mgr,
  selector: (id) => ({ ceph_daemon_id: id, mgr: id, instance: id }),
  question: "status",
  startupFailures: usualFailures,
  fields: fieldsOf("mgr"),
};

export const osdType: Readonly<DaemonType> = {
  type: "osd",
  app: apps.osd,
  selector: (id) => ({ "ceph-osd-id": id }),
  question: "status",
  // an OSD may replay its log or compact for long
  startupFailures: 1440,
  fields: fieldsOf("osd"),
};

/** The same of what is no daemon: the Jobs that look at devices and at images, and crash collectors. */
export const prepareFields: Readonly<SettingFields> = fieldsOf("prepareosd");
export const versionFields: Readonly<SettingFields> = { resources: "resources.cmd-reporter", placement: "placement.mon" };
export const collectorFields: Readonly<SettingFields> = { resources: "resources.crashcollector", placement: "placement.all" };
