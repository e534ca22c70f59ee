import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createTestWorld, type TestWorld, type TestWorldState } from "../../../test/support/test-world.ts";
import { cephxKeyType } from "../../ceph/cephx-key.ts";
import { setMonCipher } from "../../ceph/commands/mon.ts";
import { Secret } from "../../kube/kinds.ts";
import { CephCluster } from "../../schema/ceph-cluster.ts";
import { CephClient } from "./ceph-client.ts";
import { clientProblems } from "./problems.ts";

const namespace = "rook-ceph";
const devices = { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] };
const caps = { mon: "profile rbd", osd: "profile rbd pool=images" };

const clientOf = (name: string, spec: Partial<CephClient["spec"]> = {}): CephClient => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephClient",
  metadata: { name, namespace },
  spec: { caps, ...spec },
});

const text = (secret: Secret | undefined, key: string) => Buffer.from(secret?.data?.[key] ?? "", "base64").toString();

describe("a CephClient", () => {
  let made: TestWorldState;
  let world: TestWorld;
  const entity = (name: string) => world.ceph.state()?.entities.get(name);
  const ready = (name: string) => world.conditionOf(CephClient, name, "Ready");
  const secretOf = (name: string) => world.kube.get(Secret, { namespace, name });

  beforeAll(async () => {
    const first = await createTestWorld({ devices });
    await first.settle();
    await first.kube.create(CephClient, clientOf("images"));
    await first.settle();
    made = first.save();
  });
  beforeEach(async () => {
    world = await createTestWorld({ devices, from: made });
  });

  test("gets a user with its capabilities, and a Secret with its key", async () => {
    const secret = await secretOf("rook-ceph-client-images");
    expect(entity("client.images")).toMatchObject({ caps });
    expect(text(secret, "userID")).toBe("images");
    expect(text(secret, "userKey")).toBe(entity("client.images")?.key);
    expect(text(secret, "images")).toBe(entity("client.images")?.key);
    expect(await ready("images")).toMatchObject({ status: "True", reason: "ReconcileSucceeded" });
    const { status, metadata } = (await world.kube.get(CephClient, { namespace, name: "images" })) ?? {};
    expect(status).toMatchObject({ phase: "Ready", info: { secretName: "rook-ceph-client-images" }, observedGeneration: 1 });
    expect(metadata?.finalizers).toEqual(["cephclient.ceph.rook.io"]);
  });

  test("keeps its key when its capabilities change", async () => {
    const { key } = entity("client.images") ?? {};

    await world.kube.mergePatch(CephClient, { namespace, name: "images" }, { spec: { caps: { mon: "allow r", osd: null } } });
    await world.settle();

    expect(entity("client.images")).toEqual({ key, caps: { mon: "allow r" } });
  });

  test("gets its Secret back with the same key", async () => {
    await world.kube.delete(Secret, { namespace, name: "rook-ceph-client-images" });
    await world.settle();

    expect(text(await secretOf("rook-ceph-client-images"), "userKey")).toBe(entity("client.images")?.key);
  });

  test("keeps no Secret where none is wanted", async () => {
    await world.kube.mergePatch(CephClient, { namespace, name: "images" }, { spec: { removeSecret: true } });
    await world.settle();

    expect(await secretOf("rook-ceph-client-images")).toBeUndefined();
    expect((await world.kube.get(CephClient, { namespace, name: "images" }))?.status?.info).toBeUndefined();
  });

  test("never touches another's Secret, and says so", async () => {
    const identity = await secretOf("rook-ceph-mon");
    await world.kube.create(CephClient, clientOf("greedy", { secretName: "rook-ceph-mon" }));
    await world.settle();

    expect(await secretOf("rook-ceph-mon")).toEqual(identity);
    expect(await ready("greedy")).toMatchObject({ status: "False", reason: "SecretTaken" });
  });

  test("does not write over a Secret that comes in the moment in which its own is about to be made", async () => {
    const name = "rook-ceph-client-hasty";
    const theirs = { apiVersion: "v1", kind: "Secret", metadata: { namespace, name }, data: { theirs: "dGhlaXJz" } };
    const { store } = world.kube;
    world.kube.intercept((write) => {
      if (write.kind === "Secret" && write.name === name && store.get(store.resource(Secret), { namespace, name }) === undefined)
        store.create(store.resource(Secret), theirs);
      return undefined;
    });
    await world.kube.create(CephClient, clientOf("hasty", {}));
    await world.settle();

    expect((await secretOf(name))?.data).toEqual(theirs.data);
    expect(await ready("hasty")).toMatchObject({ status: "False", reason: "SecretTaken" });
  });

  test("leaves what Rook told of its key's generation", async () => {
    const key = { namespace, name: "images" };
    const cephx = { keyGeneration: 2, keyCephVersion: "20.2.4-0" };
    await world.kube.mergePatch(CephClient, key, { status: { cephx } }, { subresource: "status" });
    await world.kube.mergePatch(CephClient, key, { spec: { removeSecret: true } });
    await world.settle();
    expect((await world.kube.get(CephClient, key))?.status).toMatchObject({ phase: "Ready", cephx });
  });

  test("gets a key of the type that is asked for, where Ceph accepts such", async () => {
    await world.kube.create(CephClient, clientOf("old-kernel", { security: { cephx: { keyType: "aes" } } }));
    await world.settle();
    expect(entity("client.old-kernel")).toBeUndefined();
    expect(await ready("old-kernel")).toMatchObject({
      status: "False",
      reason: "KeyTypeRefused",
      message:
        "spec.security.cephx.keyType is aes: Ceph accepts no keys of this type, only aes256k; set another, or have Ceph accept it: ceph mon set auth_allowed_ciphers aes,aes256k",
    });

    await setMonCipher(world.ceph.admin(), "auth_allowed_ciphers", "aes,aes256k");
    await world.settle();
    expect(cephxKeyType(entity("client.old-kernel")?.key ?? "")).toBe("aes");
    expect(await ready("old-kernel")).toMatchObject({ status: "True", message: "Everything is as the spec asks" });
    expect(cephxKeyType(entity("client.images")?.key ?? "")).toBe("aes256k");
  });

  test("keeps a key of another type than is asked for later, and says so", async () => {
    await setMonCipher(world.ceph.admin(), "auth_allowed_ciphers", "aes,aes256k");
    await world.kube.create(CephClient, clientOf("old-kernel", { security: { cephx: { keyType: "aes" } } }));
    await world.settle();
    const { key } = entity("client.old-kernel") ?? {};
    expect(cephxKeyType(key ?? "")).toBe("aes");
    await world.kube.mergePatch(CephClient, { namespace, name: "old-kernel" }, { spec: { security: { cephx: { keyType: "aes256k" } } } });
    await world.settle();
    expect(entity("client.old-kernel")?.key).toBe(key);
    expect(await ready("old-kernel")).toMatchObject({
      status: "True",
      message: expect.stringContaining("the key of client.old-kernel is of type aes and stays so"),
    });
  });

  test("has its Secret by its own name, whatever the user's is", async () => {
    await world.kube.create(CephClient, clientOf("app", { name: "app-user" }));
    await world.settle();

    const secret = await secretOf("rook-ceph-client-app");
    expect(text(secret, "userID")).toBe("app-user");
    expect(text(secret, "app-user")).toBe(entity("client.app-user")?.key);
  });

  test("leaves another CephClient's Secret to that one while it is there, and takes it over then", async () => {
    await world.kube.create(CephClient, clientOf("owner", { secretName: "one-secret" }));
    await world.settle();
    await world.kube.create(CephClient, clientOf("other", { secretName: "one-secret" }));
    await world.settle();
    expect(text(await secretOf("one-secret"), "userID")).toBe("owner");
    expect(await ready("owner")).toMatchObject({ status: "True" });
    expect(await ready("other")).toMatchObject({ status: "False", reason: "SecretTaken" });
    expect((await world.kube.get(CephClient, { namespace, name: "other" }))?.status?.info).toBeUndefined();

    world.kube.clearWrites();
    world.ceph.clearCommands();
    await world.reconcileOthers();
    expect([world.kube.writes(), world.ceph.mutations()]).toEqual([[], []]);

    await world.kube.delete(CephClient, { namespace, name: "owner" });
    await world.settle();
    expect(text(await secretOf("one-secret"), "userID")).toBe("other");
  });

  test("gives way to an older one of the same user, and takes its user with it only as the last one", async () => {
    await world.kube.create(CephClient, clientOf("first", { name: "shared" }));
    await world.settle();
    await world.kube.create(CephClient, clientOf("second", { name: "shared", secretName: "second", caps: { mon: "allow r" } }));
    await world.settle();
    expect(entity("client.shared")).toMatchObject({ caps });
    expect(await ready("first")).toMatchObject({ status: "True" });
    expect(await ready("second")).toMatchObject({
      status: "False",
      reason: "UserTaken",
      message: expect.stringContaining("CephClient first is about user client.shared since "),
    });

    await world.kube.delete(CephClient, { namespace, name: "first" });
    await world.settle();
    expect(await world.kube.get(CephClient, { namespace, name: "first" })).toBeUndefined();
    expect(entity("client.shared")).toMatchObject({ caps: { mon: "allow r" } });
    expect(await ready("second")).toMatchObject({ status: "True" });

    await world.kube.delete(CephClient, { namespace, name: "second" });
    await world.settle();
    expect(entity("client.shared")).toBeUndefined();
    expect(await world.kube.get(CephClient, { namespace, name: "second" })).toBeUndefined();
  });

  test("takes nothing from Ceph where it names a user of Ceph's own", async () => {
    const admin = entity("client.admin");
    expect(admin).toMatchObject({ caps: { mon: expect.stringContaining("allow") } });
    await world.kube.create(CephClient, clientOf("renamed"));
    await world.settle();
    // as the API server lets nobody do any more
    await world.kube.mergePatch(CephClient, { namespace, name: "renamed" }, { spec: { name: "admin" } });
    await world.settle();
    expect(await ready("renamed")).toMatchObject({ status: "False", reason: "InvalidSpec" });

    await world.kube.delete(CephClient, { namespace, name: "renamed" });
    await world.settle();
    expect(await world.kube.get(CephClient, { namespace, name: "renamed" })).toBeUndefined();
    expect(entity("client.admin")).toEqual(admin);
  });

  test("waits for a CephCluster, and is let go without one", async () => {
    const lonely = await createTestWorld({ devices: {}, nodes: 1 });
    const elsewhere = { ...clientOf("elsewhere"), metadata: { name: "elsewhere", namespace: "default" } };
    await lonely.kube.create(CephClient, elsewhere);
    await lonely.reconcileOthers();
    const { status } = (await lonely.kube.get(CephClient, { namespace: "default", name: "elsewhere" })) ?? {};
    expect(status?.conditions).toContainEqual(
      expect.objectContaining({
        type: "Ready",
        status: "False",
        reason: "ClusterMissing",
        message: "There is no CephCluster in namespace default",
      }),
    );

    await lonely.kube.mergePatch(
      CephClient,
      { namespace: "default", name: "elsewhere" },
      { metadata: { finalizers: ["cephclient.ceph.rook.io"] } },
    );
    await lonely.kube.delete(CephClient, { namespace: "default", name: "elsewhere" });
    await lonely.reconcileOthers();
    expect(await lonely.kube.get(CephClient, { namespace: "default", name: "elsewhere" })).toBeUndefined();
  });
});

