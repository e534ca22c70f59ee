import { describe, expect, test } from "@jest/globals";
import { versionOf } from "../../../test/support/versions.ts";
import type { MdsInfo, MdsMap } from "../../ceph/commands/fs.ts";
import { type DaemonState, decideRollout, type RolloutDecision } from "../../daemons/rollout/decide.ts";
import type { Deployment } from "../../kube/kinds.ts";
import { updatedTypes } from "../ceph-cluster/common/daemon-types.ts";
import type { CephFilesystem } from "./ceph-filesystem.ts";
import { hasSettled, missingSettings, wantedSettings } from "./decide-settings.ts";
import { howVersionsGo } from "./look.ts";
import { mdsImages } from "./mds-image.ts";
import { holdOf, inChangeOrder, mayMixReleases } from "./mds-rollout.ts";
import type { MdsRole } from "./mds-view.ts";
import { filesystemProblems, newFilesystemProblems } from "./problems.ts";
import { mdsSettings } from "./steps/mds-keys.ts";

/** `a:active:template` is an MDS that serves a rank and is to be changed; `!` at the end: it is not back. */
function mds(text: string): { readonly role: MdsRole; readonly state: DaemonState } {
  const [daemon = "", role = "", lacks = "nothing"] = text.replace("!", "").split(":");
  const isBack = !text.endsWith("!") && role !== "moving";
  const state = { daemon, lacks: lacks as DaemonState["lacks"], isBack, serves: role !== "none", isAwaited: true };
  return { role: role as MdsRole, state };
}

describe("which MDSs a roll-out changes", () => {
  test.each<[string, string[], Partial<RolloutDecision>]>([
    ["nothing to do", ["a:active", "b:standby"], {}],
    ["all are made at once", ["a:none:deployment!", "b:none:deployment!"], { make: ["a", "b"], awaited: ["a", "b"] }],
    ["those that stand by come first", ["a:active:template", "b:standby:template"], { candidates: ["b", "a"] }],
    ["then those with a rank", ["a:active:template", "b:standby"], { candidates: ["a"] }],
    ["one that is away is awaited", ["a:active:template", "b:none!"], { candidates: ["a"], awaited: ["b"] }],
    ["one that is being made is awaited", ["a:active:template", "b:none:deployment!"], { make: ["b"], candidates: ["a"], awaited: ["b"] }],
    [
      "one that serves nothing is changed at once: that may cure it",
      ["a:active:template", "b:none:template!"],
      { cure: ["b"], candidates: ["a"], awaited: ["b"] },
    ],
    ["labels stop no MDS", ["a:active:labels", "b:standby:labels"], { relabel: ["b", "a"] }],
    ["one that is taking over is not stopped, and is awaited", ["a:moving:template", "b:standby"], { awaited: ["a"] }],
  ])("%s", (_what, texts, expected) => {
    const decision = decideRollout(
      inChangeOrder(texts.map(mds)).map(({ state }) => state),
      { changesIdle: true },
    );

    expect(decision).toEqual({ make: [], relabel: [], cure: [], awaited: [], candidates: [], last: [], ...expected });
  });
});

const info = (name: string, rank: number, state: MdsInfo["state"]): [string, MdsInfo] => [
  `gid_${name}`,
  { gid: 1, name, rank, state, addr: "10.0.0.1:6800/1" },
];
const mapOf = (max_mds: number, ranks: number[], infos: [string, MdsInfo][], replay = false): MdsMap => ({
  fs_name: "myfs",
  created: "",
  modified: "",
  flags_state: { joinable: true, allow_standby_replay: replay },
  max_mds,
  standby_count_wanted: 1,
  in: ranks,
  failed: [],
  stopped: [],
  damaged: [],
  info: Object.fromEntries(infos),
  data_pools: [2],
  metadata_pool: 1,
});

test("an MDS between two roles is not stopped, nor is any before an update has one rank", () => {
  expect(holdOf({ role: "moving" }, { isReduced: true })).toEqual({ type: "moving" });
  expect(holdOf({ role: "active" }, { isReduced: false })).toEqual({ type: "ranks" });
  expect(holdOf({ role: "active" }, { isReduced: true })).toBeUndefined();
  expect(holdOf({ role: "standby" }, { isReduced: true })).toBeUndefined();
});

