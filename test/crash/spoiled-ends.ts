import { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { Deployment, Namespace, Node, Pod, Secret } from "../../src/kube/kinds.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import type { SimState } from "../../src/simceph/sim-state.ts";
import { type CrashWorld, clusterKey } from "./crash-world.ts";

const { namespace } = clusterKey;

/** Changes an object as it is stored, whoever may do so. */
export function edit<T extends KubeObject>(world: CrashWorld, kind: Kind<T>, name: string, change: (object: T) => T): void {
  const [object] = world.user.list(kind).filter(({ metadata }) => (metadata.name ?? "").startsWith(name));
  if (object === undefined) throw new Error(`there is no ${kind.kind} ${name}`);
  world.user.change(kind, object, change);
}
const withMeta =
  (more: (meta: KubeObject["metadata"]) => Partial<KubeObject["metadata"]>) =>
  <T extends KubeObject>(object: T): T => ({ ...object, metadata: { ...object.metadata, ...more(object.metadata) } });
export const label = (name: string, value: string) => withMeta(({ labels }) => ({ labels: { ...labels, [name]: value } }));
const annotate = (value: string) => withMeta(({ annotations }) => ({ annotations: { ...annotations, note: value } }));
const own = (change: object) =>
  withMeta(({ ownerReferences = [] }) => ({ ownerReferences: ownerReferences.map((each) => ({ ...each, ...change })) }));
const state = (world: CrashWorld): SimState => {
  const found = world.sim.ceph.state();
  if (found === undefined) throw new Error("there is no Ceph");
  return found;
};
const setStatus = (world: CrashWorld, change: (status: NonNullable<CephCluster["status"]>) => object): void => {
  const cluster = world.user.get(CephCluster, clusterKey);
  if (cluster !== undefined) world.user.setStatus(CephCluster, cluster, { ...cluster.status, ...change(cluster.status ?? {}) });
};
const secretData = (name: string, field: string, value: string) => (world: CrashWorld) =>
  edit(world, Secret, name, (secret) => ({ ...secret, data: { ...secret.data, [field]: btoa(value) } }));
const podSpec =
  (change: object) =>
  (deployment: Deployment): Deployment => {
    const { spec } = deployment;
    if (spec === undefined) return deployment;
    return { ...deployment, spec: { ...spec, template: { ...spec.template, spec: { containers: [], ...spec.template.spec, ...change } } } };
  };
const moreEnv =
  (variable: { name: string; value: string }) =>
  (deployment: Deployment): Deployment => {
    const containers = deployment.spec?.template.spec?.containers ?? [];
    return podSpec({ containers: containers.map((each) => ({ ...each, env: [...(each.env ?? []), variable] })) })(deployment);
  };

/** Row of the audit, what is changed, workload, the change, and what a plan says then. */
export const spoiledEnds: readonly (readonly [
  row: string,
  what: string,
  workload: string,
  spoil: (world: CrashWorld) => void,
  said: RegExp,
])[] = [
  [
    "M1",
    "a label left on a node",
    "restart",
    (w) => edit(w, Node, "node1", label("left", "over")),
    /Node node1 ends otherwise.*labels\.left/,
  ],
  [
    "M1",
    "a cordon left",
    "restart",
    (w) => edit(w, Node, "node2", (n) => ({ ...n, spec: { ...n.spec, unschedulable: true } })),
    /Node node2 .*unschedulable/,
  ],
  [
    "M1",
    "the role of the wrong mgr",
    "restart",
    (w) => edit(w, Pod, "rook-ceph-mgr-b", label("mgr_role", "active")),
    /mgr-b ends otherwise.*mgrRole/,
  ],
  [
    "M1",
    "a label of a namespace",
    "restart",
    (w) => edit(w, Namespace, namespace, label("left", "over")),
    /Namespace rook-ceph ends otherwise/,
  ],
  [
    "M2",
    "an object held by a finalizer",
    "restart",
    (w) =>
      w.user.remove(
        Secret,
        (edit(
          w,
          Secret,
          "rook-ceph-config",
          withMeta(() => ({ finalizers: ["a.example/b"] })),
        ),
        w.user.get(Secret, { namespace, name: "rook-ceph-config" }) as Secret),
      ),
    /Secret rook-ceph\/rook-ceph-config .*isBeingDeleted/,
  ],
  [
    "M2",
    "an object in another namespace",
    "restart",
    (w) => void w.user.create(Secret, { apiVersion: "v1", kind: "Secret", metadata: { namespace: "default", name: "rook-ceph-config" } }),
    /Secret default\/rook-ceph-config is there/,
  ],
  ["M2", "an owner that is dead", "restart", (w) => edit(w, Secret, "rook-ceph-config", own({ uid: "dead" })), /isAlive: false/],
  [
    "M2",
    "an owner that is no controller",
    "restart",
    (w) => edit(w, Secret, "rook-ceph-config", own({ controller: false })),
    /controller: false/,
  ],
  [
    "M3",
    "a Pod on another node",
    "restart",
    (w) => edit(w, Deployment, "rook-ceph-crashcollector-node1", podSpec({ nodeSelector: { "kubernetes.io/hostname": "node3" } })),
    /Pod rook-ceph\/rook-ceph-crashcollector-node1 ends otherwise: .*\+ node: node3/,
  ],
  [
    "M3",
    "a Pod of another image",
    "restart",
    (w) =>
      edit(w, Pod, "rook-ceph-mon-a", (p) => ({
        ...p,
        spec: { ...p.spec, containers: (p.spec?.containers ?? []).map((each) => ({ ...each, image: "other" })) },
      })),
    /images\[0\]: other/,
  ],
  [
    "M3",
    "a Pod that is not ready",
    "restart",
    (w) => {
      const [pod] = w.user.list(Pod, namespace);
      if (pod) w.user.setStatus(Pod, pod, { ...pod.status, conditions: [{ type: "Ready", status: "False" }] });
    },
    /\+ ready: "?False/,
  ],
  [
    "M4",
    "a generation that was not observed",
    "restart",
    (w) => setStatus(w, () => ({ observedGeneration: 77 })),
    /status\.observedGeneration: an older one/,
  ],
  [
    "M4",
    "a transition time that moved",
    "restart",
    (w) =>
      setStatus(w, ({ conditions = [] }) => ({
        conditions: conditions.map((c) => ({ ...c, lastTransitionTime: "2026-01-01T09:00:00Z" })),
      })),
    /moved while the status stayed/,
  ],
  [
    "M5",
    "a dead fsid",
    "restart",
    (w) => edit(w, Deployment, "rook-ceph-mon-a", annotate("01234567-89ab-4cde-8f01-23456789abcd")),
    /<unknown uuid>/,
  ],
  [
    "M6",
    "a Secret with a wrong key",
    "restart",
    secretData("rook-ceph-mgr-a-keyring", "keyring", "[mgr.a]\n\tkey = AQBAAAAAAAAAABAAvVIMfX0KJ2bHZ1yZ8qkq4Q==\n"),
    /a key that Ceph does not know/,
  ],
  [
    "M7",
    "an address that begins like another",
    "restart",
    (w) => edit(w, Deployment, "rook-ceph-mon-a", annotate("10.96.0.41")),
    /<unknown address>/,
  ],
  [
    "M8",
    "a status that names any MDS",
    "create-filesystem",
    (w) => {
      const fs = w.user.get(CephFilesystem, { namespace, name: "myfs" });
      if (fs) w.user.setStatus(CephFilesystem, fs, { ...fs.status, info: { active: "nobody" } });
    },
    /CephFilesystem rook-ceph\/myfs ends otherwise.*info/,
  ],
  [
    "M9",
    "an OSD below the wrong host",
    "restart",
    (w) => {
      const osd = state(w).osds.get(0);
      if (osd)
        osd.location = [
          ["root", "default"],
          ["host", "elsewhere"],
        ];
    },
    /location: .*host elsewhere/,
  ],
  [
    "M9",
    "a variable whose value is like an id",
    "restart",
    (w) => edit(w, Deployment, "rook-ceph-osd-1", moreEnv({ name: "OTHER", value: "1" })),
    /env\[OTHER\].*value: "1"/,
  ],
  [
    "M10",
    "require_osd_release",
    "restart",
    (w) => {
      state(w).requireOsdRelease = "reef";
    },
    /requireOsdRelease: reef/,
  ],
  [
    "M10",
    "the monmap's addresses",
    "restart",
    (w) => {
      const s = state(w);
      s.mons = s.mons.map((mon) => ({ ...mon, host: "10.96.0.99" }));
    },
    /Ceph's monmap ends otherwise/,
  ],
  [
    "M10",
    "min_mon_release",
    "restart",
    (w) => {
      state(w).minMonRelease = 18;
    },
    /minMonRelease: 18/,
  ],
  [
    "M10",
    "ciphers",
    "restart",
    (w) => {
      state(w).monCiphers.set("auth_service_cipher", "other");
    },
    /Ceph's ciphers ends otherwise/,
  ],
  [
    "M10",
    "full ratios",
    "restart",
    (w) => {
      state(w).osdRatios.full = 0.5;
    },
    /ratios\.full: 0\.5/,
  ],
  [
    "M10",
    "a pool made anew",
    "create-pool",
    (w) => {
      const { pools } = state(w);
      const at = pools.findIndex(({ pool_name }) => pool_name === "images");
      const pool = pools[at];
      if (pool) pools[at] = { ...pool, pool: 99 };
    },
    /images\.pool: 99/,
  ],
  [
    "M10",
    "a pool's contents",
    "create-pool",
    (w) => w.sim.ceph.setObject("images", "rbd_directory", ["id_1"]),
    /images\.objects\.rbd_directory/,
  ],
  [
    "M10",
    "a file system's pools",
    "create-filesystem",
    (w) => {
      state(w).fsMap.filesystems.get("myfs")?.dataPools.push(1);
    },
    /myfs\.dataPools/,
  ],
  [
    "M10",
    "subvolumes",
    "create-filesystem",
    (w) => {
      state(w).fsMap.filesystems.get("myfs")?.groups.get("csi")?.subvolumes.add("pvc");
    },
    /groups\.csi\.subvolumes/,
  ],
  [
    "M10",
    "a mute that is not sticky",
    "restart",
    (w) => {
      state(w).mutes.set("OSD_DOWN", { sticky: false });
    },
    /Ceph's mutes is there/,
  ],
  [
    "M10",
    "a value of config-key",
    "restart",
    (w) => {
      state(w).configKeys.set("a", "b");
    },
    /Ceph's configKeys ends otherwise/,
  ],
  [
    "M11",
    "a user left where no mon answers",
    "delete-the-cluster",
    (w) => {
      state(w).entities.set("client.left", { key: "", caps: {} });
    },
    /client\.left/,
  ],
  [
    "M12",
    "a disk wiped and made anew",
    "restart",
    (w) => {
      const node = w.user.get(Node, { name: "node1" });
      const disk = node && w.sim.disks.on(node)[0];
      if (node && disk) {
        const { content } = disk;
        w.sim.disks.write(node, disk, { type: "empty" });
        w.sim.disks.write(node, disk, content);
      }
    },
    /disk node1\/dev\/sdb from osd to empty: 1 times instead of 0/,
  ],
];
