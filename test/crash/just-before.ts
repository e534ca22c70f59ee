import type { FakeKube } from "../../src/simkube/api/fake-kube.ts";
import type { FakeWrite } from "../../src/simkube/api/fake-writes.ts";
import type { CrashWorld } from "./crash-world.ts";

interface Waiting {
  readonly what: (write: FakeWrite) => boolean;
  readonly act: () => void;
}

/** What is still to happen, by the API server that it happens at. */
const waiting = new WeakMap<FakeKube, Waiting[]>();

/**
 * Somebody else acts between an operator's look and its write: right before the first write that `what` accepts, once. In a run without such a
 * write nothing happens.
 */
export function justBefore({ kube }: CrashWorld, what: Waiting["what"], act: () => void): void {
  const known = waiting.get(kube);
  const list = known ?? [];
  list.push({ what, act });
  if (known !== undefined) return;
  waiting.set(kube, list);
  kube.intercept((write) => {
    const due = list.filter((each) => each.what(write));
    for (const each of due) list.splice(list.indexOf(each), 1);
    for (const each of due) each.act();
    return undefined;
  });
}
