import type { WhyNotCase } from "../why-not-case.ts";
import { changeSpec, cordon, namespace, powerOff, refusePods, startAs, taint } from "./plant.ts";

const job = "rook-ceph-detect-version";
const image = "quay.io/ceph/ceph:v20.2.4";
const tooMuch = { requests: { memory: "64Gi" } };
/** node3 is asked for, and has no OSD yet. */
const onNode3 = { storage: { nodes: [1, 2, 3].map((n) => ({ name: `node${n}`, devices: [{ name: "sdb" }] })) } };
const prepare = { app: "osd-prepare", node: "node3" };

/** Something that keeps Pods from being made or placed, from the first one on. */
const early = (cause: string, more: Partial<WhyNotCase> & Pick<WhyNotCase, "plant">): WhyNotCase => ({
  cause,
  isThereBefore: true,
  ...more,
});
/** Such a thing that the very first Job meets. */
const first = (cause: string, more: Partial<WhyNotCase> & Pick<WhyNotCase, "plant">): WhyNotCase =>
  early(cause, { ...more, values: { image, job, ...more.values } });

/** Causes that lie in Jobs: the one that asks the image's version, and those that prepare devices. */
export const jobCases: readonly WhyNotCase[] = [
  first("no node has room for a Job's Pod", {
    spec: { resources: { "cmd-reporter": tooMuch } },
    plant: () => {},
    cure: (world) => changeSpec(world, { resources: {} }),
    values: { resource: "memory" },
  }),
  first("a taint that a Job's Pod does not tolerate", {
    plant: (world) => {
      const ends = ["node1", "node2", "node3"].map((node) => taint(world, node, "dedicated"));
      return () => ends.forEach((end) => end());
    },
  }),
  first("an image that cannot be pulled", {
    spec: { cephVersion: { image: "quay.io/ceph/ceph:nosuch" } },
    plant: () => {},
    cure: (world) => changeSpec(world, { cephVersion: { image } }),
    values: { image: "quay.io/ceph/ceph:nosuch", words: "the simulated registry has only Ceph images with a version for a tag" },
  }),
  first("an image that is not Ceph's", {
    plant: (world) =>
      startAs(
        world,
        { app: "detect-version" },
        { type: "crash", exitCode: 127, message: "/bin/bash: line 3: ceph-mon: command not found" },
      ),
    values: { code: "127", words: "/bin/bash: line 3: ceph-mon: command not found" },
  }),
  first("no service account", {
    plant: (world) =>
      refusePods(
        world,
        `error looking up service account ${namespace}/rook-ceph-cmd-reporter: serviceaccount "rook-ceph-cmd-reporter" not found`,
      ),
    values: { account: "rook-ceph-cmd-reporter" },
  }),
  first("a quota that is used up", {
    plant: (world) => refusePods(world, "exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2"),
    values: { quota: "exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2" },
  }),
  first("no priority class", {
    plant: (world) => refusePods(world, "no PriorityClass with name system-osd was found"),
    values: { name: "system-osd" },
  }),
  first("a namespace that forbids privileged Pods", {
    plant: (world) =>
      refusePods(
        world,
        'violates PodSecurity "restricted:latest": privileged (container "osd" must not set securityContext.privileged=true)',
      ),
    values: { level: "restricted:latest", words: 'privileged (container "osd" must not set securityContext.privileged=true)' },
  }),
  early("no memory for a preparing Job", {
    plant: (world) => startAs(world, prepare, { type: "crash", exitCode: 137, message: "", reason: "OOMKilled" }),
    values: { node: "node3" },
  }),
  early("a preparing Job that fails", {
    plant: (world) =>
      startAs(world, prepare, {
        type: "crash",
        exitCode: 1,
        message: "Traceback (most recent call last):\nrados.TimedOut: [errno 110] error connecting to the cluster",
      }),
    values: { node: "node3", code: "1", words: "rados.TimedOut: [errno 110] error connecting to the cluster" },
  }),
  early("no node has room for a preparing Job", {
    spec: { resources: { prepareosd: tooMuch } },
    plant: () => {},
    cure: (world) => changeSpec(world, { resources: {} }),
    values: { resource: "memory", node: "node1" },
  }),
  early("a node that is asked for and has a taint", {
    nodes: 4,
    spec: { ...onNode3 },
    plant: (world) => taint(world, "node3", "dedicated"),
    values: { node: "node3", taint: "dedicated:NoSchedule" },
  }),
  early("a node that is asked for and cordoned", {
    nodes: 4,
    spec: onNode3,
    plant: (world) => cordon(world, "node3"),
    values: { node: "node3" },
  }),
  early("a node that is asked for and not ready", {
    nodes: 4,
    spec: onNode3,
    plant: (world) => powerOff(world, "node3"),
    values: { node: "node3" },
  }),
];
