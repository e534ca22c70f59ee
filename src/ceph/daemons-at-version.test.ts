import { describe, expect, test } from "@jest/globals";
import { formatCephVersion, parseCephVersion } from "./ceph-version.ts";
import type { CephVersions } from "./commands/cluster.ts";
import { isAtVersion, versionsOf } from "./daemons-at-version.ts";

const reef = "ceph version 18.2.7 (aaaa) reef (stable)";
const tentacle = "ceph version 20.2.4 (bbbb) tentacle (stable)";
const wanted = parseCephVersion("20.2.4");
if (wanted === undefined) throw new Error("20.2.4 is a version");

describe("whether a type runs the wanted version", () => {
  test.each<[string, CephVersions | undefined, string, boolean]>([
    ["each daemon does", { mon: { [tentacle]: 3 }, mgr: { [reef]: 2 }, overall: {} }, "mon", true],
    ["another type's daemons do", { mon: { [tentacle]: 3 }, mgr: { [reef]: 2 }, overall: {} }, "mgr", false],
    ["one of two daemons does", { mgr: { [tentacle]: 1, [reef]: 1 }, overall: {} }, "mgr", false],
    ["any type does", { mds: { [tentacle]: 2 }, overall: {} }, "mds", true],
    ["none runs", { mon: { [tentacle]: 3 }, mgr: {}, overall: {} }, "mgr", true],
    ["Ceph has said nothing", undefined, "mon", true],
  ])("%s", (_what, versions, type, expected) => {
    expect(isAtVersion(versions, type, wanted)).toBe(expected);
  });

  test("versions come with how many daemons run them, oldest first", () => {
    const found = versionsOf({ osd: { [tentacle]: 1, [reef]: 2 }, overall: {} }, "osd");

    expect(found.map(({ version, daemons }) => [formatCephVersion(version), daemons])).toEqual([
      ["18.2.7-0", 2],
      ["20.2.4-0", 1],
    ]);
  });
});
