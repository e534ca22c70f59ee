/** One request to the API server, for those who count. Watches count when they are answered, not when they end. */
export interface RequestInfo {
  verb: "get" | "list" | "watch" | "create" | "update" | "apply" | "patch" | "delete";
  kind: string;
  /** The HTTP status, or `unreachable` or `aborted` where there was no answer. */
  code: string;
  seconds: number;
}
