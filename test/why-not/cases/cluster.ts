import { CephError } from "../../../src/ceph/ceph-error.ts";
import { CephClient } from "../../../src/kinds/ceph-client/ceph-client.ts";
import { Namespace } from "../../../src/kube/kinds.ts";
import { CephCluster } from "../../../src/schema/ceph-cluster.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../../crash/crash-world.ts";
import type { WhyNotCase } from "../why-not-case.ts";
import { changeObject, changeSpec, failAs, namespace, removeObject } from "./plant.ts";

const reef = "quay.io/ceph/ceph:v18.2.7";
const tentacle = "quay.io/ceph/ceph:v20.2.4";
const want = (world: CrashWorld, image: string): void => changeSpec(world, { cephVersion: { image } });
const end = { type: "crash", exitCode: 1, message: "" } as const;

/** An image that is asked for and not taken. */
const image = (cause: string, from: string, to: string, values: Record<string, string>): WhyNotCase => ({
  cause,
  spec: { cephVersion: { image: from } },
  plant: (world) => {
    want(world, to);
    return () => want(world, from);
  },
  values: { image: to, ...values },
});

/** Causes that concern the cluster as a whole. */
export const clusterCases: readonly WhyNotCase[] = [
  image("an older Ceph than the one that runs", tentacle, reef, { version: "18.2.7" }),
  image("a Ceph that is too old", tentacle, "quay.io/ceph/ceph:v17.2.7", { version: "17.2.7" }),
  {
    ...image("an update while Ceph is in HEALTH_ERR", reef, tentacle, {}),
    plant: (world) => {
      world.sim.ceph.setHealth("OSD_FULL", { severity: "HEALTH_ERR", message: "1 full osd(s)" });
      want(world, tentacle);
      return () => {
        world.sim.ceph.setHealth("OSD_FULL", undefined);
        want(world, reef);
      };
    },
    values: { checks: "OSD_FULL" },
  },
  {
    cause: "an update that a pool does not allow (ok-to-stop)",
    spec: { cephVersion: { image: reef } },
    plant: (world) => {
      const ceph = world.sim.ceph.admin();
      void ceph.command({ prefix: "osd pool set", pool: ".mgr", var: "min_size", val: "3" });
      want(world, tentacle);
    },
    values: { osd: "osd.0", pool: ".mgr", version: "20.2.4" },
    incurable: "the rest of an update takes longer than a minute",
  },
  {
    cause: "a majority of the mons is away",
    values: { mon: "b", other: "c" },
    plant: (world) => {
      const ends = ["b", "c"].map((id) => failAs(world, { app: "mon", id }, end));
      return () => ends.forEach((stop) => stop());
    },
  },
  {
    cause: "no mgr",
    values: { mgr: "a" },
    plant: (world) => failAs(world, { app: "mgr" }, end),
  },
  {
    cause: "the mons run and do not answer",
    plant: (world) =>
      world.sim.ceph.intercept((command) => {
        throw new CephError("timedOut", command.prefix, "no answer within 15 s");
      }),
  },
  {
    cause: "a second CephCluster in the namespace",
    told: (world) => world.user.get(CephCluster, { namespace, name: "another" }),
    plant: (world) => void world.user.create(CephCluster, { ...clusterOf(), metadata: { namespace, name: "another" } }),
    incurable: "a namespace has room for one",
    values: { namespace, name: clusterKey.name },
  },
  {
    cause: "a second CephCluster with the same dataDirHostPath",
    told: (world) => world.user.get(CephCluster, { namespace: "elsewhere", name: "another" }),
    plant: (world) => {
      world.user.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name: "elsewhere" } });
      world.user.create(CephCluster, { ...clusterOf(), metadata: { namespace: "elsewhere", name: "another" } });
    },
    incurable: "a cluster that is made takes no other folder",
    values: { path: "/var/lib/rook", name: "rook-ceph/rook-ceph", namespace: "elsewhere" },
  },
  {
    cause: "a CephCluster that is left alone",
    status: "Unknown",
    plant: (world) => {
      const set = (labels: Record<string, string>) => () =>
        changeObject(world, CephCluster, clusterKey.name, (c) => ({ ...c, metadata: { ...c.metadata, labels } }));
      set({ "ceph.rook.io/do-not-reconcile": "true" })();
      return set({});
    },
  },
  {
    cause: "something in the cluster that is to go",
    condition: "DeletionIsBlocked",
    status: "True",
    plant: (world) => {
      world.user.create(CephClient, {
        apiVersion: "ceph.rook.io/v1",
        kind: "CephClient",
        metadata: { namespace, name: "images" },
        spec: { caps: { mon: "profile rbd" } },
      });
      removeObject(world, CephCluster, clusterKey.name);
    },
    incurable: "without it there is no CephCluster any more",
    values: { kind: "CephClient", names: "images", count: "1" },
  },
];
