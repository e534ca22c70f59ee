import { expect, test } from "@jest/globals";
import type { CephCluster, CephClusterSpec } from "../../schema/ceph-cluster.ts";
import { clusterKind } from "./kind.ts";

const every = (interval: string): CephClusterSpec => ({ healthCheck: { daemonHealth: { status: { interval } } } });

test.each<[string, string | undefined, CephClusterSpec, number]>([
  ["once a minute while it is Ready", "Ready", {}, 60_000],
  ["as often as the spec says", "Ready", every("15s"), 15_000],
  ["every second at most", "Ready", every("1ms"), 1000],
  ["no more often where that is no time", "Ready", every("0"), 60_000],
  ["every 10 s before it is Ready", "Progressing", every("2m"), 10_000],
  ["more often where the spec says so", undefined, every("5s"), 5000],
])("Ceph is asked %s", (_what, phase, spec, expected) => {
  const cluster: CephCluster = {
    apiVersion: "ceph.rook.io/v1",
    kind: "CephCluster",
    metadata: { namespace: "rook-ceph", name: "rook-ceph" },
    spec,
    ...(phase === undefined ? {} : { status: { phase } }),
  };

  expect(clusterKind.intervalFor(cluster)).toBe(expected);
});
