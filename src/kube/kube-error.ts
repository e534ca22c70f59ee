/** What went wrong with a request, as a closed set; `httpStatus` has the server's number where there was an answer. */
export type KubeErrorCode =
  | "unauthorized" // 401
  | "forbidden" // 403
  | "notFound" // 404
  | "alreadyExists" // 409, reason AlreadyExists
  | "conflict" // 409, every other reason
  | "gone" // 410: the version asked for is too old
  | "invalid" // 400, 422: the object is refused
  | "tooManyRequests" // 429
  | "serverError" // 5xx
  | "unreachable" // no answer: refused, reset, name not found, time-out
  | "aborted"; // the caller's signal

/** Every failure of `Kube`. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly code: KubeErrorCode;
  readonly httpStatus: number | undefined;
  /** Seconds after which the server asks to be tried again. */
  readonly retryAfterSeconds: number | undefined;
  /** The server's `Status` object, where it sent one. */
  readonly status: KubeStatus | undefined;

  constructor(
    code: KubeErrorCode,
    message: string,
    options: { httpStatus?: number; retryAfterSeconds?: number; status?: KubeStatus; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.httpStatus = options.httpStatus;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.status = options.status;
  }

  /** Whether the same request may well succeed a little later. */
  get transient(): boolean {
    return this.code === "tooManyRequests" || this.code === "serverError" || this.code === "unreachable";
  }
}

/** The API server's `Status` kind, as far as it is used. */
export interface KubeStatus {
  kind?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: {
    name?: string;
    uid?: string;
    group?: string;
    kind?: string;
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/**
 * Whether `error` is a `KubeError` of one of these codes.
 *
 * @example
 * try {
 *   await kube.update(ConfigMap, changed);
 * } catch (error) {
 *   if (!isKubeError(error, "conflict")) throw error;
 * }
 */
export function isKubeError(error: unknown, ...codes: KubeErrorCode[]): error is KubeError {
  return error instanceof KubeError && (codes.length === 0 || codes.includes(error.code));
}
