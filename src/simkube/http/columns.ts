import type { SimResource } from "../api/resources.ts";
import { fieldsOf, type SimObject } from "../api/sim-object.ts";
import { age } from "./age.ts";
import { jsonPath } from "./json-path.ts";

type Cell = string | number | boolean;

/** A column of a Table, and what an object has in it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Above 0: with `-o wide` only. */
  readonly priority: number;
  cell(object: SimObject, now: number): Cell;
}

function column(name: string, cell: Column["cell"], more: { type?: string; priority?: number } = {}): Column {
  return {
    name,
    type: more.type ?? "string",
    format: name === "Name" ? "name" : "",
    description: name,
    priority: more.priority ?? 0,
    cell,
  };
}

const wide = { priority: 1 } as const;
const nameColumn: Readonly<Column> = column("Name", (object) => object.metadata.name ?? "");
const ageColumn: Readonly<Column> = column("Age", (object, now) => age(object.metadata.creationTimestamp, now));
const at = (path: string) => (object: SimObject) => text(jsonPath(path, object));
const count = (path: string) => (object: SimObject) => Number(jsonPath(path, object) ?? 0);
const sizeOf = (path: string) => (object: SimObject) => Object.keys(fieldsOf(jsonPath(path, object))).length;

function text(value: unknown): Cell {
  if (value === undefined || value === null || value === "") return "<none>";
  return typeof value === "object" ? JSON.stringify(value) : (value as Cell);
}

/** Columns between name and age, by kind, as kubectl's users know them. */
const byKind: Readonly<Record<string, readonly Column[]>> = {
  ConfigMap: [column("Data", (o) => sizeOf(".data")(o) + sizeOf(".binaryData")(o))],
  CustomResourceDefinition: [column("Created At", (o) => o.metadata.creationTimestamp ?? "")],
  Deployment: [
    column("Ready", (o) => `${count(".status.readyReplicas")(o)}/${count(".spec.replicas")(o)}`),
    column("Up-to-date", count(".status.updatedReplicas")),
    column("Available", count(".status.availableReplicas")),
  ],
  Event: [
    column("Last Seen", (o, now) => age(typeof o["lastTimestamp"] === "string" ? o["lastTimestamp"] : o.metadata.creationTimestamp, now)),
    column("Type", at(".type")),
    column("Reason", at(".reason")),
    column("Object", (o) => `${String(jsonPath(".involvedObject.kind", o)).toLowerCase()}/${String(jsonPath(".involvedObject.name", o))}`),
    column("Message", at(".message")),
  ],
  Job: [
    column("Status", (o) => {
      if (jsonPath('.status.conditions[?(@.type=="Complete")].status', o) === "True") return "Complete";
      return jsonPath('.status.conditions[?(@.type=="Failed")].status', o) === "True" ? "Failed" : "Running";
    }),
    column("Completions", (o) => `${count(".status.succeeded")(o)}/${count(".spec.completions")(o)}`),
  ],
  Lease: [column("Holder", at(".spec.holderIdentity"))],
  Namespace: [column("Status", at(".status.phase"))],
  Node: [
    column("Status", (o) => {
      const ready = jsonPath('.status.conditions[?(@.type=="Ready")].status', o) === "True" ? "Ready" : "NotReady";
      return jsonPath(".spec.unschedulable", o) === true ? `${ready},SchedulingDisabled` : ready;
    }),
    column("Roles", () => "<none>"),
    column("Version", at(".status.nodeInfo.kubeletVersion")),
    column("Internal-IP", at('.status.addresses[?(@.type=="InternalIP")].address'), wide),
  ],
  Pod: [
    column(
      "Ready",
      (o) =>
        `${containers(o).filter((c) => c["ready"] === true).length}/${(jsonPath(".spec.containers", o) as unknown[] | undefined)?.length ?? 0}`,
    ),
    column("Status", podState),
    column("Restarts", (o) => Number(containers(o)[0]?.["restartCount"] ?? 0)),
  ],
  PodDisruptionBudget: [
    column("Min Available", (o) => (jsonPath(".spec.minAvailable", o) === undefined ? "N/A" : text(jsonPath(".spec.minAvailable", o)))),
    column("Max Unavailable", (o) =>
      jsonPath(".spec.maxUnavailable", o) === undefined ? "N/A" : text(jsonPath(".spec.maxUnavailable", o)),
    ),
    column("Allowed Disruptions", count(".status.disruptionsAllowed")),
  ],
  ReplicaSet: [
    column("Desired", count(".spec.replicas")),
    column("Current", count(".status.replicas")),
    column("Ready", count(".status.readyReplicas")),
  ],
  Secret: [column("Type", (o) => text(o["type"] ?? "Opaque")), column("Data", sizeOf(".data"))],
  Service: [
    column("Type", at(".spec.type")),
    column("Cluster-IP", at(".spec.clusterIP")),
    column("External-IP", () => "<none>"),
    column("Port(s)", (o) => {
      const ports = jsonPath(".spec.ports", o);
      return Array.isArray(ports)
        ? ports.map((p) => `${String(fieldsOf(p)["port"])}/${text(fieldsOf(p)["protocol"])}`).join(",")
        : "<none>";
    }),
  ],
};

/** After the age, with `-o wide`. */
const wideByKind: Readonly<Record<string, readonly Column[]>> = {
  Deployment: [column("Images", (o) => text(jsonPath(".spec.template.spec.containers[0].image", o)), wide)],
  Pod: [column("IP", at(".status.podIP"), wide), column("Node", at(".spec.nodeName"), wide)],
};

/** The columns of a kind's Table. */
export function columnsOf(resource: SimResource): readonly Column[] {
  if (resource.isCustom) return customColumns(resource);
  if (resource.kind === "Event") return byKind["Event"] ?? [];
  const isDated = resource.kind !== "CustomResourceDefinition";
  return [nameColumn, ...(byKind[resource.kind] ?? []), ...(isDated ? [ageColumn] : []), ...(wideByKind[resource.kind] ?? [])];
}

function customColumns(resource: SimResource): readonly Column[] {
  if (resource.columns === undefined) return [nameColumn, ageColumn];
  return [
    nameColumn,
    ...resource.columns.map(({ name, type, jsonPath: path, priority = 0 }) =>
      column(
        name,
        (object, now) => {
          const value = jsonPath(path, object);
          if (type === "date") return typeof value === "string" ? age(value, now) : "<unknown>";
          return value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : (value as Cell);
        },
        { type, priority },
      ),
    ),
  ];
}

function containers(object: SimObject): Readonly<Record<string, unknown>>[] {
  const statuses = jsonPath(".status.containerStatuses", object);
  return Array.isArray(statuses) ? statuses.map(fieldsOf) : [];
}

function podState(object: SimObject): string {
  if (object.metadata.deletionTimestamp !== undefined) return "Terminating";
  for (const container of containers(object)) {
    const state = fieldsOf(container["state"]);
    const why = fieldsOf(state["waiting"])["reason"] ?? fieldsOf(state["terminated"])["reason"];
    if (typeof why === "string") return why;
  }
  const phase = fieldsOf(object["status"])["phase"];
  return typeof phase === "string" ? phase : "Pending";
}
