import { describe, expect, test } from "@jest/globals";
import { cephVersionsOf, daemonsOf, imageOf } from "../../../test/support/versions.ts";
import type { CephVersions } from "../../ceph/commands/cluster.ts";
import { updatedTypes } from "../../kinds/ceph-cluster/common/daemon-types.ts";
import { sayBehind } from "../rollout/explain.ts";
import type { CephImage } from "./daemon-images.ts";
import { behindOf, imageFor, isUpdate, oldestImage, runningImage, type VersionPlan } from "./plan-versions.ts";

describe("the image of a daemon", () => {
  const target = imageOf("20.2.4");
  const lasting = new Set<string>();
  const mixed: VersionPlan = {
    target,
    types: updatedTypes,
    lasting,
    daemons: [...daemonsOf("mon", "20.2.4", "18.2.7"), ...daemonsOf("mgr", "18.2.7"), ...daemonsOf("osd", "18.2.7", "18.2.6")],
  };
  const refused: VersionPlan = { ...mixed, target: undefined };
  test.each<[string, VersionPlan, string, CephImage | undefined, boolean, string]>([
    ["is the wanted one at its turn", mixed, "mon", imageOf("18.2.7"), true, "ceph:v20.2.4"],
    ["stays its own before that", mixed, "mgr", imageOf("18.2.7"), false, "ceph:v18.2.7"],
    ["is the newest of its type where it has none", mixed, "osd", undefined, false, "ceph:v18.2.7"],
    [
      "is what those before it still have where its type has none",
      { ...mixed, daemons: daemonsOf("mon", "20.2.4", "18.2.7") },
      "mgr",
      undefined,
      false,
      "ceph:v18.2.7",
    ],
    ["is the wanted one in a new cluster", { ...mixed, daemons: daemonsOf("mon", "20.2.4") }, "osd", undefined, false, "ceph:v20.2.4"],
    ["stays its own where the wanted one cannot be", refused, "mon", imageOf("18.2.7"), true, "ceph:v18.2.7"],
    ["is the newest mon's for a lost mon where the wanted one cannot be", refused, "mon", undefined, true, "ceph:v20.2.4"],
    ["is the oldest for the rest before its turn", mixed, "rest", undefined, false, "ceph:v18.2.6"],
  ])("%s", (_what, plan, type, own, isOpen, expected) => {
    expect(imageFor(plan, type, own, isOpen)?.image).toBe(expected);
  });

  test("a cluster goes on with what its newest mon runs, and says what its oldest daemon does", () => {
    expect(runningImage(refused)?.label).toBe("20.2.4-0");
    expect(oldestImage(mixed)?.label).toBe("18.2.6-0");
    expect(runningImage({ ...mixed, daemons: [] })).toBeUndefined();
    expect(oldestImage({ ...mixed, daemons: [] })).toBe(target);
    expect([isUpdate(mixed), isUpdate(refused), isUpdate({ target, daemons: daemonsOf("mon", "20.2.4") })]).toEqual([true, false, false]);
  });
});

describe("what a type is behind in", () => {
  const target = imageOf("20.2.4");
  const done = daemonsOf("osd", "20.2.4", "20.2.4");
  const mixed = cephVersionsOf({ osd: { "18.2.7": 1, "20.2.4": 1 } });
  const lasting = new Set<string>(["osd"]);
  test.each<[string, Partial<VersionPlan>, CephVersions | undefined, string[], string | undefined]>([
    ["nothing where all run the wanted one", { daemons: done }, cephVersionsOf({ osd: { "20.2.4": 2 } }), [], undefined],
    ["nothing where Ceph is silent and the Deployments agree", { daemons: done }, undefined, [], undefined],
    ["nothing where the wanted one cannot be", { target: undefined, daemons: done }, undefined, [], undefined],
    ["one that is to be changed", { daemons: daemonsOf("osd", "20.2.4", "18.2.7") }, undefined, [], "osd.1: it is at 18.2.7"],
    [
      "one that is to be changed, however long it has run",
      { daemons: daemonsOf("osd", "20.2.4", "18.2.7"), lasting },
      undefined,
      [],
      "osd.1: it is at 18.2.7",
    ],
    [
      "one that is left alone",
      { daemons: daemonsOf("osd", "20.2.4", "18.2.7") },
      undefined,
      ["osd.1"],
      "osd.1: it is left alone at 18.2.7; remove its label ceph.rook.io/do-not-reconcile, or end its maintenance",
    ],
    ["one that Ceph still sees", { daemons: done }, mixed, [], "osd.*: Ceph says that 1 still runs 18.2.7"],
    ["none that Ceph sees where all have run the image for long", { daemons: done, lasting }, mixed, [], undefined],
  ])("%s", (_what, plan, seen, leftAlone, expected) => {
    const behind = behindOf({ target, types: updatedTypes, daemons: [], lasting: new Set(), ...plan }, "osd", seen, new Set(leftAlone));

    expect(behind && `${behind.daemon}: ${sayBehind(behind.why)}`).toBe(expected);
  });
});
