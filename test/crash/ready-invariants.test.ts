import { beforeAll, describe, expect, test } from "@jest/globals";
import type { CephCommand } from "../../src/ceph/ceph.ts";
import { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { Secret } from "../../src/kube/kinds.ts";
import { createScene, keepDown, makeSceneBeginning, namespace, type Scene, type SceneBeginning } from "./invariant-scene.ts";

let begun: SceneBeginning;

beforeAll(async () => {
  begun = await makeSceneBeginning();
});

describe("Ready that is said for too long", () => {
  const down = (app: string) => (scene: Scene) => keepDown(scene, app);
  const inCeph =
    (...commands: readonly CephCommand[]) =>
    async (scene: Scene) => {
      for (const command of commands) await scene.sim.ceph.admin().command(command);
    };

  test.each<[string, (scene: Scene) => Promise<void> | void, number, RegExp]>([
    ["a mon", down("rook-ceph-mon"), 2000, /mon a does not run/],
    ["an mgr", down("rook-ceph-mgr"), 2000, /0 of 2 mgrs run/],
    ["an OSD", down("rook-ceph-osd"), 2000, /osd.0 does not run/],
    ["a crash collector", down("rook-ceph-crashcollector"), 2000, /CephCluster .* Deployment rook-ceph-crashcollector-node1 has no Pod/],
    ["an MDS", down("rook-ceph-mds"), 2000, /CephFilesystem .* Deployment rook-ceph-mds-files-a has no Pod/],
    ["an OSD that is out", inCeph({ prefix: "osd out", ids: ["0"] }), 62_000, /osd.0 is not up and in/],
    [
      "a pool",
      inCeph({ prefix: "osd pool delete", pool: "images", pool2: "images", yes_i_really_really_mean_it: true }),
      32_000,
      /CephBlockPool .* no such pool/,
    ],
    ["copies", inCeph({ prefix: "osd pool set", pool: "images", var: "size", val: "2" }), 32_000, /CephBlockPool .* 2 copies/],
    ["a user", inCeph({ prefix: "auth rm", entity: "client.reader" }), 32_000, /CephClient .* no such user/],
    [
      "capabilities",
      inCeph({ prefix: "auth caps", entity: "client.reader", caps: ["mon", "allow *"] }),
      32_000,
      /CephClient .* other capabilities/,
    ],
    [
      "a group",
      inCeph({ prefix: "fs subvolumegroup rm", vol_name: "files", group_name: "group" }),
      32_000,
      /CephFilesystemSubVolumeGroup .* no such group/,
    ],
    ["ranks", inCeph({ prefix: "fs fail", fs_name: "files" }), 32_000, /CephFilesystem .* 0 of 1 ranks are served/],
  ])("is told of %s", async (_what, breakIt, allowedMs, violation) => {
    const scene = createScene(begun);
    await breakIt(scene);
    await scene.pass(0);
    // a Pod takes a moment to end
    await scene.pass(allowedMs - 500);
    expect(scene.said.filter((each) => /is Ready, but/.test(each) && violation.test(each))).toEqual([]);

    await scene.pass(2000);
    expect(scene.said.filter((each) => /is Ready, but/.test(each))).toContainEqual(expect.stringMatching(violation));
  });

  test("is told of a Secret that is not there, and of a spec that nobody has looked at", async () => {
    const scene = createScene(begun);
    const secret = scene.world.get(Secret, { namespace, name: "rook-ceph-client-reader" });
    const pool = scene.world.get(CephBlockPool, { namespace, name: "images" });
    if (secret !== undefined) scene.world.remove(Secret, secret);
    if (pool !== undefined) scene.world.change(CephBlockPool, pool, (each) => ({ ...each, spec: { replicated: { size: 2 } } }));
    await scene.pass(1900);
    expect(scene.said).toEqual([]);

    await scene.pass(200);
    expect(scene.said.toSorted()).toEqual([
      expect.stringContaining("CephBlockPool images is Ready, but its spec has changed since"),
      expect.stringContaining("CephClient reader is Ready, but its Secret is not there"),
    ]);
  });

  test("is given the time that a fault takes", async () => {
    const scene = createScene(begun, { type: "watch", how: "freeze", at: 1 });
    keepDown(scene, "rook-ceph-mgr");
    await scene.pass(16_500);
    expect(scene.said).toEqual([]);

    await scene.pass(2000);
    expect(scene.said).toContainEqual(expect.stringMatching(/^for more than 17 s: .* 0 of 2 mgrs run$/));
  });

  test("is nobody's fault while no operator is there", async () => {
    let isNobodyThere = true;
    const scene = createScene(begun, { type: "none" }, () => isNobodyThere);
    keepDown(scene, "rook-ceph-mgr");
    await scene.pass(60_000);
    expect(scene.said).toEqual([]);

    isNobodyThere = false;
    await scene.pass(0);
    await scene.pass(2500);
    expect(scene.said).toContainEqual(expect.stringContaining("0 of 2 mgrs run"));
  });
});
