import { describe, expect, test } from "@jest/globals";
import { buildContexts } from "../../test/builders/build-contexts.ts";
import { createTestWorld, type TestWorld } from "../../test/support/test-world.ts";
import { imageOf } from "../../test/support/versions.ts";
import type { Ceph } from "../ceph/ceph.ts";
import { daemonVersions } from "../ceph/commands/cluster.ts";
import { Deployment, Pod, Secret } from "../kube/kinds.ts";
import type { Kind, KubeObject } from "../kube/object.ts";
import { CephCluster } from "../schema/ceph-cluster.ts";
import type { CappedDaemonType } from "./daemon-type.ts";
import { daemonTrouble } from "./diagnosis/daemon-trouble.ts";
import { sayTrouble } from "./diagnosis/trouble.ts";
import { ensureDaemonKey } from "./ensure-daemon-key.ts";
import { type BuiltImage, type CephImage, daemonImages } from "./image/daemon-images.ts";
import { isDone, type VersionPlan } from "./image/plan-versions.ts";
import { daemonLabels } from "./labels.ts";
import type { DaemonContext } from "./pod/context.ts";
import { daemonDeployment } from "./pod/daemon-deployment.ts";
import { ownedBy, ownerReference } from "./pod/metadata.ts";
import { daemonFlags, keyringVolume } from "./pod/pod-parts.ts";
import { followPlan } from "./rollout/follow-plan.ts";
import { type Rollout, rollOut } from "./rollout/roll-out.ts";

const { namespace } = buildContexts.plain;
const keyring = "rook-ceph-parrot-a-keyring";

/** A type of daemon that no kind has: its row is all that the folders of `src/daemons` learn of it. */
const parrotType: CappedDaemonType = {
  type: "parrot",
  app: "rook-ceph-parrot",
  updateTurn: 5,
  selector: (id) => ({ ceph_daemon_id: id, parrot: id }),
  user: (id) => `client.parrot.${id}`,
  caps: { mon: "allow r", osd: "allow rwx" },
  question: "squawk",
  startupFailures: 3,
  fields: { resources: "parrot.resources", placement: "parrot.placement" },
};

/** Its builder: what is a parrot's own. */
function parrotDeployment(
  context: DaemonContext,
  image: BuiltImage,
  own: { readonly loud?: boolean; readonly node?: string } = {},
): Deployment {
  const { mount, volume } = keyringVolume(keyring);
  return daemonDeployment(context, {
    type: parrotType,
    id: "a",
    name: "rook-ceph-parrot-a",
    image,
    labels: daemonLabels({ ...context, type: parrotType, id: "a" }),
    settings: { annotations: {}, labels: {} },
    probes: {},
    pod: own.node === undefined ? {} : { nodeSelector: { "kubernetes.io/hostname": own.node } },
    script: 'exec ceph-parrot "$@"',
    container: { args: [...daemonFlags(context, "a"), ...(own.loud ? ["--loud"] : [])], volumeMounts: [mount] },
    volumes: [volume],
  });
}

const cephImage = (text: string): CephImage => ({ ...imageOf(text), image: `quay.io/ceph/ceph:v${text}` });

