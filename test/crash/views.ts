import type { Kind, KubeObject } from "../../src/kube/object.ts";
import type { KubeStore } from "../../src/simkube/api/store.ts";
import type { Fault } from "./fault.ts";

/** What every kind was like at some write. */
interface View {
  readonly version: string;
  readonly byKind: ReadonlyMap<string, readonly KubeObject[]>;
}

/** The old views of the world that an operator may get when it starts again. */
export interface Views {
  /** The operator's nth write is about to come. */
  onWrite(n: number): void;
  /** Whether the view that the fault asks for is known. */
  isTaken(): boolean;
  /** From here on operators that start see the old view. */
  show(): void;
  isShown(): boolean;
  /** What a list shows; undefined where it shows what is. */
  listOf<T extends KubeObject>(kind: Kind<T>): { items: T[]; resourceVersion: string } | undefined;
}

/** How many writes an operator goes on after the write that its next view is as old as. */
export const writesUntilStale = 3;

/** Some write before the nth, another one for each `n`. */
const someBefore = (n: number): number => 1 + (((n * 2_654_435_761) >>> 7) % Math.max(1, n - 1));

/** After which write the view is taken that this fault shows; undefined where it shows none. */
export function viewedWrite(fault: Fault): number | undefined {
  if (fault.type !== "write") return undefined;
  if (fault.how === "stale") return fault.at;
  if (fault.how === "staleAct") return 1;
  return fault.how === "staleBetween" ? someBefore(fault.at) : undefined;
}

/** Views of what `store` has, for one fault. A view shows the world as it was just before the write. */
export function createViews(store: KubeStore, fault: Fault): Views {
  const wanted = viewedWrite(fault);
  let view: View | undefined;
  let isShown = false;
  return {
    onWrite: (n) => {
      if (n === wanted)
        view = {
          version: String(store.version()),
          byKind: new Map(store.resources().map((resource) => [`${resource.apiVersion}/${resource.plural}`, store.list(resource)])),
        };
    },
    isTaken: () => view !== undefined,
    show: () => {
      isShown = true;
    },
    isShown: () => isShown,
    listOf: <T extends KubeObject>(kind: Kind<T>) => {
      const items = isShown ? view?.byKind.get(`${kind.apiVersion}/${kind.plural}`) : undefined;
      return items === undefined || view === undefined ? undefined : { items: [...items] as unknown as T[], resourceVersion: view.version };
    },
  };
}
