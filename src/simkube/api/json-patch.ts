import { applyPatch, type Operation } from "rfc6902";
import { KubeError } from "../../kube/kube-error.ts";

/**
 * RFC 6902, in order; `target` stays as it is. A patch cannot replace or remove the whole object.
 *
 * @throws KubeError `invalid` where an operation cannot be done or a test fails
 * @example jsonPatch({ a: [1] }, [{ op: "add", path: "/a/-", value: 2 }]) // { a: [1, 2] }
 */
export function jsonPatch(target: unknown, operations: readonly unknown[]): unknown {
  const patched = structuredClone(target);
  for (const operation of operations) {
    const why = refusal(patched, operation as Operation);
    if (why !== undefined)
      throw new KubeError("invalid", `the server rejected our request due to an error in our request: ${why}`, {
        httpStatus: 422,
        status: { kind: "Status", code: 422, reason: "Invalid", message: why },
      });
  }
  return patched;
}

/** Does one operation; answers why it could not be done. */
function refusal(target: unknown, operation: Operation): string | undefined {
  try {
    return applyPatch(target, [operation])[0]?.message;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
