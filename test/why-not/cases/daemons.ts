import type { WhyNotCase } from "../why-not-case.ts";
import { changeSpec, cordon, failAs, namespace, Pod, podsOf, powerOff, refusePods, setDisks, startAs } from "./plant.ts";

const osdOf = { app: "osd", id: "1" };
const monB = { app: "mon", id: "b" };
const mgrA = { app: "mgr", id: "a" };

/** Causes that lie in daemons' Pods. */
export const daemonCases: readonly WhyNotCase[] = [
  {
    cause: "too few nodes for the mons",
    isThereBefore: true,
    nodes: 2,
    plant: () => {},
    cure: (world) => changeSpec(world, { mon: { count: 1 } }),
    values: { wanted: "3", usable: "2", nodes: "2" },
  },
  {
    cause: "a mon's node is cordoned, and its Pod gone",
    plant: (world) => {
      const [pod] = podsOf(world, monB);
      const end = cordon(world, pod?.spec?.nodeName ?? "");
      if (pod) world.user.remove(Pod, pod);
      return end;
    },
    values: { mon: "b" },
  },
  {
    cause: "a node that is lost",
    plant: (world) => powerOff(world, "node2"),
    values: { mon: "b", node: "node2" },
  },
  {
    cause: "a mon's folder belongs to another cluster",
    plant: (world) =>
      failAs(world, monB, {
        type: "crash",
        exitCode: 1,
        message:
          "the mon store in dataDirHostPath on node node2 belongs to another cluster; remove its folder mon-b if that cluster is gone for good",
      }),
    values: { mon: "b" },
  },
  {
    cause: "a mon that runs out of memory",
    spec: { resources: { mon: { limits: { memory: "512Mi" } } } },
    plant: (world) => failAs(world, monB, { type: "crash", exitCode: 137, message: "", reason: "OOMKilled" }),
    values: { mon: "b", limit: "512Mi" },
  },
  {
    cause: "dataDirHostPath cannot be written to",
    plant: (world) =>
      failAs(world, monB, {
        type: "stuck",
        warning: {
          reason: "FailedMount",
          message: 'MountVolume.SetUp failed for volume "ceph-daemon-data" : mkdir /var/lib/rook/mon-b: read-only file system',
        },
      }),
    values: { mon: "b", path: "/var/lib/rook/mon-b" },
  },
  {
    cause: "a probe that is not passed",
    plant: (world) =>
      failAs(world, monB, {
        type: "unready",
        warning: { reason: "Unhealthy", message: "Startup probe failed: no answer from the admin socket" },
      }),
    values: { mon: "b", words: "Startup probe failed: no answer from the admin socket" },
  },
  {
    cause: "a daemon's Pod that is refused",
    plant: (world) => {
      const end = refusePods(
        world,
        `error looking up service account ${namespace}/rook-ceph-default: serviceaccount "rook-ceph-default" not found`,
      );
      for (const pod of podsOf(world, monB)) world.user.remove(Pod, pod);
      return end;
    },
    values: { mon: "b", account: "rook-ceph-default" },
  },
  {
    cause: "an mgr that keeps ending",
    plant: (world) =>
      failAs(world, mgrA, {
        type: "crash",
        exitCode: 1,
        message: "debug 2026-11-23T12:00:00.000+0000 7f00aa11bb22 -1 mgr init failed: (13) Permission denied",
      }),
    values: { mgr: "a", words: "mgr init failed: (13) Permission denied" },
  },
  {
    cause: "an OSD's disk that is gone",
    plant: (world) => setDisks(world, "node2", ""),
    values: { osd: "osd.1", node: "node2" },
  },
  {
    cause: "an OSD that runs out of memory",
    plant: (world) => failAs(world, osdOf, { type: "crash", exitCode: 137, message: "", reason: "OOMKilled" }),
    values: { osd: "osd.1" },
  },
  {
    cause: "no room for an OSD on its node",
    plant: (world) => {
      changeSpec(world, { resources: { osd: { requests: { memory: "64Gi" } } } });
      return () => changeSpec(world, { resources: {} });
    },
    values: { osd: "osd.0", resource: "memory" },
  },
  {
    cause: "an OSD whose asynchronous I/O is refused (aio-max-nr)",
    plant: (world) =>
      failAs(world, osdOf, {
        type: "crash",
        exitCode: 1,
        message:
          "bdev(0x55 /var/lib/ceph/osd/ceph-1/block) _aio_start io_setup(2) failed with EAGAIN; try increasing /proc/sys/fs/aio-max-nr\n ** ERROR: osd init failed: (11) Resource temporarily unavailable",
      }),
    values: { osd: "osd.1" },
  },
  {
    cause: "an OSD that is out",
    plant: (world) => {
      void world.sim.ceph.admin().command({ prefix: "osd out", ids: ["1"] });
      return () => void world.sim.ceph.admin().command({ prefix: "osd in", ids: ["1"] });
    },
    values: { osd: "osd.1", id: "1" },
  },
  {
    cause: "an OSD that may not come up (noup)",
    plant: (world) => {
      void world.sim.ceph.admin().command({ prefix: "osd set", key: "noup" });
      for (const pod of podsOf(world, osdOf)) world.user.remove(Pod, pod);
      return () => void world.sim.ceph.admin().command({ prefix: "osd unset", key: "noup" });
    },
    values: { osd: "osd.1" },
  },
  {
    cause: "a Pod that was evicted by its node",
    plant: (world) => {
      const end = startAs(world, osdOf, {
        type: "stuck",
        warning: {
          reason: "FailedCreatePodSandBox",
          message: "Failed to create pod sandbox: rpc error: code = Unknown desc = no space left on device",
        },
      });
      for (const pod of podsOf(world, osdOf)) world.user.remove(Pod, pod);
      return end;
    },
    values: { osd: "osd.1" },
  },
];
