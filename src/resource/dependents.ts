/** What keeps an object from being removed. */
export interface Dependents {
  /** What they are, in the plural where it is no kind: `images`, `CephFilesystemSubVolumeGroup`. */
  readonly what: string;
  readonly count: number;
  /** Their names, where they have some; not necessarily all. */
  readonly names: readonly string[];
}

/** `CephBlockPool: [a b] (2)`, `images: 3`. */
export function sayDependents({ what, count, names }: Dependents): string {
  return names.length === 0 ? `${what}: ${count}` : `${what}: [${names.slice(0, 10).join(" ")}${names.length > 10 ? " …" : ""}] (${count})`;
}
