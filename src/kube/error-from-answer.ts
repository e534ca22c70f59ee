import { KubeError, type KubeErrorCode, type KubeStatus } from "./kube-error.ts";

/**
 * The `KubeError` for an answer that is no success. `what` says what was being done; the server's own message is kept.
 *
 * @example throw errorFromAnswer("get Pod default/web", 503, "the server is going down", "5"); // code "serverError", 5 s
 */
export function errorFromAnswer(what: string, httpStatus: number, text: string, retryAfter?: string | string[]): KubeError {
  const status = parseStatus(text);
  const seconds = retryAfterSeconds(retryAfter) ?? status?.details?.retryAfterSeconds;
  // A body that is no Status may be a proxy's page: its beginning is enough to recognise it.
  const said = status?.message ?? (text.trim().slice(0, 200) || "no message");
  return new KubeError(codeOf(httpStatus, status), `Cannot ${what}: ${said} (HTTP ${httpStatus})`, {
    httpStatus,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    ...(status === undefined ? {} : { status }),
  });
}

/**
 * The code for an HTTP status, or for the `code` of a `Status` object.
 *
 * @example codeOf(409, { reason: "AlreadyExists" }) // "alreadyExists"
 */
export function codeOf(httpStatus: number, status?: KubeStatus): KubeErrorCode {
  switch (httpStatus) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "notFound";
    case 409:
      return status?.reason === "AlreadyExists" ? "alreadyExists" : "conflict";
    case 410:
      return "gone";
    case 429:
      return "tooManyRequests";
    default:
      return httpStatus >= 400 && httpStatus < 500 ? "invalid" : "serverError";
  }
}

function parseStatus(text: string): KubeStatus | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && (value as KubeStatus).kind === "Status" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Kubernetes sends whole seconds; the date form of the header is not in use there. */
function retryAfterSeconds(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
