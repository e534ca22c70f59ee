import { readFile } from "node:fs/promises";
import { testCluster } from "./test-cluster.ts";

/** The operator's own user, when it runs in the cluster. */
export const operatorUser = "system:serviceaccount:rook-ceph:rook-ceph-system";

/** One request that the API server got. */
export interface ApiRequest {
  readonly verb: string;
  readonly uri: string;
  readonly user: string;
  readonly userAgent: string;
  /** `group/resource` or `resource`, with `/subresource` where there is one; empty for other addresses. */
  readonly resource: string;
  readonly name: string;
  /** Milliseconds since 1970, when it came. */
  readonly time: number;
  /** HTTP status. */
  readonly code: number;
}

export interface AuditSelection {
  readonly user?: string;
  readonly userAgent?: RegExp;
  /** Milliseconds since 1970; from there on, or all. */
  readonly from?: number;
  /** Milliseconds since 1970; before that, or all. */
  readonly to?: number;
}

interface AuditLine {
  stage: string;
  requestURI: string;
  verb: string;
  user: { username: string };
  userAgent?: string;
  objectRef?: { resource?: string; subresource?: string; name?: string; apiGroup?: string };
  responseStatus?: { code?: number };
  requestReceivedTimestamp: string;
}

/** The requests that the API server's audit log tells of, oldest first. A watch counts when it begins. */
export async function apiRequests(selection: AuditSelection = {}): Promise<ApiRequest[]> {
  const requests: ApiRequest[] = [];
  for (const text of (await readFile(testCluster.auditLog, "utf8")).split("\n")) {
    if (!text.endsWith("}")) continue; // the end, or a line that is being written
    if (selection.user !== undefined && !text.includes(selection.user)) continue;
    const line = JSON.parse(text) as AuditLine;
    if (line.stage !== (line.verb === "watch" ? "ResponseStarted" : "ResponseComplete")) continue;
    const request = requestOf(line);
    if (selected(request, selection)) requests.push(request);
  }
  return requests.sort((a, b) => a.time - b.time);
}

/** Whether it changes what the API server keeps. A Lease is not counted: being the leader is to go on saying so. */
export function isWrite(request: ApiRequest): boolean {
  if (!["create", "update", "patch", "delete", "deletecollection"].includes(request.verb)) return false;
  return !isLease(request) && !request.resource.startsWith("authorization.k8s.io/") && !/\/(exec|portforward)$/.test(request.resource);
}

/** Whether it is neither a watch nor about a Lease: what an operator at rest should not need. */
export function isExtra(request: ApiRequest): boolean {
  return request.verb !== "watch" && !isLease(request);
}

/** For messages: `patch apps/deployments/rook-ceph-mon-a`. */
export function describeRequest(request: ApiRequest): string {
  return `${request.verb} ${[request.resource, request.name].filter((part) => part !== "").join("/") || request.uri}`;
}

function isLease(request: ApiRequest): boolean {
  return request.resource === "coordination.k8s.io/leases";
}

function requestOf(line: AuditLine): ApiRequest {
  const { resource, subresource, name, apiGroup } = line.objectRef ?? {};
  return {
    verb: line.verb,
    uri: line.requestURI,
    user: line.user.username,
    userAgent: line.userAgent ?? "",
    resource: [apiGroup, resource, subresource].filter((part) => part !== undefined && part !== "").join("/"),
    name: name ?? "",
    time: Date.parse(line.requestReceivedTimestamp),
    code: line.responseStatus?.code ?? 0,
  };
}

function selected(request: ApiRequest, selection: AuditSelection): boolean {
  return (
    (selection.user === undefined || request.user === selection.user) &&
    (selection.userAgent === undefined || selection.userAgent.test(request.userAgent)) &&
    request.time >= (selection.from ?? 0) &&
    request.time < (selection.to ?? Number.POSITIVE_INFINITY)
  );
}
