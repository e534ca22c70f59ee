import { doNotReconcileLabel } from "../../src/daemons/labels.ts";
import { applicationOf, CephBlockPool, poolNameOf } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient, secretNameOf, userOf } from "../../src/kinds/ceph-client/ceph-client.ts";
import { CephFilesystem, isMdsOf, nameOf, ranksOf, standbysOf } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { CephFilesystemSubVolumeGroup, groupNameOf, quotaOf } from "../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import { Deployment, Secret } from "../../src/kube/kinds.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { sizeOf } from "../../src/pools/pool-spec.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { pgState } from "../../src/simceph/placement-groups.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { majority, type SimState } from "../../src/simceph/sim-state.ts";
import { fieldsOf } from "../../src/simkube/api/sim-object.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import type { LiveDaemons } from "./live-daemons.ts";

/** Something that Ready says and that is not so. */
export interface BrokenPromise {
  /** `CephBlockPool a is Ready, but there is no pool a` */
  readonly what: string;
  readonly toldBy: Teller;
}

/**
 * Who tells: Kubernetes at once, or of a node's loss after a while; what only Ceph knows is seen when it is asked next, which the CephCluster's
 * pass does less often than those of what is in it.
 */
export type Teller = "kubernetes" | "lostNode" | "cephToCluster" | "cephToChild";

/** What there is in one namespace, as it is in truth. */
interface Look {
  readonly sim: SimCluster;
  readonly namespace: string;
  readonly state: SimState | undefined;
  readonly live: LiveDaemons;
}

type Broken = readonly (readonly [what: string, toldBy: "kubernetes" | "lostNode" | "ceph"])[];

/** Every promise that is broken now, of every object of every kind that says that it is Ready. */
export function brokenPromises(sim: SimCluster, liveIn: (namespace: string) => LiveDaemons): BrokenPromise[] {
  const store = typedStore(sim.store);
  const looks = new Map<string, Look>();
  const lookAt = (namespace: string): Look => {
    const known = looks.get(namespace);
    if (known !== undefined) return known;
    const made: Look = { sim, namespace, state: sim.ceph.state(namespace), live: liveIn(namespace) };
    looks.set(namespace, made);
    return made;
  };
  const judge = <T extends KubeObject>(object: T, brokenBy: (object: T, look: Look) => Broken): BrokenPromise[] => {
    if (!isJudged(object)) return [];
    const { namespace = "", name = "", generation } = object.metadata;
    const observed = fieldsOf((object as { readonly status?: unknown }).status)["observedGeneration"];
    const broken: Broken = observed === generation ? brokenBy(object, lookAt(namespace)) : [["its spec has changed since", "kubernetes"]];
    const ceph = object.kind === CephCluster.kind ? "cephToCluster" : "cephToChild";
    return broken.map(([what, teller]) => ({
      what: `${object.kind ?? ""} ${name} is Ready, but ${what}`,
      toldBy: teller === "ceph" ? ceph : teller,
    }));
  };
  return [
    ...store.list(CephCluster).flatMap((object) => judge(object, ofCluster)),
    ...store.list(CephBlockPool).flatMap((object) => judge(object, ofPool)),
    ...store.list(CephFilesystem).flatMap((object) => judge(object, ofFilesystem)),
    ...store.list(CephClient).flatMap((object) => judge(object, ofClient)),
    ...store.list(CephFilesystemSubVolumeGroup).flatMap((object) => judge(object, ofGroup)),
  ];
}

/** Whether it says that it is Ready; one that is to be left alone, or that the operator has let go, says what was so then. */
function isJudged({ metadata, ...object }: KubeObject & { readonly status?: unknown }): boolean {
  const conditions = fieldsOf(object.status)["conditions"];
  const ready = Array.isArray(conditions) ? conditions.map(fieldsOf).find((c) => c["type"] === "Ready")?.["status"] : undefined;
  const isLetGo = metadata.deletionTimestamp !== undefined && metadata.finalizers?.some((each) => each.endsWith(".ceph.rook.io")) !== true;
  return ready === "True" && metadata.labels?.[doNotReconcileLabel] === undefined && !isLetGo;
}

function ofCluster(cluster: CephCluster, look: Look): Broken {
  const { state, live } = look;
  if (state === undefined) return [["there is no Ceph", "kubernetes"]];
  const mons = live.of("mon");
  const osds = live.of("osd");
  const mgrs = cluster.spec.mgr?.count || 1;
  return [
    ...state.mons.flatMap(({ name }): Broken => (mons.has(name) ? [] : [[`mon ${name} does not run`, live.toldBy]])),
    ...(live.of("mgr").size < mgrs ? ([[`${live.of("mgr").size} of ${mgrs} mgrs run`, live.toldBy]] as const) : []),
    ...[...state.osds.values()].flatMap((osd): Broken => {
      // comes of a later look at devices
      if (osd.upFrom === 0) return [];
      if (!osds.has(String(osd.id))) return [[`osd.${osd.id} does not run`, live.toldBy]];
      return osd.up && osd.in ? [] : [[`osd.${osd.id} is not up and in`, "ceph"]];
    }),
    ...deploymentsOf(look, cluster),
  ];
}

