import type { CephCommand } from "../../src/ceph/ceph.ts";
import { isMutation } from "../../src/sim/ceph/mutations.ts";
import type { SimObject } from "../../src/sim/kube/sim-object.ts";
import type { CrashWorld } from "./crash-world.ts";
import { maskOf, ownerNameOf } from "./end-state.ts";

/** How often each thing was created, deleted or commanded. */
export type Tally = ReadonlyMap<string, number>;

const left: ReadonlySet<string> = new Set(["Event", "Lease", "ReplicaSet", "CephCluster"]);

/** Counts from now on; the answer tells what there was. */
export function startTally(world: CrashWorld): () => Tally {
  const seen: { readonly what: string; readonly object: SimObject }[] = [];
  world.sim.store.subscribe((resource, { type, object }) => {
    if (type === "modified" || left.has(resource.kind)) return;
    const name = resource.kind === "Pod" ? ownerNameOf(object) : (object.metadata.name ?? "");
    seen.push({ what: `${type} ${resource.kind} ${name}`, object });
  });
  const done: CephCommand[] = [];
  // those that Ceph refused have changed nothing
  world.sim.ceph.intercept((command, when) => {
    if (when === "after" && isMutation(command)) done.push(command);
  });
  return () => {
    const mask = maskOf(world.sim);
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (const { what, object } of seen) count(mask(what, object));
    for (const command of done) count(mask(`ceph ${wordsOf(command)}`));
    return counts;
  };
}

function wordsOf({ prefix, ...more }: CephCommand): string {
  return [
    prefix,
    ...["who", "name", "entity", "module", "username", "code", "id", "uuid"].flatMap((name) =>
      more[name] === undefined ? [] : [String(more[name])],
    ),
  ].join(" ");
}
