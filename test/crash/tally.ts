import type { CephCommand } from "../../src/ceph/ceph.ts";
import { isMutation } from "../../src/ceph/is-mutation.ts";
import { parseKeyring } from "../../src/ceph/keyring.ts";
import { Node } from "../../src/kube/kinds.ts";
import type { SimState } from "../../src/simceph/sim-state.ts";
import type { SimObject } from "../../src/simkube/api/sim-object.ts";
import type { CrashWorld } from "./crash-world.ts";
import { thingOf } from "./end-state.ts";
import { createMask, pinnedTo } from "./mask.ts";

/** How often each thing was done. */
export type Counts = ReadonlyMap<string, number>;

/** What was done in a run. */
export interface Tally {
  /** Creations, deletions, writes to disks, and commands that changed something in Ceph: alike in every plan. */
  readonly deeds: Counts;
  /** Other requests to Kubernetes that write, commands that changed nothing, reads, refusals and events: alike without a fault. */
  readonly efforts: Readonly<Record<Effort, Counts>>;
}

/** What an operator may do more of after a fault, within bounds. */
export const effortKinds = ["requests", "commands without effect", "reads", "refusals", "events"] as const;
export type Effort = (typeof effortKinds)[number];

const left: ReadonlySet<string> = new Set(["Event", "Lease", "ReplicaSet"]);

/** Counts from now on; the answer tells what there was. */
export function startTally(world: CrashWorld): () => Tally {
  /** Nodes that were no more for a while. */
  const gone = new Set<string | undefined>();
  const seen: { readonly what: string; readonly object: SimObject }[] = [];
  const disksBefore = world.sim.disks.writes().length;
  world.sim.store.subscribe((resource, { type, object }) => {
    if (resource.kind === Node.kind && type === "deleted") gone.add(object.metadata.labels?.[hostnameLabel]);
    if (type === "modified" || left.has(resource.kind)) return;
    seen.push({ what: `${type} ${thingOf(resource.kind, object)}`, object });
  });
  const commands = watchCommands(world);
  return () => {
    const mask = createMask(world.sim);
    const { writes, refusedWrites, refusedCommands, reads, events } = world.journal.entries();
    const { effective, idle } = commands();
    const disks = world.sim.disks.writes().slice(disksBefore);
    return {
      deeds: countOf([
        // a Pod for a node that is no more is made again and taken away until its Deployment goes; how often depends on who is faster
        ...seen.filter(({ object }) => !gone.has(pinnedTo(object) ?? "")).map(({ what, object }) => mask.object(what, object)),
        ...effective.map((said) => mask.text(said)),
        ...disks.map(({ node, disk, before, after }) => `disk ${node}/dev/${disk} from ${before.type} to ${after.type}`),
      ]),
      efforts: {
        requests: countOf(writes.map(({ verb, kind, name }) => mask.text(`${verb} ${kind} ${withoutChance(kind, name)}`))),
        "commands without effect": countOf(idle.map((said) => mask.text(said))),
        reads: new Map([...reads].sort(([a], [b]) => (a < b ? -1 : 1))),
        refusals: countOf([
          ...refusedWrites.map(({ verb, kind, name, code }) => mask.text(`${verb} ${kind} ${withoutChance(kind, name)}: ${code}`)),
          ...refusedCommands.map(({ code, ...command }) => mask.text(`${wordsOf(command as CephCommand, undefined)}: ${code}`)),
        ]),
        events: countOf(events.map((said) => mask.text(said).replace(/\.[0-9a-f]{16}$/, ""))),
      },
    };
  };
}

/** Commands that Ceph took: those that changed something, and those that did not. */
function watchCommands(world: CrashWorld): () => { effective: readonly string[]; idle: readonly string[] } {
  const effective: string[] = [];
  const idle: string[] = [];
  const { ceph } = world.sim;
  ceph.surround((command, { input }, run) => {
    if (!isMutation(command)) return run();
    // what its Pods have brought about is not what the command does
    void ceph
      .admin()
      .command({ prefix: "fsid" })
      .catch(() => {});
    const before = fingerprint(ceph.states());
    const answer = run();
    (fingerprint(ceph.states()) === before ? idle : effective).push(wordsOf(command, input));
    return answer;
  });
  return () => ({ effective, idle });
}

const counters: ReadonlySet<string> = new Set([
  "seen",
  "monEpoch",
  "mgrEpoch",
  "osdEpoch",
  "electionEpoch",
  "osdEpochs",
  "osdsChangedAt",
  "monsChangedAt",
  "changedAt",
  "epoch",
]);

/** All that a cluster knows, but counters and times that any command moves. */
function fingerprint(states: readonly SimState[]): string {
  return JSON.stringify(states, (key, value: unknown) => {
    if (counters.has(key)) return undefined;
    return isIterable(value) ? [...value] : value;
  });
}

/** A Map or a Set, of whatever realm. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Symbol.iterator in value;
}

function countOf(what: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const each of [...what].sort()) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

const hostnameLabel = "kubernetes.io/hostname";

/** Names of Pods and of events end by chance. */
function withoutChance(kind: string, name: string): string {
  if (kind === "Event") return name.replace(/\.[0-9a-f]{16}$/, "");
  return kind === "Pod" ? name.replace(/(-[0-9a-f]{10})?-[0-9a-f]{5}$/, "") : name;
}

/** `ceph osd pool set pool=images var=size val=3`: the words, and every argument but what is chance or a secret. */
function wordsOf({ prefix, ...more }: CephCommand, input: string | undefined): string {
  const said = Object.entries(more)
    .filter(([name, value]) => value !== undefined && name !== "format")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${String(value)}`);
  // whose keys they are
  const entities = prefix.startsWith("auth") && input !== undefined ? parseKeyring(input).map(({ entity }) => entity) : [];
  return [`ceph ${prefix}`, ...said, ...entities].join(" ");
}
