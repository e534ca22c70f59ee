import type * as k8s from "@kubernetes/client-node";
import type { Container, EnvVar, Probe, ResourceRequirements, VolumeMount } from "../../../kube/kinds.ts";
import type { Wire } from "../../../kube/object.ts";
import { parseQuantity } from "../../../kube/quantity.ts";
import { atLeast, type Causes, duplicate, forbidden, invalid, notFoundThere, notSupported, oneOf, required } from "./cause.ts";
import { isDataKey, isPortName, isQualifiedName, isVariableName } from "./names.ts";

/** What a field of a Pod can be read from in a variable. */
const podFields: readonly string[] = ["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"];
const statusFields: readonly string[] = ["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"];

export function isPort(value: number): boolean {
  return value >= 1 && value <= 65_535;
}

export function* portRules(ports: Container["ports"] & {}, field: string): Causes {
  const names = new Set<string>();
  for (const [index, { name = "", containerPort, hostPort = 0, protocol }] of ports.entries()) {
    const where = `${field}[${index}]`;
    if (name !== "" && !isPortName(name))
      yield invalid(`${where}.name`, name, "must be no more than 15 characters, with lower case letters, digits and '-'");
    else if (names.has(name)) yield duplicate(`${where}.name`, name);
    if (name !== "") names.add(name);
    // one that is absent is 0 as well
    if (!containerPort) yield required(`${where}.containerPort`);
    else if (!isPort(containerPort)) yield invalid(`${where}.containerPort`, containerPort, "must be between 1 and 65535, inclusive");
    if (hostPort !== 0 && !isPort(hostPort)) yield invalid(`${where}.hostPort`, hostPort, "must be between 1 and 65535, inclusive");
    yield* oneOf(`${where}.protocol`, protocol, ["SCTP", "TCP", "UDP"]);
  }
}

