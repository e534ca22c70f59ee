import { beforeAll, describe, expect, test } from "@jest/globals";
import type { CephCommand } from "../../src/ceph/ceph.ts";
import { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import { ConfigMap, Deployment, Event, Job, Node, Pod, PodDisruptionBudget, Secret } from "../../src/kube/kinds.ts";
import { disksAnnotation } from "../../src/simkube/controllers/nodes.ts";
import { createScene, makeSceneBeginning, namespace, type Scene, type SceneBeginning } from "./invariant-scene.ts";

let begun: SceneBeginning;

beforeAll(async () => {
  begun = await makeSceneBeginning();
});

/** Whatever it was that was said: none of it is about anything else. */
function expectOnly({ said }: Scene, violation: RegExp): void {
  expect(said).not.toEqual([]);
  for (const each of said) expect(each).toMatch(violation);
}

const podOf = ({ world }: Scene, label: string, value: string): Pod => {
  const found = world.list(Pod, namespace).find(({ metadata }) => metadata.labels?.[label] === value);
  if (found === undefined) throw new Error(`there is no Pod with ${label} ${value}`);
  return found;
};
const adminKey = ({ sim }: Scene) => sim.ceph.state()?.entities.get("client.admin")?.key ?? "";

describe("a good run", () => {
  test("breaks nothing", () => {
    expect(begun.said).toEqual([]);
  });

  test("and nothing is broken by time that passes", async () => {
    const scene = createScene(begun);
    await scene.pass(600_000);
    expect(scene.said).toEqual([]);
  });
});

describe("what an operator writes", () => {
  const key = { namespace, name: "rook-ceph-osd-prepare-node1" };

  test("must name the UID of what it deletes", async () => {
    const scene = createScene(begun);
    await scene.kube.delete(Job, key, { uid: (await scene.kube.get(Job, key))?.metadata.uid ?? "" });
    expect(scene.said).toEqual([]);

    await scene.kube.delete(Job, { ...key, name: "rook-ceph-osd-prepare-node2" });
    expectOnly(scene, /^delete Job rook-ceph-osd-prepare-node2 names no UID$/);
  });

  test("must name the version of the object whose finalizers it patches", async () => {
    const scene = createScene(begun);
    const pool = { namespace, name: "images" };
    const { resourceVersion } = (await scene.kube.get(CephBlockPool, pool))?.metadata ?? {};
    await scene.kube.mergePatch(CephBlockPool, pool, { metadata: { resourceVersion, finalizers: ["a/b", "cephblockpool.ceph.rook.io"] } });
    expect(scene.said).toEqual([]);

    await scene.kube.mergePatch(CephBlockPool, pool, { metadata: { finalizers: ["cephblockpool.ceph.rook.io"] } });
    expectOnly(scene, /^patch CephBlockPool images may undo another's change/);
  });

  test("must name the version of what it replaces", async () => {
    const scene = createScene(begun);
    const metadata = { namespace, name: "rook-config-override" };
    await scene.kube.update(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata, data: { config: "" } });
    expectOnly(scene, /^update ConfigMap rook-config-override may undo another's change/);
  });

  test("must be where a CephCluster is, or the operator", async () => {
    const scene = createScene(begun);
    await scene.kube.create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "default", name: "a" } });
    expectOnly(scene, /^create ConfigMap a goes to namespace default/);
  });

  test("must be in a namespace", async () => {
    const scene = createScene(begun);
    await scene.kube.mergePatch(Node, { name: "node1" }, { spec: { unschedulable: true } });
    expectOnly(scene, /^patch Node node1 is about something without a namespace/);
  });

  test("must not be the end of a Pod", async () => {
    const scene = createScene(begun);
    const { name = "", uid = "" } = podOf(scene, "mgr", "b").metadata;
    await scene.kube.delete(Pod, { namespace, name }, { uid });
    expectOnly(scene, /^delete Pod rook-ceph-mgr-b-.* daemons are stopped by their Deployments/);
  });

  test("is not what it read, changed in place", async () => {
    const scene = createScene(begun);
    const found = await scene.kube.get(ConfigMap, { namespace, name: "rook-config-override" });
    let error: unknown;
    try {
      Object.assign(found?.data ?? {}, { config: "[global]" });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);

    scene.invariants.log.child({ controller: "a" }).error("Pass failed and will be tried again", { error });
    expectOnly(scene, /^the operator fails: Cannot assign to read only property/);
  });
});

