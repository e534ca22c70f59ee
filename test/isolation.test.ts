import { afterEach, describe, expect, test } from "@jest/globals";
import type { CephCommand, CephCommandOptions } from "../src/ceph/ceph.ts";
import { CephError } from "../src/ceph/ceph-error.ts";
import { Deployment } from "../src/kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../src/schema/ceph-cluster.ts";
import { makeCephNamespace } from "../src/simceph/ceph-namespace.ts";
import { type CrashWorld, clusterOf, createCrashWorld } from "./crash/crash-world.ts";

/** How long a pass over one cluster may wait because of others, in milliseconds. */
const longestMs = 5000;

const small: CephClusterSpec = { mon: { count: 1 }, mgr: { count: 1 }, storage: {}, crashCollector: { disable: true } };

/** What each Ceph of the broken clusters does with a command. */
type Fault = (command: CephCommand, options: CephCommandOptions, world: CrashWorld) => Promise<void>;

const hang: Fault = async (command, { timeoutMs = 15_000 }, world) => {
  await world.clock.sleep(timeoutMs);
  throw new CephError("timedOut", command.prefix, "no answer");
};

const faults: readonly (readonly [string, Fault])[] = [
  ["answers nothing at all", hang],
  [
    "tells its status and answers nothing else",
    async (command, ...more) => (command.prefix === "status" ? undefined : hang(command, ...more)),
  ],
  ["fails whatever it is asked", (command) => Promise.reject(new CephError("EIO", command.prefix, "disk I/O error"))],
];

describe("a cluster beside broken ones", () => {
  let world: CrashWorld;

  afterEach(() => world.stopOperators());

  /** A cluster named `healthy` and `count` others, all of them Ready, whose Cephs then break. */
  async function breakOthers(count: number, fault: Fault): Promise<void> {
    world = createCrashWorld({ fault: { type: "none" } });
    world.startOperator();
    const names = ["healthy", ...Array.from({ length: count }, (_, n) => `broken${n + 1}`)];
    for (const name of names) {
      makeCephNamespace(world.user, name);
      world.user.create(CephCluster, {
        ...clusterOf({ ...small, dataDirHostPath: `/var/lib/${name}` }),
        metadata: { namespace: name, name },
      });
    }
    expect(await world.settle(20_000)).toBe(true);
    for (const name of names)
      expect(world.user.get(CephCluster, { namespace: name, name })?.status?.message).toMatch(/^Cluster created successfully/);
    world.sim.ceph.intercept(async (command, when, options, { namespace }) => {
      if (namespace.startsWith("broken") && when === "before") await fault(command, options, world);
    });
    // something to do for each of them, so that their passes are under way
    for (const name of names.slice(1)) edit(name, "1Gi");
    await world.clock.advance(90_000);
  }

  function edit(name: string, memory: string): void {
    const cluster = world.user.get(CephCluster, { namespace: name, name });
    if (cluster !== undefined)
      world.user.change(CephCluster, cluster, (c) => ({ ...c, spec: { ...c.spec, resources: { mgr: { requests: { memory } } } } }));
  }

  /** Milliseconds from an edit of the healthy one to what follows from it. */
  async function reactionMs(memory: string): Promise<number> {
    const began = world.clock.now();
    edit("healthy", memory);
    const isDone = () =>
      world.user.get(Deployment, { namespace: "healthy", name: "rook-ceph-mgr-a" })?.spec?.template.spec?.containers[0]?.resources
        ?.requests?.["memory"] === memory;
    while (!isDone() && world.clock.now() - began < 60_000) await world.clock.advance(100);
    return world.clock.now() - began;
  }

  test.each(faults.flatMap(([name, fault]) => [1, 20].map((count) => [name, count, fault] as const)))(
    "goes on where a Ceph %s, and so do %i of them",
    async (_name, count, fault) => {
      await breakOthers(count, fault);

      const reactions: number[] = [];
      for (let turn = 1; turn <= 10; turn += 1) {
        reactions.push(await reactionMs(`${turn}Mi`));
        // not in step with anybody's timer
        await world.clock.advance(3700);
      }

      expect(Math.max(...reactions)).toBeLessThan(longestMs);
    },
  );
});