describe("a CephClient of a Ceph that knows one type of key", () => {
  test("is made with that, and told of where another is asked for", async () => {
    const world = await createTestWorld({ devices: {}, spec: { cephVersion: { image: "quay.io/ceph/ceph:v18.2.7" }, mgr: { count: 1 } } });
    await world.settle();
    await world.kube.create(CephClient, clientOf("plain", { security: { cephx: { keyType: "aes" } } }));
    await world.kube.create(CephClient, clientOf("modern", { security: { cephx: { keyType: "aes256k" } } }));
    await world.settle();
    expect(cephxKeyType(world.ceph.state()?.entities.get("client.plain")?.key ?? "")).toBe("aes");
    expect(await world.conditionOf(CephClient, "plain", "Ready")).toMatchObject({ status: "True" });
    expect(await world.conditionOf(CephClient, "modern", "Ready")).toMatchObject({ status: "False", reason: "KeyTypeRefused" });
  });
});

describe("a CephClient of a CephCluster that is being deleted with all its data", () => {
  test("says so, and goes at once when it is deleted", async () => {
    const world = await createTestWorld({ devices, spec: { cleanupPolicy: { confirmation: "yes-really-destroy-data" } } });
    await world.settle();
    await world.kube.create(CephClient, clientOf("images"));
    await world.settle();
    await world.kube.delete(CephCluster, { namespace, name: "rook-ceph" });
    await world.settle();
    expect(await world.conditionOf(CephClient, "images", "Ready")).toMatchObject({
      status: "False",
      reason: "ClusterDeleting",
      message: "The CephCluster in namespace rook-ceph is being deleted with all its data, and waits for this",
    });

    await world.kube.delete(CephClient, { namespace, name: "images" });
    await world.reconcileOthers();
    expect(await world.kube.get(CephClient, { namespace, name: "images" })).toBeUndefined();
  });
});