describe("whether older and newer MDSs may share a file system", () => {
  const served = (mdsmap: MdsMap) => ({ id: 1, mdsmap });
  const one = mapOf(1, [0], [info("a", 0, "up:active")]);
  test.each<[string, Parameters<typeof mayMixReleases>[0], boolean]>([
    ["with one rank", { versions: "updating", filesystem: served(one) }, true],
    ["not with two", { versions: "updating", filesystem: served(mapOf(2, [0, 1], [info("a", 0, "up:active")])) }, false],
    ["not while a rank hands over", { versions: "updating", filesystem: served(mapOf(1, [0, 1], [])) }, false],
    [
      "not with MDSs that follow a rank",
      { versions: "updating", filesystem: served({ ...one, flags_state: { joinable: true, allow_standby_replay: true } }) },
      false,
    ],
    ["where all are of one", { versions: "alike", filesystem: served(mapOf(2, [0, 1], [])) }, true],
    ["before there is a file system", { versions: "updating", filesystem: undefined }, true],
  ])("%s", (_what, view, expected) => {
    expect(mayMixReleases(view)).toBe(expected);
  });
});

describe("a file system's settings", () => {
  test("are those of the spec, and one rank without followers in an update", () => {
    const [one, three] = [mapOf(1, [], []), mapOf(3, [], [], true)];
    const settings = (allow_standby_replay: boolean, max_mds: number, standby_count_wanted: number) => ({
      allow_standby_replay,
      max_mds,
      standby_count_wanted,
    });
    expect(wantedSettings({ ranks: 3, standbys: 3 }, "alike", one)).toEqual(settings(true, 3, 3));
    expect(wantedSettings({ ranks: 3, standbys: 0 }, "alike", one)).toEqual(settings(false, 3, 0));
    expect(wantedSettings({ ranks: 3, standbys: 3 }, "updating", three)).toEqual(settings(false, 1, 3));
    expect(wantedSettings({ ranks: 3, standbys: 3 }, "mixed", one)).toEqual(settings(false, 1, 3));
    expect(wantedSettings({ ranks: 2, standbys: 2 }, "mixed", three)).toEqual(settings(true, 2, 2));
  });

  test.each<[string, string | undefined, string[], string[] | undefined, string]>([
    ["all are there", "20.2.4-0", ["20.2.4-0", "20.2.4-0"], ["20.2.4", "20.2.4"], "alike"],
    ["it is not their turn", undefined, ["18.2.7-0"], ["18.2.7"], "alike"],
    ["one is made to run an older one", "20.2.4-0", ["20.2.4-0", "18.2.7-0"], ["20.2.4", "18.2.7"], "updating"],
    ["an older one has not ended", "20.2.4-0", ["20.2.4-0", "20.2.4-0"], ["20.2.4", "18.2.7"], "mixed"],
    ["another image is asked for in the middle", undefined, ["20.2.4-0", "18.2.7-0"], ["18.2.7"], "mixed"],
    ["none is made", "20.2.4-0", [], [], "alike"],
    ["another version, for good", "20.2.4-0", ["20.2.4-0", "20.2.4-0"], undefined, "alike"],
    ["one that is still to be changed, and all have lasted", "20.2.5-0", ["20.2.4-0", "20.2.5-0"], undefined, "updating"],
  ])("wait for MDSs of another version: %s", (_what, target, made, running, versions) => {
    const image = (label: string) => ({ image: `ceph:v${label}`, label, version: versionOf(label) });
    expect(howVersionsGo(target === undefined ? undefined : image(target), made.map(image), running?.map(versionOf))).toBe(versions);
  });

  test("are set where they are not so", () => {
    const wanted = wantedSettings({ ranks: 2, standbys: 2 }, "alike", mapOf(1, [], []));
    expect(missingSettings(wanted, mapOf(1, [], []))).toEqual({ allow_standby_replay: true, max_mds: 2 });
    expect(missingSettings(wanted, mapOf(2, [0], [info("a", 0, "up:active")], true))).toEqual({ standby_count_wanted: 2 });
    expect(missingSettings({ ...wanted, standby_count_wanted: 1 }, mapOf(2, [0], [], true))).toEqual({});
  });

  test.each<[string, MdsMap, boolean]>([
    ["one rank", mapOf(1, [0], [info("a", 0, "up:active")]), true],
    ["one rank and a follower", mapOf(1, [0], [info("a", 0, "up:active"), info("b", 0, "up:standby-replay")], true), true],
    ["a follower that is to go", mapOf(1, [0], [info("a", 0, "up:active"), info("b", 0, "up:standby-replay")]), false],
    ["a rank that is on its way out", mapOf(1, [0, 1], [info("a", 0, "up:active"), info("b", 1, "up:stopping")]), false],
    ["a rank that nobody has", mapOf(1, [0], []), false],
    ["a rank that is being taken over", mapOf(1, [0], [info("a", 0, "up:replay")]), false],
  ])("ranks have settled or not: %s", (_what, map, settled) => {
    expect(hasSettled(map, 1)).toBe(settled);
  });
});

