/** A status without what no one can know again once it is wiped (when something was so for the first time) and without what changes by itself. */
export function stableStatus(status: unknown): unknown {
  if (Array.isArray(status)) return status.map(stableStatus);
  if (typeof status !== "object" || status === null) return status;
  return Object.fromEntries(
    Object.entries(status)
      .filter(([name]) => !/^last[A-Z]/.test(name) && name !== "capacity" && name !== "previousHealth")
      .map(([name, value]) => [name, stableStatus(value)]),
  );
}
