import { describe, expect, test } from "@jest/globals";
import type { PoolDetail } from "../../ceph/commands/pool.ts";
import type { CephFilesystem } from "./ceph-filesystem.ts";
import { poolsOfOthers, poolsToRemove } from "./own-pools.ts";

const filesystem: CephFilesystem = {
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  metadata: { name: "myfs", namespace: "rook-ceph", creationTimestamp: "2026-11-23T10:00:00Z" },
  spec: {
    preservePoolNames: true,
    metadataPool: { replicated: { size: 3 } },
    dataPools: [{ name: "files", replicated: { size: 3 } }],
    metadataServer: { activeCount: 1 },
  },
};

const [before, after] = ["2026-11-23T09:50:00.850453+0000", "2026-11-23T10:00:01.850453+0000"];
const poolOf = (pool_name: string, application_metadata: PoolDetail["application_metadata"], create_time: string): PoolDetail => ({
  pool_id: 7,
  pool_name,
  create_time,
  flags_names: "",
  type: 1,
  size: 3,
  min_size: 2,
  crush_rule: 0,
  pg_num: 1,
  pg_num_target: 1,
  pg_placement_num_target: 1,
  pg_autoscale_mode: "on",
  quota_max_bytes: 0,
  quota_max_objects: 0,
  erasure_code_profile: "",
  application_metadata,
});
const map = (...data_pools: number[]) => ({
  epoch: 1,
  feature_flags: { enable_multiple: true },
  standbys: [],
  filesystems: data_pools.length === 0 ? [] : [{ id: 1, mdsmap: { metadata_pool: 1, data_pools } as never }],
});
const ours = { cephfs: { data: "myfs" } };

describe("the pools of a CephFilesystem", () => {
  test.each([
    ["a pool for RBD", poolOf("files", { rbd: {} }, before), "rbd"],
    ["a pool for RBD too", poolOf("files", { cephfs: {}, rbd: {} }, before), "rbd"],
    ["another file system's", poolOf("files", { cephfs: { data: "other" } }, before), "file system other"],
    ["its own", poolOf("files", ours, before), undefined],
    ["one that is for nothing yet", poolOf("files", {}, before), undefined],
    ["one that it does not name", poolOf("images", { rbd: {} }, before), undefined],
  ])("%s is another's, or is not", (_what, pool, of) => {
    expect(poolsOfOthers(filesystem, [pool])).toEqual(of === undefined ? [] : [{ pool: pool.pool_name, of }]);
  });

  test.each([
    ["that it names", poolOf("files", ours, after), true],
    ["that it names, kept from one before it", poolOf("files", ours, before), true],
    ["that it made, and no file system was made on", poolOf("files", { cephfs: {} }, after), true],
    ["that somebody made for CephFS before", poolOf("files", { cephfs: {} }, before), false],
    ["that it named once", poolOf("myfs-old", ours, after), true],
    ["that was kept when one before it was deleted", poolOf("myfs-old", ours, before), false],
    ["for RBD that it names", poolOf("files", { rbd: {} }, after), false],
    ["of another file system", poolOf("files", { cephfs: { data: "other" } }, after), false],
    ["that it has nothing to do with", poolOf("images", { rbd: {} }, after), false],
  ])("a pool %s goes with it, or stays", (_what, pool, goes) => {
    expect(poolsToRemove(filesystem, [pool], map()).includes(pool.pool_name)).toBe(goes);
    expect(poolsToRemove(filesystem, [pool], map(7))).not.toContain(pool.pool_name);
  });

  test("that it names and that are gone are told: their rules may be left", () => {
    expect(poolsToRemove(filesystem, [poolOf("files", { rbd: {} }, after)], map())).toEqual(["myfs-metadata"]);
  });
});