describe("mdsImages", () => {
  const [old, wanted] = ["ceph:v18.2.7", "ceph:v20.2.4"];
  const deployment = (app: string, image: string): Deployment => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: app,
      labels: { app: `rook-ceph-${app}`, ceph_daemon_id: "0", "ceph-version": image === old ? "18.2.7-0" : "20.2.4-0" },
    },
    spec: { selector: {}, template: { spec: { containers: [{ name: app, image }] } } },
  });
  const versions = (...run: ("18.2.7" | "20.2.4")[]) => ({
    mon: Object.fromEntries(run.map((version) => [`ceph version ${version} (sha) x (stable)`, 1])),
    overall: {},
  });

  test.each<[string, Deployment[], ReturnType<typeof versions>, string | undefined, string | undefined]>([
    ["nothing runs", [], versions(), undefined, undefined],
    ["all run it", [deployment("mon", wanted), deployment("osd", wanted)], versions("20.2.4"), wanted, wanted],
    ["an OSD does not yet", [deployment("mon", wanted), deployment("osd", old)], versions("20.2.4"), undefined, old],
    ["Ceph sees an old mon", [deployment("mon", wanted), deployment("osd", wanted)], versions("18.2.7", "20.2.4"), undefined, wanted],
    ["all run what is no longer wanted", [deployment("mon", old), deployment("osd", old)], versions("18.2.7"), undefined, old],
  ])("%s", (_what, deployments, run, target, oldest) => {
    const images = mdsImages(wanted, updatedTypes, { deployments, versions: run, lasting: new Set() });
    expect(images.target?.image).toBe(target);
    expect(images.oldest?.image).toBe(oldest);
  });
});

const filesystemOf = (spec: Partial<CephFilesystem["spec"]>, name = "myfs"): CephFilesystem => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  metadata: { name, namespace: "rook-ceph" },
  spec: {
    metadataPool: { replicated: { size: 3 } },
    dataPools: [{ replicated: { size: 3 } }],
    metadataServer: { activeCount: 1 },
    ...spec,
  },
});

describe("what the mons tell an MDS", () => {
  test.each<[string, object, string | undefined]>([
    ["nothing said", {}, undefined],
    ["half of a limit", { resources: { limits: { memory: "4Gi" }, requests: { memory: "1Gi" } } }, String(2 * 1024 ** 3)],
    ["most of a request", { resources: { requests: { memory: "1000" } } }, "800"],
    ["another share of a limit", { resources: { limits: { memory: "1000" } }, cacheMemoryLimitFactor: 0.7 }, "700"],
    ["another share of a request", { resources: { requests: { memory: "1000" } }, cacheMemoryRequestFactor: 0.1 }, "100"],
  ])("%s", (_what, more, cache) => {
    const settings = mdsSettings(filesystemOf({ metadataServer: { activeCount: 1, ...more } }));
    expect(settings).toEqual({ mds_join_fs: "myfs", ...(cache === undefined ? {} : { mds_cache_memory_limit: cache }) });
  });
});

describe("filesystemProblems", () => {
  const replicated = { replicated: { size: 3 } };
  const coded = { erasureCoded: { dataChunks: 2, codingChunks: 1 } };
  test.each<[string, Partial<CephFilesystem["spec"]>, string[]]>([
    ["myfs", {}, []],
    ["myfs", { dataPools: [replicated, { name: "coded", ...coded }] }, []],
    ["myfs", { dataPools: [coded] }, []],
    ["myfs", { metadataPool: coded }, ["metadataPool.erasureCoded"]],
    ["myfs", { metadataPool: null }, ["metadataPool"]],
    ["myfs", { dataPools: [] }, []],
    ["myfs", { dataPools: [{}] }, ["dataPools[0].replicated.size"]],
    ["myfs", { dataPools: [replicated, { name: "data0", ...replicated }] }, ["dataPools[1].name"]],
    ["myfs", { dataPools: [{ name: "metadata", ...replicated }] }, ["dataPools[0].name"]],
    ["a".repeat(62), {}, ["metadata.name"]],
    ["2nd", {}, ["metadata.name"]],
  ])("%s %j", (name, spec, fields) => {
    expect(filesystemProblems(filesystemOf(spec, name)).map(({ field }) => field)).toEqual(fields);
  });

  test.each<[Partial<CephFilesystem["spec"]>, string[]]>([
    [{}, []],
    [{ dataPools: [replicated, coded] }, []],
    [{ dataPools: [coded] }, ["dataPools[0].erasureCoded"]],
    [{ dataPools: [] }, ["dataPools"]],
    [{ dataPools: null, metadataPool: null }, ["metadataPool", "dataPools"]],
  ])("of a new one: %j", (spec, fields) => {
    expect(newFilesystemProblems(filesystemOf(spec)).map(({ field }) => field)).toEqual(fields);
  });
});