describe("a command", () => {
  test.each<[string, CephCommand, RegExp]>([
    ["must have what it needs", { prefix: "osd crush rule create-replicated", name: "a", root: "default" }, /: type is missing$/],
    ["must have no argument that there is not", { prefix: "config dump", colour: "blue" }, /: there is no argument colour$/],
    ["must have one of the words that there are", { prefix: "fs flag set", flag_name: "colour", val: "true" }, /: is to be one of /],
    ["must keep to the range of a number", { prefix: "osd pool create", pool: "a", pg_num: -1 }, /: is out of range$/],
    ["must keep to the characters that a name may have", { prefix: "osd erasure-code-profile set", name: "a b" }, /: is to be of \[/],
    ["must say yes with true", { prefix: "fs rm", fs_name: "a", yes_i_really_mean_it: "--yes" }, /: is to be bool$/],
  ])("%s", async (_name, command, violation) => {
    const scene = createScene(begun);
    await scene.command(command).catch(() => {});
    expectOnly(scene, violation);
  });
});

describe("a key", () => {
  const event = (message: string) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace, name: "a.1" },
    involvedObject: { namespace, name: "a" },
    message,
  });

  test.each<[string, (scene: Scene, secret: string) => Promise<unknown> | void]>([
    ["an event", ({ kube }, secret) => kube.create(Event, event(`made with ${secret}`))],
    [
      "a status",
      ({ kube }, secret) =>
        kube.mergePatch(CephClient, { namespace, name: "reader" }, { status: { info: { secret } } }, { subresource: "status" }),
    ],
    [
      "an annotation",
      ({ kube }, secret) =>
        kube.mergePatch(ConfigMap, { namespace, name: "rook-config-override" }, { metadata: { annotations: { secret } } }),
    ],
    [
      "an annotation of a Secret",
      ({ kube }, secret) => kube.mergePatch(Secret, { namespace, name: "rook-ceph-config" }, { metadata: { annotations: { secret } } }),
    ],
    [
      "a ConfigMap, as a Secret has it",
      ({ kube }, secret) => kube.mergePatch(ConfigMap, { namespace, name: "rook-config-override" }, { data: { secret: btoa(secret) } }),
    ],
    ["the log", ({ invariants }, secret) => invariants.log.info("made", { secret })],
    [
      "an error in the log",
      ({ invariants }, secret) => invariants.log.warn("failed", { error: new Error("no", { cause: new Error(secret) }) }),
    ],
    ["the fields of a logger", ({ invariants }, secret) => invariants.log.child({ secret }).error("failed")],
    ["the words of a command", ({ command }, secret) => command({ prefix: "config-key set", key: "a", val: secret })],
  ])("must not be in %s", async (_where, show) => {
    const scene = createScene(begun);
    await show(scene, adminKey(scene));
    expectOnly(scene, /^there is a key( or password)? in /);
  });

  test("of an entity that is no more must not be, either, nor a password", async () => {
    const scene = createScene(begun);
    const password = atob(scene.world.get(Secret, { namespace, name: "rook-ceph-dashboard-password" })?.data?.["password"] ?? "");
    expect(password.length).toBeGreaterThan(7);
    scene.invariants.log.info("made", { what: password });
    expectOnly(scene, /^there is a key or password in the log/);
  });

  test("may be in a Secret", async () => {
    const scene = createScene(begun);
    await scene.kube.mergePatch(Secret, { namespace, name: "rook-ceph-config" }, { data: { key: btoa(adminKey(scene)) } });
    expect(scene.said).toEqual([]);
  });
});

