import type { CephCommand } from "../../src/ceph/ceph.ts";
import { isMutation } from "../../src/ceph/is-mutation.ts";
import { Node } from "../../src/kube/kinds.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import type { CrashWorld } from "./crash-world.ts";
import { maskOf, ownerNameOf } from "./end-state.ts";

/** How often each thing was created, deleted or commanded. */
export type Tally = ReadonlyMap<string, number>;

const left: ReadonlySet<string> = new Set(["Event", "Lease", "ReplicaSet", "CephCluster"]);

/** Counts from now on; the answer tells what there was. */
export function startTally(world: CrashWorld): () => Tally {
  /** Nodes that were no more for a while. */
  const gone = new Set<string | undefined>();
  const seen: { readonly what: string; readonly object: SimObject }[] = [];
  world.sim.store.subscribe((resource, { type, object }) => {
    if (resource.kind === Node.kind && type === "deleted") gone.add(object.metadata.labels?.[hostnameLabel]);
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
    // a Pod for a node that is no more is made again and taken away until its Deployment goes; how often depends on who is faster
    for (const { what, object } of seen) if (!gone.has(pinnedTo(object))) count(mask(what, object));
    for (const command of done) count(mask(`ceph ${wordsOf(command)}`));
    return counts;
  };
}

const hostnameLabel = "kubernetes.io/hostname";

/** Hostname of the node that a Pod cannot leave; nothing where it can. */
function pinnedTo(object: SimObject): string {
  const hostname = object["kind"] === "Pod" ? fieldsOf(fieldsOf(object["spec"])["nodeSelector"])[hostnameLabel] : undefined;
  return typeof hostname === "string" ? hostname : "";
}

function wordsOf({ prefix, ...more }: CephCommand): string {
  return [
    prefix,
    ...["who", "name", "entity", "module", "username", "code", "id", "uuid"].flatMap((name) =>
      more[name] === undefined ? [] : [String(more[name])],
    ),
  ].join(" ");
}