describe("clientProblems", () => {
  test.each([
    ["images", {}, []],
    ["admin", {}, ["name"]],
    ["mine", { name: "bootstrap-osd" }, ["name"]],
    ["osd.3", {}, ["name"]],
    ["rgw.store", {}, ["name"]],
    ["csi-rbd-node", {}, ["name"]],
    ["csi-cephfs-provisioner.2", {}, ["name"]],
    ["csi-rbd-provisioner-second", {}, ["name"]],
    ["csi-mine", {}, []],
    ["rbd-mirror.a", {}, ["name"]],
    ["fs-mirror", {}, ["name"]],
    ["nfs-ganesha.nfs.a", {}, ["name"]],
    ["healthchecker", {}, ["name"]],
    ["osd-lockbox.5f1d", {}, ["name"]],
    ["crashes", {}, []],
    ["mine", { name: "cinder/backup" }, ["name"]],
    ["mine", { name: "x@y" }, ["name"]],
    ["mine", { name: "a b" }, ["name"]],
    ["mine", { name: "Cinder_backup.2" }, []],
    ["mine", { secretName: "My_Secret" }, ["secretName"]],
    ["mine", { secretName: "ends-" }, ["secretName"]],
    ["mine", { secretName: "my--secret.2" }, []],
    ["empty", { caps: {} }, ["caps"]],
    ["blank", { caps: { mon: " " } }, ["caps.mon"]],
    ["typo", { caps: { mno: "allow r" } }, ["caps.mno"]],
  ])("%s %j", (name, spec, fields) => {
    expect(clientProblems(clientOf(name, spec)).map(({ field }) => field)).toEqual(fields);
  });
});
