import { describe, expect, test } from "@jest/globals";
import { monType } from "../../kinds/ceph-cluster/common/daemon-types.ts";
import type { Deployment, Pod } from "../../kube/kinds.ts";
import { statesOf } from "./observe.ts";

const now = Date.parse("2026-12-01T12:00:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

const deployment: Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "rook-ceph-mon-a", generation: 2 },
  spec: { replicas: 1, selector: {}, template: { spec: { containers: [{ name: "mon", image: "ceph:v20" }] } } },
  status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
};
const refused: Deployment = {
  ...deployment,
  status: { observedGeneration: 2, conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }] },
};
/** A Pod of mon a; `isReady` as its condition and its container say. */
const pod = (
  isReady: boolean,
  container: Partial<ContainerStatus>,
  more: Partial<Pod["metadata"]> = {},
  status: Pod["status"] = {},
): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a-1", creationTimestamp: ago(600), labels: { app: monType.app, ceph_daemon_id: "a" }, ...more },
  spec: { containers: [{ name: "mon", image: "ceph:v20" }] },
  status: {
    phase: "Running",
    conditions: [{ type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: ago(60) }],
    containerStatuses: [{ name: "mon", image: "ceph:v20", imageID: "", ready: isReady, restartCount: 1, ...container }],
    ...status,
  },
});
const running = { state: { running: { startedAt: ago(60) } } };
const killed = (secondsAgo: number) => ({
  lastState: { terminated: { exitCode: 137, reason: "OOMKilled", startedAt: ago(secondsAgo + 9), finishedAt: ago(secondsAgo) } },
});
const failed = (secondsAgo: number) => ({
  lastState: { terminated: { exitCode: 1, reason: "Error", startedAt: ago(secondsAgo + 9), finishedAt: ago(secondsAgo) } },
});
const evicted = pod(false, {}, { name: "a-0" }, { phase: "Failed", reason: "Evicted", message: "low on disk", containerStatuses: [] });

describe("what keeps a daemon from running that Ceph does not have", () => {
  test.each<[string, Deployment, Pod[], string | undefined]>([
    ["nothing where its Pod is ready", deployment, [pod(true, running)], undefined],
    [
      "nothing where its Pod is ready, whatever it was once killed for",
      deployment,
      [pod(true, { ...running, ...killed(86_400) })],
      undefined,
    ],
    [
      "nothing where its Pod is ready, and was killed just now",
      deployment,
      [pod(true, { ...running, ...killed(30), restartCount: 3 })],
      undefined,
    ],
    ["nothing where it starts after one end", deployment, [pod(false, { ...running, ...failed(30) })], undefined],
    ["nothing where it starts after it was killed once", deployment, [pod(false, { ...running, ...killed(30) })], undefined],
    ["nothing where it starts after old ends", deployment, [pod(false, { ...running, ...failed(3600), restartCount: 9 })], undefined],
    [
      "nothing where it is being made again with its node",
      deployment,
      [pod(false, { state: { waiting: { reason: "ContainerCreating" } }, ...failed(30) })],
      undefined,
    ],
    ["that it ends again and again", deployment, [pod(false, { ...running, ...failed(30), restartCount: 2 })], "keeps ending"],
    [
      "that it waits to be started again",
      deployment,
      [pod(false, { state: { waiting: { reason: "CrashLoopBackOff" } }, ...failed(30) })],
      "keeps ending",
    ],
    [
      "that it is killed again and again",
      deployment,
      [pod(false, { ...running, ...killed(30), restartCount: 2 })],
      "ran out of memory (OOMKilled)",
    ],
    ["that the API server refuses its Pods", refused, [], "gets no Pod"],
    ["nothing where its Pod is ready, and only another one is refused", refused, [pod(true, running)], undefined],
    ["that it was evicted", deployment, [evicted], "was evicted"],
    ["nothing where another Pod came for one that was evicted", deployment, [evicted, pod(false, running)], undefined],
    ["nothing where its Pod is being ended", deployment, [pod(false, failed(30), { deletionTimestamp: ago(-30) })], undefined],
    [
      "nothing where its Pod should have ended, as on a lost node",
      deployment,
      [pod(false, failed(30), { deletionTimestamp: ago(30) })],
      undefined,
    ],
    [
      "that it is scaled down",
      { ...deployment, spec: { ...deployment.spec, selector: {}, template: {}, replicas: 0 } },
      [],
      "is scaled to 0",
    ],
  ])("%s", (_what, found, pods, expected) => {
    const [state] = statesOf({ pods, now }, [{ daemon: "mon.a", wanted: found, found }], { type: monType, serves: () => false });

    expect(state?.trouble?.what).toBe(expected);
  });
});
