import type { Structural } from "../structural-schema.ts";

// Schemas of Kubernetes' own types, as far as a CephCluster embeds them. A typing error in them is found when the CephCluster is
// applied, and not only when a Pod is made of it.

const string: Readonly<Structural> = { type: "string" };
const int32: Readonly<Structural> = { type: "integer", format: "int32" };
const int64: Readonly<Structural> = { type: "integer", format: "int64" };
const strings: Readonly<Structural> = { type: "array", items: string };
const object = (properties: Record<string, Structural>, required: string[] = []): Structural => ({
  type: "object",
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const list = (items: Structural): Structural => ({ type: "array", items });

/** An amount: 2, 500m, 1Gi. */
export const quantitySchema: Readonly<Structural> = {
  anyOf: [{ type: "integer" }, { type: "string" }],
  pattern: "^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?(\\d+(\\.\\d*)?|\\.\\d+))?$",
  "x-kubernetes-int-or-string": true,
};

const amounts: Readonly<Structural> = { type: "object", additionalProperties: quantitySchema };

export const resourcesSchema: Readonly<Structural> = object({
  limits: amounts,
  requests: amounts,
  claims: {
    ...list(object({ name: string, request: string }, ["name"])),
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
  },
});

const intOrString: Readonly<Structural> = { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true };

export const probeSchema: Readonly<Structural> = object({
  initialDelaySeconds: int32,
  periodSeconds: int32,
  timeoutSeconds: int32,
  successThreshold: int32,
  failureThreshold: int32,
  terminationGracePeriodSeconds: int64,
  exec: object({ command: strings }),
  httpGet: object(
    {
      host: string,
      path: string,
      port: intOrString,
      scheme: string,
      httpHeaders: list(object({ name: string, value: string }, ["name", "value"])),
    },
    ["port"],
  ),
  tcpSocket: object({ host: string, port: intOrString }, ["port"]),
  grpc: object({ port: int32, service: string }, ["port"]),
});

export const tolerationSchema: Readonly<Structural> = object({
  key: string,
  operator: string,
  value: string,
  effect: string,
  tolerationSeconds: int64,
});

const expressions: Readonly<Structural> = list(object({ key: string, operator: string, values: strings }, ["key", "operator"]));
const labelSelector: Readonly<Structural> = object({
  matchExpressions: expressions,
  matchLabels: { type: "object", additionalProperties: string },
});

export const topologySpreadConstraintSchema: Readonly<Structural> = object(
  {
    topologyKey: string,
    maxSkew: int32,
    whenUnsatisfiable: string,
    labelSelector,
    matchLabelKeys: strings,
    minDomains: int32,
    nodeAffinityPolicy: string,
    nodeTaintsPolicy: string,
  },
  ["topologyKey", "maxSkew", "whenUnsatisfiable"],
);

const nodeTerm: Readonly<Structural> = object({ matchExpressions: expressions, matchFields: expressions });

export const nodeAffinitySchema: Readonly<Structural> = object({
  requiredDuringSchedulingIgnoredDuringExecution: object({ nodeSelectorTerms: list(nodeTerm) }, ["nodeSelectorTerms"]),
  preferredDuringSchedulingIgnoredDuringExecution: list(object({ weight: int32, preference: nodeTerm }, ["weight", "preference"])),
});

const podTerm: Readonly<Structural> = object(
  {
    topologyKey: string,
    labelSelector,
    namespaceSelector: labelSelector,
    namespaces: strings,
    matchLabelKeys: strings,
    mismatchLabelKeys: strings,
  },
  ["topologyKey"],
);

/** Of Pods to be near to, and of Pods to stay away from. */
export const podAffinitySchema: Readonly<Structural> = object({
  requiredDuringSchedulingIgnoredDuringExecution: list(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(object({ weight: int32, podAffinityTerm: podTerm }, ["weight", "podAffinityTerm"])),
});

export const objectReferenceSchema: Readonly<Structural> = object({
  apiVersion: string,
  fieldPath: string,
  kind: string,
  name: string,
  namespace: string,
  resourceVersion: string,
  uid: string,
});

/** Anything: what is in it is kept and not checked. */
export const anySchema: Readonly<Structural> = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