/** Deployments of an owner that do not have what they ask for. */
function deploymentsOf({ sim, namespace }: Look, owner: KubeObject): Broken {
  return typedStore(sim.store)
    .list(Deployment, namespace)
    .flatMap(({ metadata, spec, status }): Broken => {
      if (metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) !== true) return [];
      if (metadata.labels?.[doNotReconcileLabel] !== undefined) return [];
      const runs = (status?.availableReplicas ?? 0) >= (spec?.replicas ?? 1) && (spec?.replicas ?? 1) > 0;
      return runs ? [] : [[`Deployment ${metadata.name ?? ""} has no Pod that runs`, "kubernetes"]];
    });
}

/** Ceph serves nobody where no majority of its mons runs. */
function isSilent({ state, live }: Look): boolean {
  if (state === undefined) return true;
  const running = live.of("mon");
  return state.mons.filter(({ name }) => running.has(name)).length < majority(state.mons.length);
}

function ofPool(pool: CephBlockPool, look: Look): Broken {
  if (look.state === undefined || isSilent(look)) return [["its Ceph does not answer", "ceph"]];
  const found = look.state.pools.find(({ pool_name }) => pool_name === poolNameOf(pool));
  if (found === undefined) return [["there is no such pool", "ceph"]];
  return [
    ...(found.size === sizeOf(pool.spec) ? [] : ([[`its pool has ${found.size} copies`, "ceph"]] as const)),
    ...(found.flags_names.includes("creating") ? ([["its pool is being made", "ceph"]] as const) : []),
    ...(applicationOf(pool) in found.application_metadata ? [] : ([["its pool is not for its application", "ceph"]] as const)),
    ...(pgState(look.state, found).includes("active") ? [] : ([["its placement groups are inactive", "ceph"]] as const)),
  ];
}

function ofFilesystem(filesystem: CephFilesystem, look: Look): Broken {
  const { state, live } = look;
  if (state === undefined || isSilent(look)) return [["its Ceph does not answer", "ceph"]];
  const found = state.fsMap.filesystems.get(nameOf(filesystem));
  if (found === undefined) return [["there is no such file system", "ceph"]];
  const running = live.of("mds");
  const mdss = state.fsMap.mdss.filter(({ name }) => isMdsOf(filesystem, name) && running.has(name));
  const active = mdss.filter((mds) => mds.state === "active" && mds.filesystem === found.name).length;
  const standbys = mdss.filter((mds) => mds.state.startsWith("standby")).length;
  return [
    ...(active === ranksOf(filesystem) ? [] : ([[`${active} of ${ranksOf(filesystem)} ranks are served`, "ceph"]] as const)),
    ...(standbys >= standbysOf(filesystem) ? [] : ([[`${standbys} of ${standbysOf(filesystem)} MDSs stand by`, "ceph"]] as const)),
    ...deploymentsOf(look, filesystem),
  ];
}

function ofClient(client: CephClient, look: Look): Broken {
  const { sim, namespace, state } = look;
  if (state === undefined || isSilent(look)) return [["its Ceph does not answer", "ceph"]];
  const entity = state.entities.get(`client.${userOf(client)}`);
  if (entity === undefined) return [["there is no such user", "ceph"]];
  const wanted = Object.entries(client.spec.caps);
  const isAsAsked = wanted.length === Object.keys(entity.caps).length && wanted.every(([name, cap]) => entity.caps[name] === cap);
  const secret = typedStore(sim.store).get(Secret, { namespace, name: secretNameOf(client) });
  const key = Buffer.from(secret?.data?.["userKey"] ?? "", "base64").toString();
  return [
    ...(isAsAsked ? [] : ([["its user has other capabilities", "ceph"]] as const)),
    ...secretOf(client.spec.removeSecret === true, secret, key === entity.key),
  ];
}

function secretOf(isUnwanted: boolean, secret: Secret | undefined, isSame: boolean): Broken {
  if (isUnwanted) return [];
  if (secret === undefined) return [["its Secret is not there", "kubernetes"]];
  return isSame ? [] : [["its Secret has not the key that Ceph has", "ceph"]];
}

function ofGroup(group: CephFilesystemSubVolumeGroup, look: Look): Broken {
  if (look.state === undefined || isSilent(look)) return [["its Ceph does not answer", "ceph"]];
  const filesystem = look.state.fsMap.filesystems.get(group.spec.filesystemName);
  if (filesystem === undefined) return [["its file system is not there", "ceph"]];
  const found = filesystem.groups.get(groupNameOf(group));
  if (found === undefined) return [["there is no such group", "ceph"]];
  const wanted = quotaOf(group);
  // a quota is not set below what the group holds, and here it holds nothing
  return (found.quota ?? "infinite") === wanted ? [] : [[`its quota is ${found.quota ?? "infinite"}`, "ceph"]];
}
