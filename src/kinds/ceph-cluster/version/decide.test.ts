import { describe, expect, test } from "@jest/globals";
import { cephVersionsOf, daemonsOf, imageOf } from "../../../../test/support/versions.ts";
import type { CephVersions } from "../../../ceph/commands/cluster.ts";
import type { HealthReport } from "../../../ceph/commands/health.ts";
import type { DaemonImage } from "../../../daemons/image/daemon-images.ts";
import type { VersionPlan } from "../../../daemons/image/plan-versions.ts";
import { updatedTypes } from "../common/daemon-types.ts";
import { otherVersions, refusalOf } from "./decide.ts";
import { explainVersionRefusal, sayOtherVersions } from "./explain.ts";

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
  const all = (text: string) => [...daemonsOf("mon", text, text, text), ...daemonsOf("osd", text)];
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
      { wanted: "18.2.7", daemons: daemonsOf("mon", "20.2.4", "18.2.7", "18.2.7") },
      "older than 20.2.4",
    ],
    [
      "back where none has come to run it, as Ceph says",
      {
        wanted: "18.2.7",
        daemons: daemonsOf("mon", "20.2.4", "18.2.7", "18.2.7"),
        versions: cephVersionsOf({ mon: { "18.2.7": 2 }, osd: { "18.2.7": 3 } }),
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
      { wanted: "20.2.4", daemons: all("18.2.7"), requiredRelease: "quincy", versions: cephVersionsOf({ osd: { "18.2.7": 1 } }, "reef") },
      "but require_osd_release is quincy, and Ceph lets no OSD start that is more than 2 releases newer than that; when every OSD runs reef, ceph osd require-osd-release reef",
    ],
    [
      "where Ceph counts on older OSDs and there are none",
      { wanted: "20.2.4", daemons: daemonsOf("mon", "18.2.7"), requiredRelease: "quincy" },
      undefined,
    ],
    [
      "where Ceph counts on a release that is not known",
      { wanted: "20.2.4", daemons: all("20.2.1"), requiredRelease: "umbrella" },
      undefined,
    ],
    [
      "on in HEALTH_ERR once it has begun",
      { wanted: "20.2.4", daemons: daemonsOf("mon", "20.2.4", "18.2.7", "18.2.7"), health: "HEALTH_ERR" },
      undefined,
    ],
  ])("%s", (_what, { wanted, health, check, allowUnsupported = false, skipUpgradeChecks = false, ...rest }, message) => {
    const refusal = refusalOf({
      wanted: imageOf(wanted),
      versions: undefined,
      requiredRelease: undefined,
      health: health && healthOf(health, check),
      allowUnsupported,
      skipUpgradeChecks,
      ...rest,
    });

    if (message === undefined) expect(refusal).toBeUndefined();
    else expect(refusal && explainVersionRefusal(refusal, imageOf(wanted)).message).toContain(message);
  });
});

describe("versions of an image that was found to hold one", () => {
  const target = imageOf("20.2.4");
  const done = daemonsOf("osd", "20.2.4", "20.2.4");
  const mixed = cephVersionsOf({ osd: { "18.2.7": 1, "20.2.4": 1 } });
  const lasting = new Set(["osd"]);
  test.each<[string, Partial<VersionPlan>, CephVersions | undefined, string | undefined]>([
    ["where it is that one", { lasting }, cephVersionsOf({ osd: { "20.2.4": 2 } }), undefined],
    ["where it may still come", {}, mixed, undefined],
    ["where some are to be changed", { lasting, daemons: daemonsOf("osd", "20.2.4", "18.2.7") }, mixed, undefined],
    [
      "where nodes have others for good",
      { lasting },
      cephVersionsOf({ osd: { "20.2.4": 2, "20.2.5": 1 } }),
      "cephVersion.image ceph:v20.2.4 holds different versions of Ceph on different nodes: it was found to hold 20.2.4, and there run osd 2 at 20.2.4, 1 at 20.2.5; name a full version in its tag, such as v20.2.5",
    ],
  ])("are reported %s", (_what, plan, seen, expected) => {
    const found = otherVersions({ target, types: updatedTypes, daemons: done, lasting: new Set(), ...plan }, seen);

    expect(sayOtherVersions(target, found)).toEqual(expected === undefined ? [] : [expected]);
  });
});
