import { beforeEach, describe, expect, test } from "@jest/globals";
import { createRunningCeph, type RunningCeph } from "../../../test/support/running-ceph.ts";
import { clusterStatus } from "../../ceph/commands/cluster.ts";
import { poolDetails } from "../../ceph/commands/pool.ts";
import { ensurePool } from "../../pools/ensure-pool.ts";
import type { PoolSpec } from "../../pools/pool-spec.ts";
import { sayDependents } from "../../resource/dependents.ts";
import { poolContents } from "./pool-contents.ts";

const coded: PoolSpec = { erasureCoded: { dataChunks: 2, codingChunks: 1 } };
const replicated: PoolSpec = { replicated: { size: 3 } };

describe("what is in a pool", () => {
  let running: RunningCeph;
  const make = async (spec: PoolSpec): Promise<void> => {
    const { ceph, clock } = running;
    await ensurePool(
      { ceph, status: await clusterStatus(ceph), now: clock.now(), isForming: false },
      { name: "a", application: "rbd", crushRoot: "default", spec },
    );
    await clock.advance(2000);
  };
  const contents = async (): Promise<string[]> => {
    const { ceph } = running;
    const status = await clusterStatus(ceph);
    const [pool] = (await poolDetails(ceph)).filter(({ pool_name }) => pool_name === "a");
    return pool === undefined ? ["no pool"] : (await poolContents({ ceph, status }, pool)).map(sayDependents);
  };

  /** With more than RBD's book takes. */
  const fill = (): void => {
    for (const object of ["one", "two"]) running.fake.setObject("a", object, []);
  };

  beforeEach(async () => {
    running = await createRunningCeph(["node1", "node2", "node3"].map((node) => ({ node })));
  });

  const cases: [string, PoolSpec][] = [
    ["erasure coded", coded],
    ["replicated", replicated],
  ];

  test.each(cases)("is told of an %s pool by the mgr's count", async (_type, spec) => {
    await make(spec);
    expect(await contents()).toEqual([]);
    fill();
    expect(await contents()).toEqual(["objects: 2"]);
  });

  test.each(cases)("cannot be told of an %s pool without a mgr", async (_type, spec) => {
    await make(spec);
    fill();
    running.setMgr(false);
    expect(await contents()).toEqual(["objects that cannot be told yet, since no mgr is active: 1"]);
    running.setMgr(true);
    expect(await contents()).toEqual(["objects: 2"]);
  });

  test.each([
    ["erasure coded", coded, "objects that cannot be told yet, since 1 of 1 placement groups are inactive, such as 2.0 (unknown): 1"],
    ["replicated", replicated, "objects that no OSD serves: 1"],
  ])("cannot be told of an %s pool of whose placement groups a new mgr knows nothing", async (_type, spec, said) => {
    await make(spec);
    fill();
    for (const osd of [0, 1, 2]) running.setUp(osd, false);
    expect(await contents()).toEqual([said]);
  });

  test("cannot be told of a pool that the mgr has no numbers of", async () => {
    await make(coded);
    const { ceph } = running;
    const status = await clusterStatus(ceph);
    const [pool] = (await poolDetails(ceph)).filter(({ pool_name }) => pool_name === "a");
    if (pool === undefined) throw new Error("there is no pool");
    expect((await poolContents({ ceph, status }, { ...pool, pool_id: 99 })).map(sayDependents)).toEqual([
      "objects that cannot be told yet, since the mgr has no numbers of the pool: 1",
    ]);
  });

  test("is told where OSDs that know all of it are up, though too few to serve", async () => {
    await make(coded);
    running.setUp(0, false);
    running.setUp(1, false);
    expect(await contents()).toEqual([]);
    fill();
    expect(await contents()).toEqual(["objects: 2"]);
  });

  test("is nothing where the pool was never made in full", async () => {
    await make({ erasureCoded: { dataChunks: 4, codingChunks: 2 } });
    expect(await contents()).toEqual([]);
  });
});
