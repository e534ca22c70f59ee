import { apps } from "../names.ts";

/** How `spec.resources` and `spec.placement` name what runs in Pods of an app. */
const fields: Readonly<Record<string, { readonly resources: string; readonly placement: string }>> = {
  [apps.mon]: { resources: "mon", placement: "mon" },
  [apps.mgr]: { resources: "mgr", placement: "mgr" },
  [apps.osd]: { resources: "osd", placement: "osd" },
  [apps.prepare]: { resources: "prepareosd", placement: "prepareosd" },
  [apps.crashCollector]: { resources: "crashcollector", placement: "all" },
  [apps.version]: { resources: "cmd-reporter", placement: "mon" },
};

/** The field of the spec that sets something for Pods of this app: `resources.mon`. */
export function settingsFieldOf(app: string, setting: "resources" | "placement"): string {
  if (app === apps.mds) return `metadataServer.${setting}`;
  const known = fields[app];
  return known === undefined ? `its ${setting}` : `${setting}.${known[setting]}`;
}
