/** One condition of an object's status, in Kubernetes' own shape. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  /** UpperCamelCase. */
  reason?: string | undefined;
  /** A sentence for people. */
  message?: string | undefined;
  /** The `metadata.generation` that this was found for. */
  observedGeneration?: number | undefined;
  /** When `status` last changed, RFC 3339 in whole seconds. */
  lastTransitionTime?: string | undefined;
}

/** What a pass has to say about one condition. */
export type ConditionUpdate = Omit<Condition, "lastTransitionTime">;

/**
 * The conditions with one of them set. Its `lastTransitionTime` moves only when its status changes. Answers the very same array
 * where nothing changes.
 *
 * @param now Milliseconds since 1970.
 * @example
 * const update: ConditionUpdate = { type: "Ready", status: "True", reason: "Written", message: "The ConfigMap is written." };
 * const conditions = setCondition(object.status?.conditions ?? [], update, clock.now());
 */
export function setCondition<C extends Condition>(conditions: C[], update: ConditionUpdate, now: number): C[] {
  const old = conditions.find((condition) => condition.type === update.type);
  if (old !== undefined && old.lastTransitionTime !== undefined && saysTheSame(old, update)) return conditions;
  const keepsTime = old?.lastTransitionTime !== undefined && old.status === update.status;
  const lastTransitionTime = keepsTime ? old.lastTransitionTime : rfc3339Seconds(now);
  // Every C is a Condition with, at most, further optional fields, which stay as they were.
  const next = { ...old, ...update, lastTransitionTime } as unknown as C;
  return old === undefined ? [...conditions, next] : conditions.map((condition) => (condition === old ? next : condition));
}

function saysTheSame(old: Condition, update: ConditionUpdate): boolean {
  return (
    old.status === update.status &&
    old.reason === update.reason &&
    old.message === update.message &&
    old.observedGeneration === update.observedGeneration
  );
}

function rfc3339Seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