/** A world with a cluster at 20.2.4, and what a step of a parrot's kind would do in it. */
async function parrotWorld() {
  const world = await createTestWorld({ devices: { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] } });
  await world.settle();
  const { kube, dependencies } = world;
  const context = { ...buildContexts.plain, owner: ownerReference(await world.cluster()) };
  const asked: string[] = [];
  const admin = world.ceph.admin();
  const ceph: Ceph = {
    ...admin,
    command: (command, options) => {
      asked.push(command.prefix);
      return admin.command(command, options);
    },
  };
  const act = {
    ...dependencies,
    ceph,
    apply: (kind: Kind<KubeObject>, object: KubeObject) => kube.apply<KubeObject>(kind, object, { fieldManager: "jackdaw" }),
  };
  const daemon = { type: parrotType, id: "a", secret: ownedBy(context, keyring), keyType: "aes256k", now: world.clock.now() } as const;
  /** Makes the key; answers what was written and asked for it. */
  const makeKey = async (): Promise<string[]> => {
    kube.clearWrites();
    asked.length = 0;
    await ensureDaemonKey(act, daemon);
    return [...kube.writes().map(({ verb, kind }) => `${verb} ${kind}`), ...asked];
  };
  const seen = async () => ({
    now: world.clock.now(),
    context,
    deployments: await kube.list(Deployment),
    pods: await kube.list(Pod),
    nodes: [],
    warnings: new Map(),
    leftAlone: new Set<string>(),
  });
  const roll = async (target: CephImage, own?: Parameters<typeof parrotDeployment>[2]): Promise<Rollout<never>> => {
    const view = await seen();
    const types = dependencies.daemonTypes.filter(({ updateTurn }) => updateTurn < parrotType.updateTurn);
    const plan: VersionPlan = { target, types, daemons: daemonImages(view.deployments, types), lasting: new Set() };
    const versions = await daemonVersions(act.ceph);
    const rollout = await rollOut<never>(view, act, [{ daemon: "parrot.a", build: (image) => parrotDeployment(context, image, own) }], {
      type: parrotType,
      ...followPlan(plan, parrotType.type, { ...view, image: target, mayChange: isDone(plan, versions, new Set()), versions }),
      serves: () => view.pods.some(({ metadata }) => metadata.labels?.["app"] === parrotType.app),
      mayStop: () => Promise.resolve(undefined),
    });
    await world.settle();
    return rollout;
  };
  return { world, makeKey, seen, roll };
}

const parrotOf = ({ kube }: TestWorld) => kube.get(Deployment, { namespace, name: "rook-ceph-parrot-a" });
const containerOf = async (world: TestWorld) => (await parrotOf(world))?.spec?.template.spec?.containers[0];

describe("a new type of daemon, from one row and one builder", () => {
  test("has its key in a Secret and in Ceph, once", async () => {
    const { world, makeKey } = await parrotWorld();
    expect(await makeKey()).toEqual(["create Secret", "auth get", "auth import"]);
    expect(await makeKey()).toEqual(["apply Secret", "auth get"]);

    const secret = await world.kube.get(Secret, { namespace, name: keyring });
    const entity = world.ceph.state()?.entities.get("client.parrot.a");
    expect(entity?.caps).toEqual(parrotType.caps);
    expect(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).toContain(`key = ${entity?.key ?? "none"}`);
  });

  test("is made with its probe, and changed when its turn has come: behind the OSDs", async () => {
    const { world, makeKey, roll } = await parrotWorld();
    await makeKey();

    expect(await roll(cephImage("20.2.4"))).toEqual({ pending: ["parrot.a"], moving: ["parrot.a"] });
    expect(await containerOf(world)).toMatchObject({
      image: "quay.io/ceph/ceph:v20.2.4",
      livenessProbe: { exec: { command: expect.arrayContaining(["/run/ceph/ceph-parrot.a.asok", "squawk"]) } },
    });
    expect(await roll(cephImage("20.2.4"))).toEqual({ pending: [], moving: [] });

    // an update has been asked for, and no OSD has it yet
    expect(await roll(cephImage("20.2.5"), { loud: true })).toMatchObject({ held: { daemon: "parrot.a", why: { type: "notItsTurn" } } });
    expect(await containerOf(world)).toMatchObject({ image: "quay.io/ceph/ceph:v20.2.4", args: expect.not.arrayContaining(["--loud"]) });

    // the mons, mgrs and OSDs have it
    const image = "quay.io/ceph/ceph:v20.2.5";
    await world.kube.mergePatch(CephCluster, { namespace, name: "rook-ceph" }, { spec: { cephVersion: { image } } });
    await world.settle();
    expect(await roll(cephImage("20.2.5"), { loud: true })).toMatchObject({ pending: ["parrot.a"], moving: ["parrot.a"] });
    expect(await containerOf(world)).toMatchObject({ image, args: expect.arrayContaining(["--loud"]) });
  });

  test("tells what keeps it from running, with its own fields", async () => {
    const { roll, seen } = await parrotWorld();
    await roll(cephImage("20.2.4"), { node: "nowhere" });

    const trouble = daemonTrouble(await seen(), "rook-ceph-parrot-a", parrotType.fields);

    expect(trouble && sayTrouble(trouble)).toMatch(
      /^cannot be scheduled since .*: 0\/3 nodes are available: .*; it can run on nowhere only: bring that node back$/,
    );
  });
});
