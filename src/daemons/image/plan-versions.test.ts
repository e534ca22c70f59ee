import { describe, expect, test } from "@jest/globals";
import { type CephVersion, parseCephVersion } from "../../ceph/ceph-version.ts";
import type { CephVersions } from "../../ceph/commands/cluster.ts";
import type { HealthReport } from "../../ceph/commands/health.ts";
import type { CephImage, DaemonImage, UpdatedType } from "./daemon-images.ts";
import { behindOf, imageFor, isUpdate, oldestImage, otherVersions, refusalOf, runningImage, type VersionPlan } from "./plan-versions.ts";

function versionOf(text: string): CephVersion {
  const version = parseCephVersion(text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return version;
}

const image = (text: string): CephImage => ({ image: `ceph:v${text}`, label: `${text}-0`, version: versionOf(text) });
const daemons = (type: UpdatedType, ...versions: string[]): DaemonImage[] =>
  versions.map((text, index) => ({ type, id: type === "osd" ? String(index) : "abc".charAt(index), ...image(text) }));
const told = (text: string, release: string) => `ceph version ${text} (sha) ${release} (stable)`;
const versions = (counts: Partial<Record<UpdatedType, Record<string, number>>>, release = "some"): CephVersions => ({
  ...Object.fromEntries(
    Object.entries(counts).map(([type, each]) => [type, Object.fromEntries(Object.entries(each).map(([v, n]) => [told(v, release), n]))]),
  ),
  overall: {},
});
const healthOf = (status: HealthReport["status"], check = "OSD_FULL"): HealthReport => ({
  status,
  checks: { [check]: { severity: status, summary: { message: "1 full osd(s)", count: 1 }, muted: false } },
  mutes: [],
});

describe("whether the daemons may be brought to the wanted Ceph", () => {
  interface Case {
    wanted: string;
    daemons: DaemonImage[];
    versions?: CephVersions;
    health?: HealthReport["status"];
    check?: string;
    requiredRelease?: string;
    allowUnsupported?: boolean;
    skipUpgradeChecks?: boolean;
  }
  const all = (text: string) => [...daemons("mon", text, text, text), ...daemons("osd", text)];
  test.each<[string, Case, string | undefined]>([
    ["a new cluster to anything", { wanted: "20.2.4", daemons: [], health: "HEALTH_ERR" }, undefined],
    ["to what runs", { wanted: "20.2.4", daemons: all("20.2.4"), health: "HEALTH_ERR" }, undefined],
    ["over one release", { wanted: "20.2.4", daemons: all("18.2.7") }, undefined],
    ["not over two", { wanted: "20.2.4", daemons: all("17.2.7") }, "update to 19 first"],
    ["not to an older release", { wanted: "18.2.7", daemons: all("20.2.4") }, "cannot go back to an older release"],
    ["nor at one's own risk", { wanted: "18.2.7", daemons: all("20.2.4"), allowUnsupported: true }, "cannot go back to an older release"],
    ["not to an older version", { wanted: "20.2.1", daemons: all("20.2.4") }, "cephVersion.allowUnsupported"],
    ["but at one's own risk", { wanted: "20.2.1", daemons: all("20.2.4"), allowUnsupported: true }, undefined],
    [
      "not back once a mon runs the new one",
      { wanted: "18.2.7", daemons: daemons("mon", "20.2.4", "18.2.7", "18.2.7") },
      "older than 20.2.4",
    ],
    [
      "back where none has come to run it, as Ceph says",
      {
        wanted: "18.2.7",
        daemons: daemons("mon", "20.2.4", "18.2.7", "18.2.7"),
        versions: versions({ mon: { "18.2.7": 2 }, osd: { "18.2.7": 3 } }),
      },
      undefined,
    ],
    [
      "not in HEALTH_ERR",
      { wanted: "20.2.4", daemons: all("18.2.7"), health: "HEALTH_ERR" },
      "HEALTH_ERR (OSD_FULL: 1 full osd(s)); mend that, or set skipUpgradeChecks",
    ],
    [
      "in HEALTH_ERR for keys of an older kind",
      { wanted: "20.2.4", daemons: all("20.2.1"), health: "HEALTH_ERR", check: "AUTH_INSECURE_SERVICE_TICKETS" },
      undefined,
    ],
    ["in HEALTH_WARN", { wanted: "20.2.4", daemons: all("18.2.7"), health: "HEALTH_WARN" }, undefined],
    [
      "in HEALTH_ERR where the user says so",
      { wanted: "20.2.4", daemons: all("18.2.7"), health: "HEALTH_ERR", skipUpgradeChecks: true },
      undefined,
    ],
    [
      "over one release that its OSDs have not been told to stay at",
      { wanted: "20.2.4", daemons: all("18.2.7"), requiredRelease: "reef" },
      undefined,
    ],
    [
      "not where Ceph counts on older OSDs still",
      { wanted: "20.2.4", daemons: all("18.2.7"), requiredRelease: "quincy", versions: versions({ osd: { "18.2.7": 1 } }, "reef") },
      "but require_osd_release is quincy, and Ceph lets no OSD start that is more than 2 releases newer than that; when every OSD runs reef, ceph osd require-osd-release reef",
    ],
    [
      "where Ceph counts on older OSDs and there are none",
      { wanted: "20.2.4", daemons: daemons("mon", "18.2.7"), requiredRelease: "quincy" },
      undefined,
    ],
    [
      "where Ceph counts on a release that is not known",
      { wanted: "20.2.4", daemons: all("20.2.1"), requiredRelease: "umbrella" },
      undefined,
    ],
    [
      "on in HEALTH_ERR once it has begun",
      { wanted: "20.2.4", daemons: daemons("mon", "20.2.4", "18.2.7", "18.2.7"), health: "HEALTH_ERR" },
      undefined,
    ],
  ])("%s", (_what, { wanted, health, check, allowUnsupported = false, skipUpgradeChecks = false, ...rest }, message) => {
    const refusal = refusalOf({
      wanted: image(wanted),
      versions: undefined,
      requiredRelease: undefined,
      health: health && healthOf(health, check),
      allowUnsupported,
      skipUpgradeChecks,
      ...rest,
    });

    if (message === undefined) expect(refusal).toBeUndefined();
    else expect(refusal?.message).toContain(message);
  });
});

describe("the image of a daemon", () => {
  const target = image("20.2.4");
  const lasting = new Set<UpdatedType>();
  const mixed: VersionPlan = {
    target,
    lasting,
    daemons: [...daemons("mon", "20.2.4", "18.2.7"), ...daemons("mgr", "18.2.7"), ...daemons("osd", "18.2.7", "18.2.6")],
  };
  const refused: VersionPlan = { ...mixed, target: undefined };
  test.each<[string, VersionPlan, UpdatedType | "rest", CephImage | undefined, boolean, string]>([
    ["is the wanted one at its turn", mixed, "mon", image("18.2.7"), true, "ceph:v20.2.4"],
    ["stays its own before that", mixed, "mgr", image("18.2.7"), false, "ceph:v18.2.7"],
    ["is the newest of its type where it has none", mixed, "osd", undefined, false, "ceph:v18.2.7"],
    [
      "is what those before it still have where its type has none",
      { target, daemons: daemons("mon", "20.2.4", "18.2.7"), lasting },
      "mgr",
      undefined,
      false,
      "ceph:v18.2.7",
    ],
    ["is the wanted one in a new cluster", { target, daemons: daemons("mon", "20.2.4"), lasting }, "osd", undefined, false, "ceph:v20.2.4"],
    ["stays its own where the wanted one cannot be", refused, "mon", image("18.2.7"), true, "ceph:v18.2.7"],
    ["is the newest mon's for a lost mon where the wanted one cannot be", refused, "mon", undefined, true, "ceph:v20.2.4"],
    ["is the oldest for the rest before its turn", mixed, "rest", undefined, false, "ceph:v18.2.6"],
  ])("%s", (_what, plan, type, own, isOpen, expected) => {
    expect(imageFor(plan, type, own, isOpen)?.image).toBe(expected);
  });

  test("a cluster goes on with what its newest mon runs, and says what its oldest daemon does", () => {
    expect(runningImage(refused)?.label).toBe("20.2.4-0");
    expect(oldestImage(mixed)?.label).toBe("18.2.6-0");
    expect(runningImage({ target, daemons: [], lasting })).toBeUndefined();
    expect(oldestImage({ target, daemons: [], lasting })).toBe(target);
    expect([isUpdate(mixed), isUpdate(refused), isUpdate({ target, daemons: daemons("mon", "20.2.4") })]).toEqual([true, false, false]);
  });
});

describe("what a type is behind in", () => {
  const target = image("20.2.4");
  const done = daemons("osd", "20.2.4", "20.2.4");
  const mixed = versions({ osd: { "18.2.7": 1, "20.2.4": 1 } });
  const lasting = new Set<UpdatedType>(["osd"]);
  test.each<[string, Partial<VersionPlan>, CephVersions | undefined, string[], string | undefined]>([
    ["nothing where all run the wanted one", { daemons: done }, versions({ osd: { "20.2.4": 2 } }), [], undefined],
    ["nothing where Ceph is silent and the Deployments agree", { daemons: done }, undefined, [], undefined],
    ["nothing where the wanted one cannot be", { target: undefined, daemons: done }, undefined, [], undefined],
    ["one that is to be changed", { daemons: daemons("osd", "20.2.4", "18.2.7") }, undefined, [], "osd.1: it is at 18.2.7"],
    [
      "one that is to be changed, however long it has run",
      { daemons: daemons("osd", "20.2.4", "18.2.7"), lasting },
      undefined,
      [],
      "osd.1: it is at 18.2.7",
    ],
    [
      "one that is left alone",
      { daemons: daemons("osd", "20.2.4", "18.2.7") },
      undefined,
      ["osd.1"],
      "osd.1: it is left alone at 18.2.7; remove its label ceph.rook.io/do-not-reconcile, or end its maintenance",
    ],
    ["one that Ceph still sees", { daemons: done }, mixed, [], "osd.*: Ceph says that 1 still runs 18.2.7"],
    ["none that Ceph sees where all have run the image for long", { daemons: done, lasting }, mixed, [], undefined],
  ])("%s", (_what, plan, seen, leftAlone, expected) => {
    const behind = behindOf({ target, daemons: [], lasting: new Set(), ...plan }, "osd", seen, new Set(leftAlone));

    expect(behind && `${behind.daemon}: ${behind.why}`).toBe(expected);
  });

  test.each<[string, Partial<VersionPlan>, CephVersions | undefined, string | undefined]>([
    ["where it is that one", { lasting }, versions({ osd: { "20.2.4": 2 } }), undefined],
    ["where it may still come", {}, mixed, undefined],
    ["where some are to be changed", { lasting, daemons: daemons("osd", "20.2.4", "18.2.7") }, mixed, undefined],
    [
      "where nodes have others for good",
      { lasting },
      versions({ osd: { "20.2.4": 2, "20.2.5": 1 } }),
      "cephVersion.image ceph:v20.2.4 holds different versions of Ceph on different nodes: it was found to hold 20.2.4, and there run osd 2 at 20.2.4, 1 at 20.2.5; name a full version in its tag, such as v20.2.5",
    ],
  ])("versions of an image are told %s", (_what, plan, seen, expected) => {
    expect(otherVersions({ target, daemons: done, lasting: new Set(), ...plan }, seen)).toBe(expected);
  });
});
