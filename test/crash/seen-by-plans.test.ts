import { expect, test } from "@jest/globals";
import { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import { Deployment, Event, Pod, Secret } from "../../src/kube/kinds.ts";
import { cephIdentity } from "../../src/resource/ceph-identity.ts";
import { differences } from "./compare.ts";
import { type CrashWorld, clusterKey } from "./crash-world.ts";
import type { Fault } from "./fault.ts";
import { createGoldenFiles } from "./golden-files.ts";
import { runPlan } from "./run-plan.ts";
import { edit, label, spoiledEnds } from "./spoiled-ends.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

const { namespace } = clusterKey;
const golden = createGoldenFiles(new URL("./golden", import.meta.url).pathname);

const noFault: Fault = { type: "none" };

/** What the plans say of a workload in whose end somebody does `spoil`; the operators have been stopped, unless they are to stay. */
async function saidOf(
  name: string,
  spoil: (world: CrashWorld) => void,
  { fault = noFault, keepsOperators = false }: { readonly fault?: Fault; readonly keepsOperators?: boolean } = {},
) {
  const workload = workloads.find((each) => each.name === name);
  const wanted = await golden.read(name);
  if (workload === undefined || wanted === undefined) throw new Error(`there is no workload ${name}, or no golden file of it`);
  const spoiled: Workload = {
    ...workload,
    act: (world) => {
      workload.act(world);
      world.clock.after(15_000, () => {
        if (!keepsOperators) world.stopOperators();
        spoil(world);
      });
    },
  };
  return differences(workload, wanted, await runPlan(spoiled, fault), fault);
}

test.each(spoiledEnds)("%s: %s is seen", async (_row, _what, workload, spoil, said) => {
  expect(await saidOf(workload, spoil)).toContainEqual(expect.stringMatching(said));
});

const clientKey = { namespace, name: "images" };

/** What an operator does too often. */
const tooOften: readonly (readonly [row: string, what: string, act: (world: CrashWorld) => void, said: RegExp])[] = [
  [
    "M1",
    "an event with every pass",
    (world) => {
      const { kube } = world.operatorsWaist();
      void kube.create(Event, {
        ...{
          apiVersion: "v1",
          kind: "Event",
          metadata: { namespace, name: "images.more" },
          type: "Normal",
          reason: "Again",
          message: "Again.",
        },
        involvedObject: { kind: "CephClient", ...clientKey },
      });
    },
    /events, Normal Again of CephClient images: Again\.: 1 instead of 0/,
  ],
  [
    "M13",
    "a status that is written on and on",
    (world) => {
      const { kube } = world.operatorsWaist();
      for (let n = 0; n < 50; n += 1)
        void kube.mergePatch(CephClient, clientKey, { status: { phase: "Ready" } }, { subresource: "status" });
    },
    /requests, patch status of CephClient images: 51 instead of 1/,
  ],
  [
    "M13",
    "a hot loop of reads",
    (world) => {
      const { kube } = world.operatorsWaist();
      for (let n = 0; n < 50; n += 1) void kube.get(Secret, { namespace, name: "rook-ceph-mon" });
    },
    /reads, get Secret: \d+ instead of \d+/,
  ],
  [
    "M13",
    "a command that Ceph refuses",
    (world) => void commandAs(world, { prefix: "osd pool set", pool: "none", var: "size", val: "2" }).catch(() => {}),
    /refusals, ceph osd pool set pool=none .*: 1 instead of 0/,
  ],
  [
    "M13",
    "the wrong pool is changed",
    (world) => void commandAs(world, { prefix: "osd pool set", pool: ".mgr", var: "size", val: "2" }),
    /ceph osd pool set pool=\.mgr val=2 var=size: 1 times instead of 0/,
  ],
  [
    "M14",
    "an end that comes later",
    (world) => edit(world, Pod, "rook-ceph-mon-a", label("mgr_role", "standby")),
    /it ends after \d+ ms instead of \d+/,
  ],
];

/** As the operator's user. */
async function commandAs(world: CrashWorld, command: { prefix: string; [name: string]: string | boolean }): Promise<unknown> {
  const { kube, connect } = world.operatorsWaist();
  const identity = await cephIdentity(kube, namespace, world.user.list(Deployment, namespace));
  if (identity === undefined) throw new Error("there is no way to Ceph");
  return connect().connect(identity).command(command);
}

test.each(tooOften)("%s: %s is seen", async (_row, _what, act, said) => {
  expect(await saidOf("create-client", act, { keepsOperators: true })).toContainEqual(expect.stringMatching(said));
});

test("M15: what two operators do twice is seen", async () => {
  const twice = (world: CrashWorld) => void commandAs(world, { prefix: "osd pool set", pool: ".mgr", var: "size", val: "2" });
  const said = await saidOf("create-client", twice, { fault: { type: "twoOperators" }, keepsOperators: true });
  expect(said).toContainEqual(expect.stringMatching(/ceph osd pool set pool=\.mgr .*: 1 times instead of 0/));
});

test("M0: a golden end that says otherwise is seen in every plan", async () => {
  const workload = workloads.find(({ name }) => name === "create-client");
  const wanted = await golden.read("create-client");
  if (workload === undefined || wanted === undefined) throw new Error("there is no workload create-client");
  const outcome = await runPlan(workload, { type: "write", how: "kill", at: 1 });
  expect(differences(workload, wanted, outcome, { type: "write", how: "kill", at: 1 })).toEqual([]);
  const other = { ...wanted, end: new Map([...wanted.end].filter(([thing]) => thing !== "Secret rook-ceph/rook-ceph-client-images")) };
  expect(differences(workload, other, outcome, { type: "write", how: "kill", at: 1 })).toEqual([
    "Secret rook-ceph/rook-ceph-client-images is there in the end",
  ]);
});

test("M16: what may differ leaves nearly all of each end to be compared", async () => {
  for (const { name, mayDiffer } of workloads) {
    // whether a Ceph ever came to be may depend on the fault
    const things = [...((await golden.read(name))?.end.keys() ?? [])].filter((thing) => !thing.startsWith("Ceph's "));
    const open = things.filter((what) => mayDiffer?.test(what) === true);
    expect({ name, open, isWide: open.length * 10 > things.length }).toEqual({ name, open, isWide: false });
  }
});
