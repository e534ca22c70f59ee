import { describe, expect, test } from "@jest/globals";
import type { Deployment, Job, Node, Pod } from "../../../kube/kinds.ts";
import type { CleanupWorld } from "./cleanup-world.ts";
import { planCleanup } from "./plan-cleanup.ts";

const image = "quay.io/ceph/ceph:v20.2.4";
const time = "2026-11-23T12:04:31Z";
const toNode = (host: string | undefined) => (host === undefined ? {} : { nodeSelector: { "kubernetes.io/hostname": host } });

const node = (name: string, ready = true): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: `${name}.example`, labels: { "kubernetes.io/hostname": name } },
  status: { conditions: [{ type: "Ready", status: ready ? "True" : "Unknown", lastTransitionTime: time }] },
});
const pod = (name: string, host: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { nodeName: `${host}.example`, containers: [] },
});
const deployment = (name: string, host?: string, isEnding = false): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, ...(isEnding ? { deletionTimestamp: time } : {}) },
  spec: { selector: {}, template: { spec: { containers: [], ...toNode(host) } } },
});
type JobState = "suspended" | "running" | "Complete" | "Failed";
const job = (host: string, state: JobState, runs = image): Job => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: `cluster-cleanup-job-${host}`, uid: `uid of ${host}` },
  spec: {
    suspend: state === "suspended",
    template: { spec: { containers: [{ name: "host-cleanup", image: runs }], ...toNode(host) } },
  },
  status: {
    ...(state === "suspended" ? {} : { startTime: time }),
    ...(state === "Complete" || state === "Failed" ? { conditions: [{ type: state, status: "True" }] } : {}),
  },
});
const podOfJob = (host: string, containerState: object): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    namespace: "rook-ceph",
    name: "cleaner",
    creationTimestamp: time,
    ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "", uid: `uid of ${host}` }],
  },
  status: { containerStatuses: [{ name: "host-cleanup", image, imageID: "", ready: false, restartCount: 3, ...containerState }] },
});

const world = (given: Partial<CleanupWorld>): CleanupWorld => ({
  now: Date.parse(time) + 60_000,
  wasMade: true,
  hosts: ["a"],
  nodes: [node("a"), node("b")],
  deployments: [],
  busyJobs: [],
  pods: [],
  jobs: [],
  jobPods: [],
  oldJobs: [],
  ...given,
});

/** A plan with names instead of objects. */
function planOf(given: Partial<CleanupWorld>) {
  const plan = planCleanup(world(given), image);
  const names = (objects: readonly (Deployment | Job)[]) => objects.map(({ metadata }) => metadata.name);
  return {
    create: plan.create,
    replace: names(plan.replace),
    stop: [...names(plan.stop.deployments), ...names(plan.stop.jobs)],
    start: names(plan.start),
    skipped: plan.skipped,
    waiting: plan.waiting,
  };
}

const nothing = { create: [], replace: [], stop: [], start: [], skipped: [], waiting: [] };

