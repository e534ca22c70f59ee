import { describe, expect, test } from "@jest/globals";
import type { FsMap } from "../../ceph/commands/fs.ts";
import type { Pod } from "../../kube/kinds.ts";
import { viewMds } from "./mds-view.ts";

const map: FsMap = {
  epoch: 1,
  feature_flags: { enable_multiple: true },
  standbys: [{ gid: 1, name: "myfs-a", rank: -1, state: "up:standby", addr: "10.0.0.7:6801/1" }],
  filesystems: [],
};

/** `ready 10.0.0.7` is a Pod that is ready and has that address; with `host` behind it, it is in its node's network. */
function podOf(text: string): Pod {
  const [state = "", podIP = "", network] = text.split(" ");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: text,
      labels: { mds: "myfs-a" },
      ...(state === "leaving" ? { deletionTimestamp: "2026-11-23T12:00:00Z" } : {}),
    },
    spec: { containers: [], ...(network === "host" ? { hostNetwork: true } : {}) },
    status: {
      phase: state === "Failed" || state === "Succeeded" ? state : "Running",
      podIP,
      conditions: [{ type: "Ready", status: state === "ready" ? "True" : "False" }],
    },
  };
}

describe("viewMds", () => {
  test.each<[string, string[], string, string | undefined]>([
    ["its Pod is ready", ["ready 10.0.0.7"], "standby", "ready 10.0.0.7"],
    ["Ceph still names the one before it", ["starting 10.0.0.8"], "none", "starting 10.0.0.8"],
    ["an evicted Pod is left", ["Failed 10.0.0.6", "ready 10.0.0.7"], "standby", "ready 10.0.0.7"],
    ["a Pod that has ended is left", ["Succeeded 10.0.0.6", "ready 10.0.0.7"], "standby", "ready 10.0.0.7"],
    ["only an evicted Pod is left, which tells why", ["Failed 10.0.0.6"], "standby", "Failed 10.0.0.6"],
    ["one that is ready stands for those that are not", ["starting 10.0.0.6", "ready 10.0.0.7"], "standby", "ready 10.0.0.7"],
    ["one that goes does not count", ["leaving 10.0.0.7", "starting 10.0.0.8"], "none", "starting 10.0.0.8"],
    ["it serves in another network of its node", ["ready 192.168.0.2 host"], "standby", "ready 192.168.0.2 host"],
    ["it has no Pod", [], "standby", undefined],
  ])("%s", (_what, pods, role, pod) => {
    const view = viewMds("myfs-a", [], pods.map(podOf), map);
    expect([view.role, view.pod?.metadata.name]).toEqual([role, pod]);
  });
});
