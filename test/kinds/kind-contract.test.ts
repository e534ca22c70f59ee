import { beforeAll, describe, expect, test } from "@jest/globals";
import { operatorKinds } from "../../src/kinds/index.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import type { OperatorKind } from "../../src/resource/operator-kind.ts";
import type { Condition } from "../../src/runtime/conditions.ts";
import { createTestWorld, type TestWorld, type TestWorldState } from "../support/test-world.ts";
import { fixtureOf, kindFixtures, oneNodeSpec } from "./kind-fixtures.ts";

const options = { devices: { node1: ["sdb"] }, nodes: 1, spec: oneNodeSpec };
const doNotReconcile = "ceph.rook.io/do-not-reconcile";

/**
 * What a kind does again that has lost its status. How a group is spread over MDSs only an MDS could tell, which librados cannot ask; to spread
 * it in each pass would be a write every 30 s for each group.
 */
const tellsByStatus: ReadonlyMap<string, readonly string[]> = new Map([["CephFilesystemSubVolumeGroup", ["fs subvolumegroup pin"]]]);

/** Makes an object of the kind, and what it needs before; the CephCluster is there. */
async function make(world: TestWorld, kind: Kind): Promise<void> {
  const { good, needs } = fixtureOf(kind);
  for (const needed of needs) await make(world, needed);
  if (good !== undefined) await world.kube.create(kind, good);
  await world.settle();
}

test("each fixture is of a kind that the operator reconciles", () => {
  expect(kindFixtures.map(({ kind }) => kind.kind).sort()).toEqual(operatorKinds.map(({ kind }) => kind.kind).sort());
});

// what each kind does, whatever it is about: a new one needs a fixture, and no test of its own for these
describe.each(operatorKinds.map((operatorKind) => [operatorKind.kind.kind, operatorKind] as const))("a %s", (_name, operatorKind) => {
  let made: TestWorldState;
  beforeAll(async () => {
    const world = await createTestWorld(options);
    await world.settle();
    await make(world, operatorKind.kind);
    made = world.save();
  });

  /** A world of its own for each test, at rest and with a Ready object. */
  const readyScene = async () => createScene(await createTestWorld({ ...options, from: made }), operatorKind);

  test("comes to be Ready, holds itself by one finalizer, and is let go when it is deleted", async () => {
    const scene = await readyScene();
    const { metadata, status } = (await scene.object()) ?? {};
    const finalizers = [`${operatorKind.kind.kind.toLowerCase()}.ceph.rook.io`];
    expect(metadata?.finalizers).toEqual(finalizers);
    expect(status).toMatchObject({ phase: "Ready", observedGeneration: metadata?.generation });
    expect(await scene.condition("Ready")).toMatchObject({ status: "True" });
    expect(await scene.condition("Progressing")).toMatchObject({ status: "False" });

    await scene.remove();
    expect((await scene.object())?.metadata).toMatchObject({ uid: metadata?.uid, deletionTimestamp: expect.any(String), finalizers });
    await scene.world.settle();
    expect(await scene.object()).toBeUndefined();
  });

  test("is left as it is by a further pass, which writes nothing", async () => {
    const { world, change, condition, pass, forget, done } = await readyScene();
    await pass();
    expect(done()).toEqual({ writes: [], commands: [], events: [] });

    await change(fixtureOf(operatorKind.kind).change);
    await world.settle();
    expect(await condition("Ready")).toMatchObject({ status: "True" });
    const events = world.events().length;
    forget();
    await pass();
    expect(done()).toMatchObject({ writes: [], commands: [] });
    expect(world.events()).toHaveLength(events);
  });

  test("does the same whatever its status says, but for what Ceph does not tell", async () => {
    const { wipeStatus, condition, pass, forget, done } = await readyScene();
    await wipeStatus();
    forget();

    for (let n = 0; n < 3; n += 1) await pass();

    expect(await condition("Ready")).toMatchObject({ status: "True" });
    expect(done()).toMatchObject({ writes: ["patch status"], commands: tellsByStatus.get(operatorKind.kind.kind) ?? [] });
  });

  test("names the fields without effect in its status and in one event", async () => {
    const { withoutEffect } = fixtureOf(operatorKind.kind);
    const { world, change, condition, pass, eventsOf } = await readyScene();

    await change(withoutEffect.spec);
    await world.settle();
    await pass();

    const { status, message } = (await condition("Ready")) ?? {};
    expect(status).toBe("True");
    expect(message?.split("; ").at(-1)).toBe(`not yet supported and without effect: ${withoutEffect.fields}`);
    expect(eventsOf("NotYetSupported")).toEqual([
      {
        type: "Warning",
        reason: "NotYetSupported",
        message: `These fields of the spec are not yet supported and have no effect: ${withoutEffect.fields}`,
      },
    ]);
  });

  test("is left alone while it has the label do-not-reconcile, and says so in one event", async () => {
    const { world, label, change, condition, pass, forget, done } = await readyScene();
    await label("true");
    await change(fixtureOf(operatorKind.kind).change);
    forget();

    for (let n = 0; n < 3; n += 1) await pass();

    const told = {
      reason: "NotReconciled",
      message: `The label ${doNotReconcile} is set: nothing is done until it is removed`,
    };
    expect(await condition("Ready")).toMatchObject({ status: "Unknown", ...told });
    expect(await condition("Progressing")).toMatchObject({ status: "False", ...told });
    expect(done()).toEqual({ writes: ["patch status"], commands: [], events: [{ type: "Normal", ...told }] });

    // there was something to do
    await label(null);
    forget();
    await world.settle();
    expect(await condition("Ready")).toMatchObject({ status: "True" });
    expect([...done().writes.filter((write) => write !== "patch status"), ...done().commands]).not.toEqual([]);
  });

  test("does nothing for a spec that cannot be, but names the field", async () => {
    const { spec, field } = fixtureOf(operatorKind.kind).bad;
    const { change, condition, pass, forget, done } = await readyScene();
    await change(spec);
    forget();

    for (let n = 0; n < 3; n += 1) await pass();

    expect(await condition("Ready")).toMatchObject({
      status: "False",
      reason: "InvalidSpec",
      message: expect.stringContaining(`spec.${field} is `),
    });
    expect(done()).toMatchObject({ writes: ["patch status"], commands: [], events: [{ type: "Warning" }] });
  });
});