describe("the plan to take a cluster away", () => {
  test.each<[string, Partial<CleanupWorld>, Partial<ReturnType<typeof planOf>>]>([
    [
      "begins with a Job for each node and stops what runs",
      { deployments: [deployment("mon-a", "a")], pods: [pod("mon-a-1", "a")] },
      { create: ["a"], stop: ["mon-a"], waiting: ["a waits for mon-a, Pod mon-a-1 to stop"] },
    ],
    [
      "asks nobody twice to stop",
      { deployments: [deployment("mon-a", "a", true)], jobs: [job("a", "suspended")] },
      { waiting: ["a waits for mon-a to stop"] },
    ],
    [
      "stops what may still make OSDs",
      { busyJobs: [job("a", "running")], jobs: [job("a", "suspended")] },
      { stop: ["cluster-cleanup-job-a"], waiting: ["a waits for cluster-cleanup-job-a to stop"] },
    ],
    [
      "starts a node's Job when its last Pod has gone, whatever runs on others",
      {
        hosts: ["a", "b"],
        jobs: [job("a", "suspended"), job("b", "suspended")],
        deployments: [deployment("osd-1", "b", true)],
        pods: [pod("osd-1-1", "b")],
      },
      { start: ["cluster-cleanup-job-a"], waiting: ["a is to be cleaned", "b waits for osd-1, Pod osd-1-1 to stop"] },
    ],
    [
      "starts none while a daemon that may come anywhere is not on its way out",
      { jobs: [job("a", "suspended")], deployments: [deployment("mgr-a")] },
      { stop: ["mgr-a"], waiting: ["a waits for mgr-a to stop"] },
    ],
    [
      "waits no longer for such a daemon once it is on its way out somewhere else",
      { jobs: [job("a", "suspended")], deployments: [deployment("mgr-a", undefined, true)], pods: [pod("mgr-a-1", "b")] },
      { start: ["cluster-cleanup-job-a"], waiting: ["a is to be cleaned"] },
    ],
    ["says since when a node is cleaned", { jobs: [job("a", "running")] }, { waiting: ["a is being cleaned since 12:04:31Z"] }],
    [
      "says why it is tried again",
      {
        jobs: [job("a", "running")],
        jobPods: [
          podOfJob("a", {
            state: { waiting: { reason: "CrashLoopBackOff" } },
            lastState: { terminated: { exitCode: 1, message: "could not clean: /dev/sdb is in use by another process of the node" } },
          }),
        ],
      },
      {
        waiting: [
          "a is tried again: its Pod keeps ending since 12:04:31Z: exit code 1: could not clean: /dev/sdb is in use by another process of the node; see kubectl logs -n rook-ceph cleaner --previous",
        ],
      },
    ],
    [
      "replaces a Job that waits for an image that is no longer wanted",
      {
        jobs: [job("a", "running", "quay.io/ceph/ceph:nowhere")],
        jobPods: [podOfJob("a", { state: { waiting: { reason: "ImagePullBackOff", message: "not found" } } })],
      },
      {
        replace: ["cluster-cleanup-job-a"],
        waiting: [
          `a is tried again: its Pod cannot get its image ${image} since 12:04:31Z: not found; correct the image, or let the node reach its registry; Kubernetes tries again, at most 5 minutes apart`,
        ],
      },
    ],
    [
      "keeps a Job that works with an older image",
      { jobs: [job("a", "running", "quay.io/ceph/ceph:v18.2.7")], jobPods: [podOfJob("a", { state: { running: { startedAt: time } } })] },
      { waiting: ["a is being cleaned since 12:04:31Z"] },
    ],
    [
      "replaces a Job that failed for good",
      { jobs: [job("a", "Failed")] },
      { replace: ["cluster-cleanup-job-a"], waiting: ["a is being cleaned since 12:04:31Z"] },
    ],
    ["is at its end when every node is clean", { jobs: [job("a", "Complete")] }, {}],
    [
      "waits for a node that is down",
      { nodes: [node("a", false)], jobs: [job("a", "suspended")], pods: [pod("mon-a-1", "a")] },
      { waiting: ["a is not Ready since 12:04:31Z: it is cleaned when it is back; delete Node a.example to leave what is on it"] },
    ],
    ["leaves out a node that is no more", { hosts: ["gone"], jobs: [job("gone", "running")] }, { skipped: ["gone"] }],
  ])("%s", (_name, given, wanted) => {
    expect(planOf(given)).toEqual({ ...nothing, ...wanted });
  });

  test("tells what was done on each node", () => {
    const said = (message: string) =>
      planCleanup(
        world({ jobs: [job("a", "Complete")], jobPods: [podOfJob("a", { state: { terminated: { exitCode: 0, message } } })] }),
        image,
      ).cleaned;

    expect(
      said('{"wiped":["/dev/sdb"],"removed":["/var/lib/rook/mon-a"],"kept":[["/var/lib/rook/mon-b","is a mon\'s of another cluster"]]}'),
    ).toEqual([
      {
        hostname: "a",
        said: "wiped /dev/sdb; removed /var/lib/rook/mon-a; kept /var/lib/rook/mon-b, which is a mon's of another cluster",
      },
    ]);
    expect(said("")).toEqual([{ hostname: "a", said: "cleaned" }]);
  });
});
