import type { KubeObject } from "../../src/kube/object.ts";

/** What a case is about: an object of this name and namespace. */
export interface CaseKey {
  readonly name: string;
  readonly namespace: string;
}

/** An object as a client sends it, right or wrong. */
export type Sent = (key: CaseKey) => KubeObject;

/** A request that an API server judges. */
export interface CaseRequest {
  readonly verb: "create" | "update" | "apply" | "patch";
  readonly sent: Sent;
  /** What is made first. */
  readonly before?: Sent;
  readonly subresource?: "status";
  /** Of an apply; `contract` unless set. */
  readonly fieldManager?: string;
}

/** How a request is refused. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  /** The fields that the causes name, each once. */
  readonly fields: readonly string[];
}

/** One line of the contract between the real API server and the simulated one. */
export interface ContractCase {
  readonly name: string;
  readonly request: CaseRequest;
  /** Absent: it is taken. */
  readonly refusal?: Refusal;
}

export const create = (sent: Sent): CaseRequest => ({ verb: "create", sent });
export const update = (before: Sent, sent: Sent): CaseRequest => ({ verb: "update", before, sent });
export const apply = (sent: Sent, before?: Sent): CaseRequest =>
  before === undefined ? { verb: "apply", sent } : { verb: "apply", before, sent };
export const patch = (before: Sent, sent: object): CaseRequest => ({
  verb: "patch",
  before,
  sent: (key) => {
    const { apiVersion, kind } = before(key);
    return { apiVersion, kind, metadata: {}, ...sent };
  },
});

/** 422: the object breaks rules, in these fields. */
export const invalid = (...fields: string[]): Refusal => ({ code: 422, reason: "Invalid", fields: [...fields].sort() });
/** 400: the object cannot be read as its kind. */
export const unreadable: Refusal = { code: 400, reason: "BadRequest", fields: [] };
/** 403: by an admission plug-in. */
export const forbidden: Refusal = { code: 403, reason: "Forbidden", fields: [] };
/** 404 */
export const absent: Refusal = { code: 404, reason: "NotFound", fields: [] };
/** 409 */
export const conflict: Refusal = { code: 409, reason: "Conflict", fields: [] };
/** 500: what is applied does not fit its kind. */
export const untyped: Refusal = { code: 500, reason: "", fields: [] };

export function refused(name: string, request: CaseRequest, refusal: Refusal): ContractCase {
  return { name, request, refusal };
}

export function taken(name: string, request: CaseRequest): ContractCase {
  return { name, request };
}
