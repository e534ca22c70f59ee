import { cleanObject } from "./clean-object.ts";
import type { DeleteOutcome } from "./delete-outcome.ts";
import type { Send } from "./http-sender.ts";
import { isObjectAbsent } from "./is-object-absent.ts";
import type { DeleteOptions } from "./kube.ts";
import type { KubeStatus } from "./kube-error.ts";
import { nameRequest } from "./name-request.ts";
import type { Kind, KubeObject, ObjectKey } from "./object.ts";
import { objectPath } from "./request-path.ts";

/**
 * Deletes an object and answers what became of it; an absent one is no error.
 *
 * @throws KubeError
 * @example const outcome = await httpDelete(send, Pod, { namespace: "default", name: "web" }, { gracePeriodSeconds: 0 });
 */
export async function httpDelete<T extends KubeObject>(
  send: Send,
  kind: Kind<T>,
  key: ObjectKey,
  { uid, resourceVersion, propagationPolicy, gracePeriodSeconds }: DeleteOptions = {},
): Promise<DeleteOutcome<T>> {
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy,
    gracePeriodSeconds,
    preconditions: uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion },
  };
  const request = {
    method: "DELETE" as const,
    path: objectPath(kind, key),
    body: JSON.stringify(body),
    what: nameRequest("delete", kind, key),
  };
  try {
    return outcomeOf(kind, (await send("delete", kind, request)) as KubeStatus | T);
  } catch (error) {
    if (isObjectAbsent(error)) return { type: "absent" };
    throw error;
  }
}

/** The server answers with a `Status` or with the object, as it was or as it is now, by kind and by what holds it up. */
function outcomeOf<T extends KubeObject>(kind: Kind<T>, answer: KubeStatus | T): DeleteOutcome<T> {
  if ("metadata" in answer && answer.kind !== "Status") {
    const object = cleanObject(kind, answer);
    if (object.metadata.deletionTimestamp !== undefined) return { type: "terminating", object };
    return object.metadata.uid === undefined ? { type: "gone" } : { type: "gone", uid: object.metadata.uid };
  }
  const uid = (answer as KubeStatus).details?.uid;
  return uid === undefined ? { type: "gone" } : { type: "gone", uid };
}
