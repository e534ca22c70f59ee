import { groupOf, type SimResource } from "../api/resources.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"] as const;

/** What `/version` says. */
export const serverVersion = {
  major: "1",
  minor: "34",
  gitVersion: "v1.34.4+sim",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: "simulated",
} as const;

/** `/apis`: the groups, each with its versions. */
export function groupList(resources: readonly SimResource[]): object {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groupNames(resources).map((name) => group(name, resources)) };
}

/** `/apis/GROUP` */
export function apiGroup(name: string, resources: readonly SimResource[]): object | undefined {
  return groupNames(resources).includes(name) ? { kind: "APIGroup", apiVersion: "v1", ...group(name, resources) } : undefined;
}

/** `/api/v1`, `/apis/GROUP/VERSION`: the resources; undefined where nothing has that version. */
export function resourceList(groupVersion: string, resources: readonly SimResource[]): object | undefined {
  const found = resources.filter(({ apiVersion }) => apiVersion === groupVersion);
  return found.length === 0 ? undefined : { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: found.flatMap(entries) };
}

function groupNames(resources: readonly SimResource[]): string[] {
  return [...new Set(resources.map(groupOf))].filter((name) => name !== "").sort();
}

function group(name: string, resources: readonly SimResource[]): { name: string; versions: object[]; preferredVersion: object } {
  const versions = [...new Set(resources.filter((resource) => groupOf(resource) === name).map(({ apiVersion }) => apiVersion))].map(
    (groupVersion) => ({ groupVersion, version: groupVersion.slice(name.length + 1) }),
  );
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

function entries(resource: SimResource): object[] {
  const { plural, singular, namespaced, kind, shortNames, categories, hasStatus, scale } = resource;
  const sub = (name: string, subKind: string, more: object = {}) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    kind: subKind,
    verbs: ["get", "patch", "update"],
    ...more,
  });
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length === 0 ? {} : { shortNames }),
      ...(categories.length === 0 ? {} : { categories }),
    },
    ...(hasStatus ? [sub("status", kind)] : []),
    ...(scale === undefined ? [] : [sub("scale", "Scale", { group: "autoscaling", version: "v1" })]),
    ...(kind === "Pod"
      ? [sub("log", "Pod", { verbs: ["get"] }), sub("eviction", "Eviction", { group: "policy", version: "v1", verbs: ["create"] })]
      : []),
  ];
}
