import { describe, expect, test } from "@jest/globals";
import { updatedTypes } from "../../kinds/ceph-cluster/common/daemon-types.ts";
import type { Deployment, Pod } from "../../kube/kinds.ts";
import { lastingTypes } from "./lasting-types.ts";

const now = 1_000_000;
const labelsOf = (id: string) => ({ app: "rook-ceph-mon", ceph_daemon_id: id, "ceph-version": "20.2.4-0" });
const deployment = (id: string, available = 1): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: `rook-ceph-mon-${id}`, labels: labelsOf(id), generation: 1 },
  spec: { selector: {}, template: { spec: { containers: [{ name: "mon", image: "ceph:v20" }] } } },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: available },
});
const pod = (id: string, secondsReady: number, image = "ceph:v20"): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: id, labels: labelsOf(id) },
  spec: { containers: [{ name: "mon", image }] },
  status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: new Date(now - secondsReady * 1000).toISOString() }] },
});

describe("a type has run its image for long", () => {
  test.each<[string, Deployment[], Pod[], boolean]>([
    ["where each Pod has been ready for more than a minute", [deployment("a"), deployment("b")], [pod("a", 61), pod("b", 99)], true],
    ["not where one just became ready", [deployment("a"), deployment("b")], [pod("a", 61), pod("b", 9)], false],
    ["not where one has no Pod", [deployment("a"), deployment("b")], [pod("a", 61)], false],
    ["not where the Pod that is known is the one before", [deployment("a")], [pod("a", 61, "ceph:v19")], false],
    ["not where a Deployment is not settled", [deployment("a", 0)], [pod("a", 61)], false],
    ["not where there is none", [], [], false],
  ])("%s", (_what, deployments, pods, lasts) => {
    expect(lastingTypes(updatedTypes, { deployments, pods, now }).has("mon")).toBe(lasts);
  });
});
