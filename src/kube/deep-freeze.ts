/**
 * Freezes a value with all that is in it, and answers it; what is frozen already is not gone through again.
 *
 * @example const defaults = deepFreeze({ replicas: 1, labels: { app: "web" } });
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}