type Told = KubeObject & { status?: { conditions?: Condition[] } };

/** What a test of the contract does with the kind's object, and sees. */
function createScene(world: TestWorld, operatorKind: OperatorKind) {
  const { kind } = operatorKind;
  const { key } = fixtureOf(kind);
  const object = (): Promise<Told | undefined> => world.kube.get(kind, key);
  return {
    world,
    object,
    condition: async (type: string) => (await object())?.status?.conditions?.find((each) => each.type === type),
    change: (spec: object) => world.kube.mergePatch(kind, key, { spec }),
    label: (value: string | null) => world.kube.mergePatch(kind, key, { metadata: { labels: { [doNotReconcile]: value } } }),
    remove: () => world.kube.delete(kind, key),
    wipeStatus: () => world.kube.mergePatch(kind, key, { status: null }, { subresource: "status" }),
    /** One pass over the object alone. */
    pass: () => operatorKind.createReconciler(world.dependencies).reconcile(key, new AbortController().signal),
    eventsOf: (reason: string) => world.events().filter((note) => note.reason === reason),
    /** Begins to look at what the operator does. */
    forget: () => {
      world.kube.clearWrites();
      world.ceph.clearCommands();
    },
    /** What the operator has done: `patch status` is a write of the object's own status. */
    done: () => ({
      writes: world.kube
        .writes()
        .map(({ verb, subresource, ...of }) =>
          [verb, subresource, ...(of.kind === kind.kind && of.name === key.name ? [] : [of.kind, of.name])].filter(Boolean).join(" "),
        ),
      commands: world.ceph.mutations().map(({ prefix }) => prefix),
      events: world.events(),
    }),
  };
}
