import { beforeAll, describe, expect, test } from "@jest/globals";
import { fixtureOf, kindFixtures, oneNodeSpec } from "../../test/kinds/kind-fixtures.ts";
import { createTestWorld, type TestWorld, type TestWorldState } from "../../test/support/test-world.ts";
import type { Kind } from "../kube/object.ts";
import type { CephClusterSpec } from "../schema/ceph-cluster.ts";

const kinds: readonly Kind[] = kindFixtures.map(({ kind }) => kind);

/** Orders in which each kind is the first one with each other as the last; all 120 take too long, and go as well. */
const orders = kinds.flatMap((first) =>
  kinds.flatMap((last) => (first === last ? [] : [[first, ...kinds.filter((kind) => kind !== first && kind !== last), last]])),
);

/** A cluster of one node. */
const options = (spec: CephClusterSpec) => ({
  devices: { node1: ["sdb"] },
  nodes: 1,
  spec: { ...oneNodeSpec, ...spec },
});

/** The kinds of which something is left; and what of it is in Ceph, unless that goes with all its data. */
async function left(world: TestWorld, { cleanupPolicy }: CephClusterSpec): Promise<string[]> {
  const names = await Promise.all(kinds.map((kind) => world.names(kind)));
  const found = kinds.filter((_, index) => names[index]?.length !== 0).map(({ kind }) => kind);
  if (cleanupPolicy !== undefined) return found;
  const { pools = [], entities } = world.ceph.state() ?? {};
  const inCeph = [...pools.map(({ pool_name }) => pool_name), ...(entities?.keys() ?? [])];
  return [...found, ...inCeph.filter((name) => /^(client\.|mds\.)?it\b/.test(name))];
}

describe.each<[string, CephClusterSpec]>([
  ["with all its data", { cleanupPolicy: { confirmation: "yes-really-destroy-data" } }],
  ["and its data stay", {}],
])("objects of all kinds go in any order, where the CephCluster goes %s", (_what, spec) => {
  let made: TestWorldState;

  beforeAll(async () => {
    const world = await createTestWorld(options(spec));
    await world.settle();
    for (const { kind, good } of kindFixtures) if (good !== undefined) await world.kube.create(kind, good);
    await world.settle();
    for (const { kind, key } of kindFixtures) expect(await world.conditionOf(kind, key.name, "Ready")).toMatchObject({ status: "True" });
    expect(await left(world, {})).toEqual(expect.arrayContaining(["CephCluster", "it", "it-metadata", "client.it", "mds.it-a"]));
    made = world.save();
  });

  const remove = (world: TestWorld, kind: Kind) => world.kube.delete(kind, fixtureOf(kind).key);

  test.each(orders.map((order) => [order.map(({ kind }) => kind.replace("Ceph", "")).join(", "), order] as const))(
    "%s",
    async (_order, order) => {
      const world = await createTestWorld({ ...options(spec), from: made });
      for (const kind of order) {
        await remove(world, kind);
        await world.settle();
      }
      expect(await left(world, spec)).toEqual([]);
    },
  );

  test("all at once", async () => {
    const world = await createTestWorld({ ...options(spec), from: made });
    for (const kind of kinds) await remove(world, kind);
    await world.settle();
    expect(await left(world, spec)).toEqual([]);
  });
});
