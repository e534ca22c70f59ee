import { describe, expect, test } from "@jest/globals";
import { parseCephVersion } from "./ceph-version.ts";
import { sayVersions, typesAtVersion } from "./daemons-at-version.ts";

const reef = "ceph version 18.2.7 (aaaa) reef (stable)";
const tentacle = "ceph version 20.2.4 (bbbb) tentacle (stable)";
const wanted = parseCephVersion("20.2.4");
if (wanted === undefined) throw new Error("20.2.4 is a version");

describe("which daemons run the wanted version", () => {
  test.each([
    ["none where Ceph has said nothing", undefined, []],
    ["a type whose every daemon does", { mon: { [tentacle]: 3 }, mgr: { [reef]: 2 }, osd: { [reef]: 3 }, overall: {} }, ["mon"]],
    ["not one that runs two versions", { mon: { [tentacle]: 3 }, mgr: { [tentacle]: 1, [reef]: 1 }, overall: {} }, ["mon"]],
    ["not one without a daemon", { mon: { [tentacle]: 3 }, mgr: {}, overall: {} }, ["mon"]],
    [
      "all of them in the end",
      { mon: { [tentacle]: 3 }, mgr: { [tentacle]: 2 }, osd: { [tentacle]: 3 }, mds: { [tentacle]: 2 }, overall: {} },
      ["mon", "mgr", "osd", "mds"],
    ],
  ])("%s", (_what, versions, types) => {
    expect([...typesAtVersion(versions, wanted)]).toEqual(types);
  });

  test("versions are told with how many daemons run them, oldest first", () => {
    expect(sayVersions({ osd: { [tentacle]: 1, [reef]: 2 }, overall: {} }, "osd")).toBe("2 at 18.2.7-0, 1 at 20.2.4-0");
  });
});
