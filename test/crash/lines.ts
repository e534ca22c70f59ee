/** A JSON value as lines `path: value`, one for each leaf, in order: elements of a list go by their name or type where they have one. */
export function linesOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${path}: []`];
    const names = value.map(nameOf);
    const isNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length;
    const elements = value.map((element, index): readonly [string, unknown] => [isNamed ? (names[index] ?? "") : String(index), element]);
    // a list of named things has no order that counts
    if (isNamed) elements.sort(([a], [b]) => (a < b ? -1 : 1));
    return elements.flatMap(([name, element]) => linesOf(element, `${path}[${name}]`));
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    if (fields.length === 0) return [`${path}: {}`];
    return fields.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, field]) => linesOf(field, path === "" ? name : `${path}.${name}`));
  }
  return [`${path}: ${typeof value === "string" && !/[\n\\]|^[\d"[{]|^(true|false|null)$|^$/.test(value) ? value : JSON.stringify(value)}`];
}

function nameOf(element: unknown): string | undefined {
  if (typeof element !== "object" || element === null) return undefined;
  const { name, type } = element as { name?: unknown; type?: unknown };
  return typeof name === "string" ? name : typeof type === "string" ? type : undefined;
}

/** `spec.replicas` of `spec.replicas: 3`. */
export function pathOf(line: string): string {
  const colon = line.indexOf(": ");
  return colon < 0 ? line : line.slice(0, colon);
}
