import { describe, expect, test } from "@jest/globals";
import { createTestWorld } from "../../../test/support/test-world.ts";
import { CephError } from "../../ceph/ceph-error.ts";
import { ConfigMap, Deployment, Job, Pod, PodDisruptionBudget, Secret, Service } from "../../kube/kinds.ts";
import { KubeError } from "../../kube/kube-error.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";

const request = { namespace: "rook-ceph", name: "rook-ceph" };
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };

describe("reconciling a CephCluster", () => {
  test("brings mons, mgrs and OSDs up, says Ready, and then has nothing to do", async () => {
    const world = await createTestWorld({ devices });

    await world.settle();

    expect(await world.reconcile(request)).toEqual({});
    expect(await world.names(Deployment)).toEqual(
      expect.arrayContaining([
        "rook-ceph-mon-a",
        "rook-ceph-mon-b",
        "rook-ceph-mon-c",
        "rook-ceph-mgr-a",
        "rook-ceph-mgr-b",
        "rook-ceph-osd-0",
        "rook-ceph-osd-1",
        "rook-ceph-osd-2",
      ]),
    );
    expect(await world.condition("Ready")).toMatchObject({ status: "True", reason: "ClusterCreated" });
    expect(await world.condition("Progressing")).toMatchObject({ status: "False" });
  });

  test("writes nothing on a second pass", async () => {
    const world = await createTestWorld({ devices });
    await world.settle();
    world.kube.clearWrites();
    world.ceph.clearCommands();

    await world.reconcile(request);

    expect(world.kube.writes()).toEqual([]);
    expect(world.ceph.mutations()).toEqual([]);
  });

  test.each([
    ["Deployment", "rook-ceph-mon-b", Deployment],
    ["Deployment", "rook-ceph-mgr-a", Deployment],
    ["Deployment", "rook-ceph-osd-1", Deployment],
    ["Service", "rook-ceph-mon-a", Service],
    ["Service", "rook-ceph-mgr", Service],
    ["Secret", "rook-ceph-config", Secret],
    ["Secret", "rook-ceph-mgr-b-keyring", Secret],
    ["Secret", "rook-ceph-mons-keyring", Secret],
    ["ConfigMap", "rook-ceph-mon-endpoints", ConfigMap],
    ["ConfigMap", "rook-config-override", ConfigMap],
    ["PodDisruptionBudget", "rook-ceph-mon-pdb", PodDisruptionBudget],
  ])("makes a deleted %s %s again as it was", async (_kind, name, kind) => {
    const world = await createTestWorld({ devices });
    await world.settle();
    const key = { namespace: "rook-ceph", name };
    const content = async () => {
      const { metadata, status: _status, spec, ...rest } = (await world.kube.get(kind as typeof Deployment, key)) as Deployment;
      return { labels: metadata.labels, spec: name === "rook-ceph-mgr" ? { ...spec, clusterIP: "any", clusterIPs: [] } : spec, ...rest };
    };
    const before = await content();

    await world.kube.delete(kind as typeof Deployment, key);
    await world.settle();

    expect(await content()).toEqual(before);
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
  });

  test("gives a wiped status back", async () => {
    const world = await createTestWorld({ devices });
    await world.settle();
    const told = async () => withoutTimes((await world.cluster()).status);
    const before = await told();

    await world.kube.mergePatch(CephCluster, request, { status: null }, { subresource: "status" });
    await world.settle();

    expect(await told()).toEqual(before);
  });

  test("names a device that cannot be used, and is not Ready while the spec asks for it", async () => {
    const world = await createTestWorld({
      devices: { ...devices, node3: ["sdb", "sdc"] },
      disks: { node3: "sdb sdc=ext4" },
    });

    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({
      status: "False",
      reason: "DevicesRefused",
      message: expect.stringMatching(
        /^Starting OSDs: 3 of 4 up; node3 \/dev\/sdc has an ext4 file system; wipe it .*; looked at 00:00:30Z, and again within 10 minutes/,
      ),
    });
    expect(world.events()).toContainEqual(
      expect.objectContaining({ reason: "DeviceRefused", message: "node3 /dev/sdc has an ext4 file system; it is not used" }),
    );
  });

  test("never makes a new identity for mons that exist", async () => {
    const world = await createTestWorld({ devices });
    await world.settle();

    await world.kube.mergePatch(Secret, { namespace: "rook-ceph", name: "rook-ceph-mon" }, { metadata: { finalizers: null } });
    await world.kube.delete(Secret, { namespace: "rook-ceph", name: "rook-ceph-mon" });
    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({ status: "False", reason: "IdentityMissing" });
    expect(await world.kube.get(Secret, { namespace: "rook-ceph", name: "rook-ceph-mon" })).toBeUndefined();
  });

  test("says how many nodes there are when they are too few for the mons", async () => {
    const world = await createTestWorld({ devices: { node1: ["sdb"] }, nodes: 1 });

    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({
      status: "False",
      reason: "NotEnoughNodes",
      message: expect.stringContaining("mon.count is 3, but only 1 of 1 nodes can take a mon"),
    });
  });

  test("does nothing but say so when the spec cannot be", async () => {
    const world = await createTestWorld({ devices, spec: { dataDirHostPath: "/etc/ceph" } });

    await world.settle();

    expect(await world.condition("Ready")).toMatchObject({
      status: "False",
      reason: "InvalidSpec",
      message: expect.stringContaining("spec.dataDirHostPath is"),
    });
    expect(await world.names(Deployment)).toEqual([]);
  });

  test("changes one mon at a time, and only while the others are in quorum", async () => {
    const world = await createTestWorld({ devices });
    await world.settle();
    await world.kube.mergePatch(CephCluster, request, { spec: { resources: { mon: { requests: { memory: "2Gi" } } } } });
    world.kube.clearWrites();

    await world.reconcile(request);
    await world.reconcile(request);

    const changed = world.kube.writes().filter((write) => write.kind === "Deployment");
    expect(changed).toEqual([expect.objectContaining({ name: "rook-ceph-mon-a" })]);
    await world.settle();
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    const pods = await world.kube.list(Pod, { labels: { app: "rook-ceph-mon" } });
    expect(pods.map((pod) => pod.spec?.containers[0]?.resources?.requests?.["memory"])).toEqual(["2Gi", "2Gi", "2Gi"]);
  });

  test("leaves no key in Ceph of a mgr that was asked for only for a moment", async () => {
    const world = await createTestWorld({ devices, spec: { mgr: { count: 1 } } });
    await world.settle();
    world.kube.intercept(({ kind, name }) =>
      kind === "Secret" && name === "rook-ceph-mgr-b-keyring" ? new KubeError("serverError", "not now", { httpStatus: 503 }) : undefined,
    );
    await world.kube.mergePatch(CephCluster, request, { spec: { mgr: { count: 2 } } });
    await world.reconcile(request);
    world.kube.intercept(undefined);

    await world.kube.mergePatch(CephCluster, request, { spec: { mgr: { count: 1 } } });
    await world.settle();
    expect(world.ceph.state()?.entities.has("mgr.b")).toBe(false);
  });

  test("asks Ceph nothing more in a pass in which it no longer answers", async () => {
    const world = await createTestWorld({ devices });
    await world.settle();
    const { fsid } = (await world.cluster()).status?.ceph ?? {};
    await world.kube.delete(Deployment, { namespace: "rook-ceph", name: "rook-ceph-mon-a" });
    const asked: string[] = [];
    const giveBack = world.ceph.intercept(({ prefix }, when) => {
      if (when !== "before") return;
      if (prefix === "auth get" || asked.length > 0) {
        asked.push(prefix);
        throw new CephError("timedOut", prefix, "no answer within 15 s");
      }
    });

    await world.reconcile(request);

    expect(asked.filter((prefix) => prefix !== "auth get")).toEqual(["status"]);
    expect(await world.condition("Ready")).toMatchObject({ status: "False" });
    // which Ceph does not answer, and nothing of what it once said
    expect((await world.cluster()).status?.ceph).toEqual({ fsid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    // what needs no answer is done all the same
    expect(await world.names(Deployment)).toContain("rook-ceph-mon-a");
    giveBack();
    await world.settle();
    expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    expect((await world.cluster()).status?.ceph).toMatchObject({ fsid, health: "HEALTH_OK" });
  });

  test("ends the same when it is stopped after any one of its writes", async () => {
    const reference = await createTestWorld({ devices });
    await reference.settle();
    const writes = reference.kube.writes().length;
    const expected = await reference.names(Deployment);

    for (let stopAt = 1; stopAt <= writes; stopAt += 7) {
      const world = await createTestWorld({ devices });
      world.loseReplyOf(stopAt);
      await world.settle();
      expect(await world.names(Deployment)).toEqual(expected);
      expect(await world.condition("Ready")).toMatchObject({ status: "True" });
    }
    expect(await reference.names(Job)).toEqual([
      "rook-ceph-detect-version",
      "rook-ceph-osd-prepare-node1",
      "rook-ceph-osd-prepare-node2",
      "rook-ceph-osd-prepare-node3",
    ]);
  });
});

/** What a status says, but when. */
function withoutTimes(status: unknown): unknown {
  return JSON.parse(JSON.stringify(status).replaceAll(/"(lastTransitionTime|lastUpdated|lastChecked)":"[^"]+"/g, '"$1":""'));
}