export function* variableRules(variables: readonly EnvVar[], field: string): Causes {
  for (const [index, { name, value = "", valueFrom }] of variables.entries()) {
    const where = `${field}[${index}]`;
    if (!name) yield required(`${where}.name`);
    else if (!isVariableName(name))
      yield invalid(
        `${where}.name`,
        name,
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      );
    if (valueFrom === undefined) continue;
    const from = `${where}.valueFrom`;
    const path = valueFrom.fieldRef?.fieldPath;
    if (valueFrom.fieldRef !== undefined) yield* fieldPathRules(path, `${from}.fieldRef.fieldPath`);
    if (valueFrom.configMapKeyRef !== undefined) yield* keyRules(valueFrom.configMapKeyRef, `${from}.configMapKeyRef`);
    if (valueFrom.secretKeyRef !== undefined) yield* keyRules(valueFrom.secretKeyRef, `${from}.secretKeyRef`);
    const sources = Object.keys(valueFrom).length;
    if (sources === 0) yield invalid(from, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
    else if (value !== "") yield invalid(from, "", "may not be specified when `value` is not empty");
    else if (sources > 1) yield invalid(from, "", "may not have more than one field specified at a time");
  }
}

function* fieldPathRules(path: string | undefined, field: string): Causes {
  if (!path) yield required(field);
  else if (!/^metadata\.(labels|annotations)\['.+'\]$/.test(path) && !podFields.includes(path) && !statusFields.includes(path))
    // a path that no Pod has is invalid, one that it has is not supported
    yield /^(metadata|spec|status)\./.test(path) && /^(metadata\.(labels|annotations)|spec\.|status\.)/.test(path)
      ? notSupported(field, path, [...podFields, ...statusFields])
      : invalid(field, path, `error converting fieldPath: field label not supported: ${path}`);
}

function* keyRules({ name, key }: { readonly name?: string; readonly key?: string }, field: string): Causes {
  if (!name) yield required(`${field}.name`);
  if (!key) yield required(`${field}.key`);
  else if (!isDataKey(key))
    yield invalid(`${field}.key`, key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'");
}

export function* sourceRules(sources: Container["envFrom"] & {}, field: string): Causes {
  for (const [index, { prefix = "", configMapRef, secretRef }] of sources.entries()) {
    const where = `${field}[${index}]`;
    if (prefix !== "" && !isVariableName(prefix))
      yield invalid(`${where}.prefix`, prefix, "a valid environment variable name must consist only of printable ASCII characters");
    if (configMapRef !== undefined && !configMapRef.name) yield required(`${where}.configMapRef.name`);
    if (secretRef !== undefined && !secretRef.name) yield required(`${where}.secretRef.name`);
    if (configMapRef === undefined && secretRef === undefined)
      yield invalid(where, "", "must specify one of: `configMapRef` or `secretRef`");
    else if (configMapRef !== undefined && secretRef !== undefined)
      yield invalid(where, "", "may not have more than one field specified at a time");
  }
}

/** `volumes`: names of those that the Pod has and that are right. */
export function* mountRules(mounts: readonly VolumeMount[], volumes: ReadonlySet<string>, field: string): Causes {
  const paths = new Set<string>();
  for (const [index, { name, mountPath, subPath = "", subPathExpr = "" }] of mounts.entries()) {
    const where = `${field}[${index}]`;
    if (!name) yield required(`${where}.name`);
    if (!volumes.has(name)) yield notFoundThere(`${where}.name`, name ?? "");
    if (!mountPath) yield required(`${where}.mountPath`);
    if (paths.has(mountPath)) yield invalid(`${where}.mountPath`, mountPath, "must be unique");
    paths.add(mountPath);
    yield* descendingPath(subPath, `${field}.subPath`);
    yield* descendingPath(subPathExpr, `${field}.subPathExpr`);
    if (subPath !== "" && subPathExpr !== "")
      yield invalid(`${where}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive");
  }
}

/** A path within a volume. */
export function* descendingPath(path: string, field: string): Causes {
  if (path.startsWith("/")) yield invalid(field, path, "must be a relative path");
  if (path.split("/").includes("..")) yield invalid(field, path, "must not contain '..'");
}

/** A quantity, which JSON may hold as a number too. */
export function amountOf(quantity: string | number): number {
  return parseQuantity(String(quantity)) ?? 0;
}

export function* resourceRules({ limits = {}, requests = {} }: ResourceRequirements, field: string): Causes {
  for (const [name, amount] of Object.entries(limits)) yield* amountRules(name, amount, `${field}.limits[${name}]`);
  for (const [name, amount] of Object.entries(requests)) {
    yield* amountRules(name, amount, `${field}.requests[${name}]`);
    const limit = limits[name];
    if (limit !== undefined && amountOf(amount) > amountOf(limit))
      yield invalid(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`);
  }
}

function* amountRules(name: string, amount: string, field: string): Causes {
  if (!isQualifiedName(name)) yield invalid(field, name, "name part must consist of alphanumeric characters, '-', '_' or '.'");
  else if (!name.includes("/") && !/^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name))
    yield invalid(field, name, "must be a standard resource for containers");
  if (amountOf(amount) < 0) yield invalid(field, amount, "must be greater than or equal to 0");
}

export function* probeRules(probe: Probe | undefined, field: string, isReadiness: boolean): Causes {
  if (probe === undefined) return;
  yield* handlerRules(probe, field);
  const { initialDelaySeconds, timeoutSeconds, periodSeconds, successThreshold, failureThreshold, terminationGracePeriodSeconds } = probe;
  const numbers = { initialDelaySeconds, timeoutSeconds, periodSeconds, successThreshold, failureThreshold };
  for (const [name, value] of Object.entries(numbers)) yield* atLeast(`${field}.${name}`, value, 0);
  if (isReadiness) {
    if (terminationGracePeriodSeconds !== undefined)
      yield invalid(`${field}.terminationGracePeriodSeconds`, terminationGracePeriodSeconds, "must not be set for readinessProbes");
    return;
  }
  if (terminationGracePeriodSeconds !== undefined && terminationGracePeriodSeconds <= 0)
    yield invalid(`${field}.terminationGracePeriodSeconds`, terminationGracePeriodSeconds, "must be greater than 0");
  if (successThreshold !== undefined && successThreshold > 1) yield invalid(`${field}.successThreshold`, successThreshold, "must be 1");
}

type Handler = Pick<Probe, "exec" | "httpGet" | "tcpSocket" | "grpc"> & { readonly sleep?: Wire<k8s.V1SleepAction> };

/** Exactly one way to ask or to act. */
export function* handlerRules({ exec, httpGet, tcpSocket, grpc, sleep }: Handler, field: string): Causes {
  const given = Object.entries({ exec, httpGet, tcpSocket, grpc, sleep }).filter(([, value]) => value !== undefined);
  if (given.length === 0) yield required(field, "must specify a handler type");
  for (const [name] of given.slice(1)) yield forbidden(`${field}.${name}`, "may not specify more than 1 handler type");
  const first = given[0]?.[0];
  if (first === "exec" && (exec?.command ?? []).length === 0) yield required(`${field}.exec.command`);
  if (first === "httpGet") yield* portNumberOrName(httpGet?.port, `${field}.httpGet.port`);
  if (first === "tcpSocket") yield* portNumberOrName(tcpSocket?.port, `${field}.tcpSocket.port`);
}

export function* portNumberOrName(port: number | string | undefined, field: string): Causes {
  if (typeof port === "string") {
    if (!isPortName(port)) yield invalid(field, port, "must contain at least one letter (a-z)");
  } else if (!isPort(port ?? 0)) yield invalid(field, port ?? 0, "must be between 1 and 65535, inclusive");
}
