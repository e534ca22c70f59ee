import { isDeepStrictEqual } from "node:util";
import { doNotReconcileLabel } from "../daemons/labels.ts";
import type { Kind, KubeObject } from "../kube/object.ts";
import { type Condition, setCondition } from "../runtime/conditions.ts";
import type { OperatorDependencies } from "./dependencies.ts";
import { patchStatus } from "./patch-status.ts";

/** The reason of its conditions and of its event. */
const reason = "NotReconciled";

/** An object whose status has conditions. */
type Conditioned = KubeObject & { status?: { conditions?: Condition[] | undefined } | undefined };

/**
 * Reports, once, that a user wants an object to be left as it is: the operator does not look at it, so that `Ready` is Unknown. Everything else in
 * its status stays. `inStatus`: fields of the status that hold the message too.
 */
export async function tellNotReconciled<T extends Conditioned>(
  deps: Pick<OperatorDependencies, "kube" | "live" | "clock" | "events">,
  kind: Kind<T>,
  object: T,
  inStatus: readonly (keyof NonNullable<T["status"]> & string)[] = [],
): Promise<void> {
  const { generation = 0, deletionTimestamp } = object.metadata;
  const waits = deletionTimestamp === undefined ? "" : "; it is deleted after that";
  const message = `The label ${doNotReconcileLabel} is set: nothing is done until it is removed${waits}`;
  const old = object.status?.conditions ?? [];
  const said = { reason, message, observedGeneration: generation };
  const now = deps.clock.now();
  const conditions = setCondition(
    setCondition(old, { type: "Progressing", status: "False", ...said }, now),
    { type: "Ready", status: "Unknown", ...said },
    now,
  );
  const fields = Object.fromEntries(inStatus.map((field) => [field, message]));
  const wanted = { ...object.status, ...fields, conditions, observedGeneration: generation };
  if (isDeepStrictEqual({ ...object.status }, wanted)) return;
  if (await patchStatus(deps, kind, object, wanted)) deps.events.record(object, { type: "Normal", reason, message });
}
