import { isKubeError } from "../../kube/kube-error.ts";

/** The answer to a request that failed: the HTTP status and the `Status` object. */
export function statusOf(error: unknown): { readonly code: number; readonly body: object } {
  if (isKubeError(error)) {
    const code = error.httpStatus ?? 500;
    return {
      code,
      body: {
        ...base,
        message: error.message,
        reason: error.status?.reason ?? reasons[code] ?? "",
        code,
        ...detailsOf(error.status),
      },
    };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 500, body: { ...base, message: `the simulated API server failed: ${message}`, reason: "InternalError", code: 500 } };
}

const base = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" } as const;

const reasons: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  410: "Expired",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  501: "NotImplemented",
};

function detailsOf(status: { details?: unknown } | undefined): object {
  return status?.details === undefined ? {} : { details: status.details };
}
