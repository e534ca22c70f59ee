import type { CaseKey, Sent } from "./contract-case.ts";

type Fields = Readonly<Record<string, unknown>>;

/** An object of a kind that is right but for what `more` says. */
function objectOf(apiVersion: string, kind: string, body: (key: CaseKey) => Fields): (more?: Fields, metadata?: Fields) => Sent {
  return (more = {}, metadata = {}) =>
    (key) => ({ apiVersion, kind, metadata: { ...key, ...metadata }, ...merged(body(key), more) });
}

/** Fields of `more` instead of those that are there, within `spec` and `template`; a field that is undefined goes. */
function merged(body: Fields, more: Fields): Fields {
  const out: Record<string, unknown> = { ...body };
  for (const [name, value] of Object.entries(more)) {
    const isNested = (name === "spec" || name === "template") && typeof value === "object";
    out[name] = isNested && typeof out[name] === "object" ? merged(out[name] as Fields, value as Fields) : value;
  }
  return out;
}

export const main = { name: "main", image: "none:none" };

export const configMap = objectOf("v1", "ConfigMap", () => ({ data: { a: "1" } }));
export const secret = objectOf("v1", "Secret", () => ({ data: { a: "MQ==" } }));
export const pod = objectOf("v1", "Pod", () => ({ spec: { containers: [main], terminationGracePeriodSeconds: 0 } }));
export const service = objectOf("v1", "Service", () => ({ spec: { ports: [{ port: 80 }], selector: { app: "x" } } }));
export const event = objectOf("v1", "Event", ({ name, namespace }) => ({
  involvedObject: { kind: "Pod", name, namespace },
  reason: "Tried",
  message: "it",
  type: "Normal",
}));
export const claim = objectOf("v1", "PersistentVolumeClaim", () => ({
  spec: { accessModes: ["ReadWriteOnce"], storageClassName: "none", resources: { requests: { storage: "1Gi" } } },
}));
export const deployment = objectOf("apps/v1", "Deployment", ({ name }) => ({
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [main] } },
  },
}));
const pods = ({ name }: CaseKey) => ({
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [main] } } },
});
export const replicaSet = objectOf("apps/v1", "ReplicaSet", pods);
export const daemonSet = objectOf("apps/v1", "DaemonSet", pods);
export const statefulSet = objectOf("apps/v1", "StatefulSet", pods);
export const job = objectOf("batch/v1", "Job", () => ({
  spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers: [main] } } },
}));
export const lease = objectOf("coordination.k8s.io/v1", "Lease", () => ({
  spec: { holderIdentity: "me", leaseDurationSeconds: 15, renewTime: "2026-01-01T00:00:00.000000Z" },
}));
export const budget = objectOf("policy/v1", "PodDisruptionBudget", ({ name }) => ({
  spec: { maxUnavailable: 1, selector: { matchLabels: { app: name } } },
}));
export const priorityClass = objectOf("scheduling.k8s.io/v1", "PriorityClass", () => ({ value: 5 }));
/** Of the contract's own CustomResourceDefinition. */
export const widget = objectOf("contract.test/v1", "Widget", () => ({ spec: { size: 1 } }));

/** A Deployment whose one container has these fields too. */
export const container = (fields: Fields, spec: Fields = {}): Sent =>
  deployment({ spec: { template: { spec: { containers: [{ ...main, ...fields }], ...spec } } } });

/** A Deployment whose Pods are like this. */
export const podSpec = (spec: Fields): Sent => deployment({ spec: { template: { spec } } });
