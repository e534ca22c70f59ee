import type { SimObject } from "./sim-object.ts";

/** One change to an object, as a watch tells it. The object must not be changed. */
export interface Change {
  readonly version: number;
  readonly type: "added" | "modified" | "deleted";
  readonly object: SimObject;
  /** What it was before; absent where it was added. */
  readonly before?: SimObject;
}

/** Changes to one collection, the oldest first, as far back as they are kept. */
export interface ChangeLog {
  add(change: Change): void;
  /** Changes after a version; undefined where some of them are forgotten. */
  since(version: number): readonly Change[] | undefined;
  /** Forgets everything up to this version. */
  compact(version: number): void;
}

/** A log that keeps at least `keep` changes. */
export function createChangeLog(keep: number): ChangeLog {
  let changes: Change[] = [];
  /** Of the newest change that is forgotten. */
  let forgotten = 0;
  return {
    add(change) {
      changes.push(change);
      if (changes.length < keep * 2) return;
      forgotten = changes[keep - 1]?.version ?? forgotten;
      changes = changes.slice(keep);
    },
    since(version) {
      if (version < forgotten) return undefined;
      let low = 0;
      let high = changes.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((changes[middle]?.version ?? 0) <= version) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? changes : changes.slice(low);
    },
    compact(version) {
      forgotten = Math.max(forgotten, version);
      changes = changes.filter((change) => change.version > version);
    },
  };
}
