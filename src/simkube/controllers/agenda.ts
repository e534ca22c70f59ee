import type { Clock } from "../../kube/clock.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import { keyOf } from "./owned.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** What controllers still have to look at, each thing once, in the order in which it came up. */
export interface Agenda {
  /** Puts work on the agenda; instead of work of the same id that waits. */
  mark(id: string, work: () => void): void;
  /** Looks at the object as it is then, if it still is. */
  markObject<T extends KubeObject>(kind: Kind<T>, object: T, look: (now: T) => void): void;
  stop(): void;
}

/** An empty agenda. All that waits is done `reactMs` milliseconds after the first of it came; then `onDone` is called. */
export function createAgenda(options: {
  readonly store: TypedStore;
  readonly clock: Clock;
  readonly reactMs: number;
  readonly onDone: () => void;
}): Agenda {
  const { store, clock, reactMs, onDone } = options;
  const waiting = new Map<string, () => void>();
  let cancel: (() => void) | undefined;

  const drain = (): void => {
    cancel = undefined;
    // what this stirs up is for the next round
    const works = [...waiting.values()];
    waiting.clear();
    for (const work of works) work();
    onDone();
  };
  const mark = (id: string, work: () => void): void => {
    waiting.set(id, work);
    cancel ??= clock.after(reactMs, drain);
  };
  return {
    mark,
    markObject: (kind, object, look) =>
      mark(`${kind.kind} ${object.metadata.uid ?? ""}`, () => {
        const now = store.get(kind, keyOf(object));
        if (now !== undefined && now.metadata.uid === object.metadata.uid) look(now);
      }),
    stop: () => cancel?.(),
  };
}
