/** Why a command failed: Ceph's own errno by name (`ENOENT`, `EBUSY`…), or one of the three that are not Ceph's. */
export type CephErrorCode = CephErrno | "timedOut" | "unreachable" | "aborted";

export type CephErrno =
  | "EPERM"
  | "ENOENT"
  | "EIO"
  | "EAGAIN"
  | "EACCES"
  | "EBUSY"
  | "EEXIST"
  | "EINVAL"
  | "ENOTEMPTY"
  | "EOPNOTSUPP"
  | "ENOTSUP"
  | "ERANGE"
  | "ENOSPC"
  | "EUNKNOWN";

/** Every failure of `Ceph`. The message is Ceph's own where it gave one; it never holds a key. */
export class CephError extends Error {
  override readonly name = "CephError";
  readonly code: CephErrorCode;
  /** The words of the command that failed. */
  readonly prefix: string;
  /** Ceph's own words, without the command and the code. */
  readonly words: string;
  readonly #answer: unknown;

  constructor(code: CephErrorCode, prefix: string, message: string, options: { cause?: unknown; answer?: unknown } = {}) {
    super(`ceph ${prefix}: ${message} (${code})`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.prefix = prefix;
    this.words = message;
    this.#answer = options.answer;
  }

  /** What Ceph answered although it refused, where that was JSON: `osd ok-to-stop` tells which PGs it is about. Not in logs. */
  get answer(): unknown {
    return this.#answer;
  }

  /** Whether the cluster did not answer at all, which a forming or lost quorum looks like. */
  get unanswered(): boolean {
    return this.code === "timedOut" || this.code === "unreachable";
  }
}

/** Whether `error` is a `CephError` of one of these codes. */
export function isCephError(error: unknown, ...codes: CephErrorCode[]): error is CephError {
  return error instanceof CephError && (codes.length === 0 || codes.includes(error.code));
}

const errnoNames: Readonly<Record<number, CephErrno>> = {
  1: "EPERM",
  2: "ENOENT",
  5: "EIO",
  11: "EAGAIN",
  13: "EACCES",
  16: "EBUSY",
  17: "EEXIST",
  22: "EINVAL",
  28: "ENOSPC",
  34: "ERANGE",
  39: "ENOTEMPTY",
  95: "EOPNOTSUPP",
};

/** Linux's errno (positive) by name, as Ceph returns it negated. */
export function errnoName(errno: number): CephErrno {
  return errnoNames[errno] ?? "EUNKNOWN";
}
