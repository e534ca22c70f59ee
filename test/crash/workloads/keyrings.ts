import { Deployment, Pod, Secret, Service } from "../../../src/kube/kinds.ts";
import type { Kind, KubeObject } from "../../../src/kube/object.ts";
import { clientChild, filesystemChild, keyInSecret } from "../children.ts";
import { type CrashWorld, clusterKey } from "../crash-world.ts";
import { keyringKey } from "../keyring-key.ts";
import { hearMons, silenceMons } from "../silent-mons.ts";
import { smallCluster } from "../small-cluster.ts";
import { editObject, removeObject } from "../user-acts.ts";
import type { Workload } from "../workload.ts";

const { namespace } = clusterKey;
const wrongKey = "AQBkZWFkAAAAABAAd3Jvbmcta2V5LWhlcmUhIQ==";

/** Somebody writes another key into a Secret. */
const spoil = (world: CrashWorld, secret: string): void =>
  editObject(world, Secret, secret, (it) => {
    const data = Object.entries(it.data ?? {}).map(([field, value]) => {
      const text = Buffer.from(value, "base64").toString();
      const spoilt = text.replaceAll(/AQ[A-Za-z0-9+/]{30,}=*|Ag[A-Za-z0-9+/]{30,}=*/g, wrongKey);
      return [field, Buffer.from(spoilt).toString("base64")];
    });
    return { ...it, data: Object.fromEntries(data) };
  });

/** Nothing has the wrong key, and the Secret has Ceph's. */
const isMended =
  (secret: string, entity: string) =>
  (world: CrashWorld): string | undefined => {
    const inCeph = world.sim.ceph.state()?.entities.get(entity)?.key;
    if (inCeph === wrongKey) return `${entity} has the wrong key in Ceph`;
    return keyringKey(world, secret, entity) === inCeph ? undefined : `Secret ${secret} has not Ceph's key of ${entity}`;
  };

const spoilt: readonly Workload[] = [
  ...(
    [
      ["mgr", "rook-ceph-mgr-a-keyring", "mgr.a"],
      ["mons", "rook-ceph-mons-keyring", "client.admin"],
      ["admin", "rook-ceph-admin-keyring", "client.admin"],
    ] as const
  ).map(
    ([what, secret, entity]): Workload => ({
      name: `spoil-keyring-of-${what}`,
      nodes: 1,
      from: smallCluster(),
      act: (world) => spoil(world, secret),
      wants: isMended(secret, entity),
    }),
  ),
  {
    name: "spoil-keyring-of-crash-collector",
    nodes: 1,
    from: smallCluster({ crashCollector: { disable: false } }),
    act: (world) => spoil(world, "rook-ceph-crash-collector-keyring"),
    wants: isMended("rook-ceph-crash-collector-keyring", "client.crash"),
  },
  {
    name: "spoil-keyring-of-mds",
    nodes: 1,
    from: smallCluster(),
    before: filesystemChild.create,
    act: (world) => spoil(world, "rook-ceph-mds-myfs-a-keyring"),
    wants: isMended("rook-ceph-mds-myfs-a-keyring", "mds.myfs-a"),
  },
  {
    name: "spoil-secret-of-client",
    nodes: 1,
    from: smallCluster(),
    before: clientChild.create,
    act: (world) => spoil(world, "rook-ceph-client-images"),
    wants: (world) => (keyInSecret(world, "images") === wrongKey ? "the Secret has the wrong key" : clientChild.isServed(world)),
  },
  {
    // a key that Ceph does not know gets nobody in: nothing changes until the right one is there again
    name: "spoil-identity-for-a-while",
    nodes: 1,
    from: smallCluster(),
    act: (world) => {
      const { data } = world.user.get(Secret, { namespace, name: "rook-ceph-mon" }) ?? {};
      spoil(world, "rook-ceph-mon");
      world.clock.after(60_000, () => editObject(world, Secret, "rook-ceph-mon", (it) => ({ ...it, ...(data ? { data } : {}) })));
    },
    wants: (world) => isMended("rook-ceph-admin-keyring", "client.admin")(world) ?? isMended("rook-ceph-mgr-a-keyring", "mgr.a")(world),
  },
];

/** Something is lost while Ceph is silent, which speaks again later. */
const lostInSilence = (what: string, lose: (world: CrashWorld) => void, more: Partial<Workload> = {}): Workload => ({
  name: `lose-${what}-while-ceph-is-silent`,
  nodes: 1,
  from: smallCluster(),
  act: (world) => {
    silenceMons(world);
    world.clock.after(10_000, () => lose(world));
    world.clock.after(60_000, () => hearMons(world));
  },
  ...more,
});

const lose =
  <T extends KubeObject>(kind: Kind<T>, name: string) =>
  (world: CrashWorld): void =>
    removeObject(world, kind, name);

/** The daemon runs with the key that it had: a new one would be of no use to it. */
const loseKey =
  (secret: string, entity: string) =>
  (world: CrashWorld): void => {
    const key = keyringKey(world, secret, entity);
    removeObject(world, Secret, secret);
    // long after Ceph speaks again
    world.clock.after(110_000, () => {
      const now = [world.sim.ceph.state()?.entities.get(entity)?.key, keyringKey(world, secret, entity)];
      if (now.some((each) => each !== key))
        throw new Error(`${entity} runs with a key that ${now[0] === key ? "its Secret" : "Ceph"} has not`);
    });
  };

const silent: readonly Workload[] = [
  lostInSilence("nothing", () => {}),
  lostInSilence("keyring-of-mgr", loseKey("rook-ceph-mgr-a-keyring", "mgr.a")),
  // the mons were made with the mgr's key
  lostInSilence("keyrings-of-mgr-and-mons", (world) => {
    removeObject(world, Secret, "rook-ceph-mons-keyring");
    loseKey("rook-ceph-mgr-a-keyring", "mgr.a")(world);
  }),
  lostInSilence("keyring-of-mons", loseKey("rook-ceph-mons-keyring", "client.admin")),
  lostInSilence("keyring-of-mds", loseKey("rook-ceph-mds-myfs-a-keyring", "mds.myfs-a"), { before: filesystemChild.create }),
  lostInSilence("secret-of-client", lose(Secret, "rook-ceph-client-images"), { before: clientChild.create, wants: clientChild.isServed }),
  lostInSilence("deployment-of-mgr", lose(Deployment, "rook-ceph-mgr-a")),
  lostInSilence("deployment-of-mon", lose(Deployment, "rook-ceph-mon-a")),
  lostInSilence("deployment-of-osd", lose(Deployment, "rook-ceph-osd-0")),
  lostInSilence("service-of-mon", lose(Service, "rook-ceph-mon-a")),
  lostInSilence("pod-of-mgr", (world) => {
    for (const pod of world.user.list(Pod, namespace)) if (pod.metadata.labels?.["mgr"] === "a") world.user.remove(Pod, pod);
  }),
];

/** Secrets with keys in them are edited or lost, the latter while nobody can be asked for them; and what else is lost then. */
export const keyringWorkloads: readonly Workload[] = [...spoilt, ...silent];