describe("a daemon", () => {
  test.each([
    ["mgr.b", 61_000],
    ["mds.files-a", 31_000],
  ])("must not run without its key in Ceph: %s", async (entity, allowedMs) => {
    const scene = createScene(begun);
    await scene.sim.ceph.admin().command({ prefix: "auth rm", entity });
    await scene.pass(0);
    await scene.pass(allowedMs);
    expect(scene.said).toEqual([]);
    await scene.pass(2000);
    expect(scene.said).toContainEqual(expect.stringMatching(`${entity} runs, and Ceph has no key of it$`));
  });

  test.each(["mgr.b", "client.crash", "mds.files-a"])("must not lose its key while it runs: %s", async (entity) => {
    const scene = createScene(begun);
    await scene.command({ prefix: "auth rm", entity });
    expectOnly(scene, new RegExp(`^the key of ${entity} is taken away while it runs$`));
  });

  test("may lose it when it is gone", async () => {
    const scene = createScene(begun);
    const key = { namespace, name: "rook-ceph-mgr-b" };
    await scene.kube.delete(Deployment, key, { uid: (await scene.kube.get(Deployment, key))?.metadata.uid ?? "" });
    await scene.clock.advance(1500);
    await scene.command({ prefix: "auth rm", entity: "mgr.b" });
    expect(scene.said).toEqual([]);
  });

  const changeTemplate = async ({ kube }: Scene, name: string) => {
    const found = await kube.get(Deployment, { namespace, name });
    const containers = found?.spec?.template.spec?.containers.map((each) => ({ ...each, image: "quay.io/ceph/ceph:v20.2.5" }));
    await kube.mergePatch(Deployment, { namespace, name }, { spec: { template: { spec: { containers } } } });
  };
  const scaleDown = ({ kube }: Scene, name: string) => kube.mergePatch(Deployment, { namespace, name }, { spec: { replicas: 0 } });

  test.each([
    ["OSD", "osd-0", "osd-1", /^an OSD is stopped that \d+ PGs need$/],
    ["mon", "mon-a", "mon-b", /^mon b is stopped( while only 1 of 2 others are in quorum|, which leaves 1 of 3 in quorum)$/],
    ["MDS", "mds-files-a", "mds-files-b", /^mds files-b is stopped, and nobody can take rank 0$/],
  ])("must not be stopped against ok-to-stop: %s", async (_type, first, second, violation) => {
    for (const stop of [changeTemplate, scaleDown]) {
      const scene = createScene(begun);
      await stop(scene, `rook-ceph-${first}`);
      expect(scene.said).toEqual([]);
      await stop(scene, `rook-ceph-${second}`);
      expect(scene.said).toContainEqual(expect.stringMatching(violation));
    }
  });

  test("must not run without its disk", async () => {
    const scene = createScene(begun);
    // nobody stops it
    scene.sim.stop();
    const node = scene.world.get(Node, { name: "node2" });
    if (node !== undefined)
      scene.world.change(Node, node, (each) => ({
        ...each,
        metadata: { ...each.metadata, annotations: { ...each.metadata.annotations, [disksAnnotation]: "sdc" } },
      }));
    await scene.pass(2500);
    expectOnly(scene, /osd.\d runs on node2 without its disk$/);
  });

  test("must not be written over", async () => {
    const scene = createScene(begun);
    const node = scene.world.get(Node, { name: "node2" });
    if (node === undefined) throw new Error("there is no node2");
    const [disk] = scene.sim.disks.on(node);
    if (disk === undefined) throw new Error("node2 has no disk");
    scene.sim.disks.write(node, disk, { type: "empty" });
    scene.invariants.check();
    expectOnly(scene, /^node2 \/dev\/sdb is wiped, which holds an OSD of a cluster that lives$/);
  });
});

describe("require-osd-release", () => {
  const say = ({ command }: Scene) => command({ prefix: "osd require-osd-release", release: "tentacle" }).catch(() => {});

  test("may be said when every OSD is there and runs it", async () => {
    const scene = createScene(begun);
    await say(scene);
    expect(scene.said).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ["is older", { version: "18.2.7" }, /^require-osd-release tentacle is said while osd.1 runs 18.2.7$/],
    ["is down", { up: false }, /^require-osd-release tentacle is said while osd.1 is down$/],
  ])("must not be said while an OSD %s", async (_what, change, violation) => {
    const scene = createScene(begun);
    Object.assign(scene.sim.ceph.state()?.osds.get(1) ?? {}, change);
    await say(scene);
    expectOnly(scene, violation);
  });
});

describe("budgets", () => {
  const setAllowance = async (scene: Scene, name: string, maxUnavailable: number) => {
    await scene.kube.mergePatch(PodDisruptionBudget, { namespace, name }, { spec: { maxUnavailable } });
    await scene.pass(3000);
  };

  test("must not allow what loses the quorum", async () => {
    const scene = createScene(begun);
    await setAllowance(scene, "rook-ceph-mon-pdb", 2);
    expectOnly(scene, /2 of 3 mons that run may be evicted, of 3 in the map/);
  });

  test("must not leave mons uncovered", async () => {
    const scene = createScene(begun);
    const budget = scene.world.get(PodDisruptionBudget, { namespace, name: "rook-ceph-mon-pdb" });
    if (budget !== undefined) scene.world.remove(PodDisruptionBudget, budget);
    await scene.pass(3000);
    expectOnly(scene, /3 of 3 mons that run may be evicted/);
  });

  test("must not allow what makes a pool's PGs inactive", async () => {
    const scene = createScene(begun);
    // one away already, which Ceph has not been asked about
    scene.sim.faults.onStart((pod) => (pod.metadata.labels?.["osd"] === "0" ? { type: "serve", readyAfterMs: Infinity } : undefined));
    scene.world.remove(Pod, podOf(scene, "osd", "0"));
    await scene.clock.advance(1000);
    await setAllowance(scene, "rook-ceph-osd", 2);
    expect(scene.said).toContainEqual(expect.stringMatching(/osd.1 of rook-ceph may be evicted, which \d+ PGs need/));
  });

  test("must not leave OSDs uncovered that are needed", async () => {
    const scene = createScene(begun);
    const budget = scene.world.get(PodDisruptionBudget, { namespace, name: "rook-ceph-osd" });
    if (budget !== undefined) scene.world.remove(PodDisruptionBudget, budget);
    await scene.pass(3000);
    expect(scene.said).toContainEqual(expect.stringMatching(/osd.0 and osd.1 and osd.2 of rook-ceph may be evicted together/));
  });
});
