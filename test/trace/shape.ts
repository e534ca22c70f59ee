/** Fields of Ceph's answers whose names are data: versions, health checks, capabilities… */
const open: ReadonlySet<string> = new Set([
  "checks",
  "caps",
  "services",
  "mon",
  "mgr",
  "osd",
  "overall",
  "pool_weights",
  "application_metadata",
  "progress_events",
  "versions",
]);

/**
 * Where `simulated` says what `real` does not: a field that is not there, or is of another type. Lists are compared by their first
 * elements; what the real one says beyond that is not asked of the simulated one.
 */
export function misfits(simulated: unknown, real: unknown, path = "answer"): string[] {
  if (simulated === null || real === null || simulated === undefined) return [];
  if (typeof simulated !== typeof real || Array.isArray(simulated) !== Array.isArray(real))
    return [`${path} is ${typeOf(simulated)}, not ${typeOf(real)}`];
  if (Array.isArray(simulated) && Array.isArray(real))
    return simulated.length === 0 || real.length === 0 ? [] : misfits(simulated[0], real[0], `${path}[0]`);
  if (typeof simulated !== "object" || typeof real !== "object") return [];
  const other = real as Readonly<Record<string, unknown>>;
  const isOpen = open.has(path.split(".").at(-1) ?? "");
  return Object.entries(simulated).flatMap(([name, value]) =>
    name in other ? misfits(value, other[name], `${path}.${name}`) : isOpen ? [] : [`${path}.${name} is not in Ceph's answer`],
  );
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : typeof value;
}
