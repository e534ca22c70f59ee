import { cephxKeyType } from "../../src/ceph/cephx-key.ts";
import { parseKeyring } from "../../src/ceph/keyring.ts";
import { type Deployment, Node, Secret, type Service } from "../../src/kube/kinds.ts";
import { hasQuorum } from "../../src/simceph/observe.ts";
import type { SimFilesystem } from "../../src/simceph/sim-filesystem.ts";
import { nameOfKey } from "../../src/simceph/sim-folders.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";

/** What a world has come to, with everything masked that may differ between two runs: one text for each thing. */
export type EndState = ReadonlyMap<string, string>;

const left: ReadonlySet<string> = new Set(["Event", "Lease", "ReplicaSet", "Pod", "CustomResourceDefinition", "Namespace", "Node"]);

/** Objects but Pods, of which only the number for each owner; and Ceph. */
export function endStateOf(sim: SimCluster): EndState {
  const out = new Map<string, string>();
  const mask = maskOf(sim);
  for (const resource of sim.store.resources()) {
    if (left.has(resource.kind)) continue;
    for (const object of sim.store.list(resource)) {
      const { name, labels, annotations, finalizers, ownerReferences } = object.metadata;
      const owners = ownerReferences?.map((owner) => `${owner.kind} ${owner.name}`);
      const shown = { ...object, apiVersion: undefined, kind: undefined, metadata: { labels, annotations, finalizers, owners } };
      out.set(mask(`${resource.kind} ${name ?? ""}`, object), mask(JSON.stringify(sorted(shown)), object));
    }
  }
  const pods = new Map<string, number>();
  for (const pod of sim.store.list(sim.store.resource({ apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true }))) {
    const phase = fieldsOf(pod["status"])["phase"];
    const id = mask(`Pods of ${ownerNameOf(pod)}, ${String(phase)}`, pod);
    pods.set(id, (pods.get(id) ?? 0) + 1);
  }
  for (const [id, count] of pods) out.set(id, String(count));
  for (const node of sim.store.list(sim.store.resource(Node))) {
    const name = node.metadata.name ?? "";
    const disks = sim.disks.on(node).map((disk) => {
      const { content } = disk;
      return `${disk.name}: ${content.type === "osd" ? `${content.type} of ${content.fsid}` : content.type}`;
    });
    const folders = [...sim.folders.on(name)].map(([path, known]) => `${path}: ${ownerOfFolder(sim, known)}`);
    out.set(`${name}'s disks and folders`, mask([...disks, ...folders].join("; ")));
  }
  for (const [what, said] of Object.entries(cephState(sim)))
    out.set(
      `Ceph's ${what}`,
      said
        .map((each) => mask(each))
        .sort()
        .join("; "),
    );
  return out;
}

/** Whose mon's folder it is: the newest cluster's, or an older one's. */
function ownerOfFolder(sim: SimCluster, known: string): string {
  const key = sim.ceph.state()?.entities.get("mon.")?.key;
  return known === "" ? "" : known === nameOfKey(key ?? "") ? "the newest cluster's" : "an older cluster's";
}

/** `rook-ceph-mon-a` of the Pod `rook-ceph-mon-a-5158c6562e-26dd4`. */
export function ownerNameOf(object: SimObject): string {
  const owner = object.metadata.ownerReferences?.find((o) => o.controller === true);
  if (owner === undefined) return object.metadata.name ?? "";
  return owner.kind === "ReplicaSet" ? owner.name.slice(0, owner.name.lastIndexOf("-")) : owner.name;
}

/**
 * Masks what chance or order decides: identity, addresses, times, and which OSD got which id. Keys are shown as whether Ceph knows them.
 * The object decides which OSD it is about.
 */
export function maskOf(sim: SimCluster): (text: string, object?: SimObject) => string {
  const state = sim.ceph.state();
  const words = new Map<string, string>();
  for (const service of sim.store.list(sim.store.resource({ apiVersion: "v1", kind: "Service", plural: "services", namespaced: true }))) {
    const ip = (service as unknown as Service).spec?.clusterIP;
    if (ip !== undefined && ip !== "None") words.set(ip, `<address of ${service.metadata.name ?? ""}>`);
  }
  const places = new Map<number, string>();
  for (const deployment of sim.store.list(
    sim.store.resource({ apiVersion: "apps/v1", kind: "Deployment", plural: "deployments", namespaced: true }),
  )) {
    const env = (deployment as unknown as Deployment).spec?.template.spec?.containers[0]?.env ?? [];
    const valueOf = (name: string) => env.find((variable) => variable.name === name)?.value;
    const id = deployment.metadata.labels?.["ceph-osd-id"];
    if (id !== undefined) places.set(Number(id), `${valueOf("ROOK_NODE_NAME") ?? ""}${valueOf("ROOK_BLOCK_PATH") ?? ""}`);
  }
  for (const osd of state?.osds.values() ?? []) words.set(osd.uuid, `<uuid of ${places.get(osd.id) ?? "an OSD without a place"}>`);
  if (state !== undefined) words.set(state.fsid, "<fsid>");
  return (text, object) => {
    let out = unkeyed(text, sim, object);
    for (const [word, mask] of words) out = out.replaceAll(word, mask);
    // which MDS has which rank is chance
    if (object?.["kind"] === "CephFilesystem") out = out.replaceAll(/"(active|standby)":"[^"]+"/g, '"$1":"<MDSs>"');
    const id = object?.metadata.labels?.["ceph-osd-id"];
    if (id !== undefined) {
      const place = places.get(Number(id)) ?? "?";
      out = out
        .replaceAll(new RegExp(`(osd[-.]|--id=|ceph-)${id}\\b`, "g"), `$1<${place}>`)
        .replaceAll(new RegExp(`("(?:value|ceph-osd-id|osd|ceph_daemon_id|app.kubernetes.io/instance)"):"${id}"`, "g"), `$1:"<${place}>"`);
    }
    return (
      out
        .replaceAll(
          /"(lastTransitionTime|lastUpdated|lastChecked|startTime|completionTime|lastProbeTime|lastUpdateTime)":"[^"]*"/g,
          '"$1":""',
        )
        // whose it is has been said where it is anybody's of this cluster
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<another uuid>")
        .replaceAll(/"(observedGeneration)":\d+/g, '"$1":0')
        .replaceAll(/\b\d\d:\d\d:\d\dZ/g, "<time>")
    );
  };
}

/** Secrets hold keys in base64: each is shown as whose it is and whether Ceph has the same. */
function unkeyed(text: string, sim: SimCluster, object: SimObject | undefined): string {
  const data = fieldsOf((object as unknown as Secret | undefined)?.data);
  if (object?.["kind"] !== "Secret") return text;
  const entities = sim.ceph.state()?.entities;
  let out = text;
  for (const [field, value] of Object.entries(data)) {
    const plain = Buffer.from(String(value), "base64").toString();
    const keyring = parseKeyring(plain);
    const shown =
      keyring.length > 0
        ? keyring
            .map(
              ({ entity, key }) =>
                `${entity} ${entities?.get(entity)?.key === key ? "as in Ceph" : "of its own"} ${cephxKeyType(key) ?? ""}`,
            )
            .join(", ")
        : ([...(entities ?? [])].find(([, { key }]) => key === plain)?.[0] ??
          // a key has chance and time in it
          cephxKeyType(plain) ??
          (field === "password" ? "<chance>" : plain));
    out = out.replaceAll(JSON.stringify(value), JSON.stringify(shown));
  }
  return out;
}

function cephState(sim: SimCluster): Record<string, readonly string[]> {
  const state = sim.ceph.state();
  // without a quorum nobody says anything, and what was last known of it depends on who asked last
  if (state === undefined || !hasQuorum(state)) return {};
  const config = [...state.config.values()].map(({ section, mask, name, value }) => `${section}/${mask}/${name} = ${value}`);
  const secret = sim.store.get(sim.store.resource(Secret), { namespace: "rook-ceph", name: "rook-ceph-dashboard-password" });
  const written = Buffer.from((secret as unknown as Secret | undefined)?.data?.["password"] ?? "", "base64").toString();
  return {
    mons: state.mons.map(({ name, version }) => `${name} ${version}`),
    quorum: state.quorum,
    mgrs: state.mgrs.map(({ name, version }) => `${name} ${version}`),
    modules: [...state.mgrModules],
    users: [...state.dashboardUsers].map(
      ([name, password]) => `${name} ${password === written ? "with the password of the Secret" : "with another password"}`,
    ),
    osds: [...state.osds.values()].map(({ uuid, up, in: isIn, version, deviceClass }) => `${uuid} ${up} ${isIn} ${version} ${deviceClass}`),
    entities: [...state.entities].map(
      ([entity, { caps }]) => `${entity.startsWith("osd.") ? "osd" : entity} ${JSON.stringify(sorted(caps))}`,
    ),
    config,
    configKeys: [...state.configKeys.keys()],
    flags: [...state.osdFlags, ...[...state.crushNodeFlags].map(([name, flags]) => `${name} ${[...flags].join(",")}`)],
    pools: state.pools.map(({ pool: _pool, create_time: _created, crush_rule, ...pool }) =>
      JSON.stringify(sorted({ ...pool, crush_rule: state.crushRules.find(({ rule_id }) => rule_id === crush_rule)?.rule_name })),
    ),
    crushRules: state.crushRules.map(({ rule_name, type, steps }) =>
      [rule_name, type, ...steps.map(({ op, item_name, type }) => `${op} ${item_name ?? type ?? ""}`)].join(" "),
    ),
    profiles: [...state.erasureCodeProfiles].map(([name, profile]) => `${name} ${JSON.stringify(sorted(profile))}`),
    filesystems: [...state.fsMap.filesystems.values()].map(sayFilesystem),
    // which of them has which rank is chance
    mdss: state.fsMap.mdss.map(({ version, state: its, filesystem, rank }) => `${version} ${its} ${filesystem ?? ""} ${rank}`),
    mutes: [...state.mutes.keys()],
  };
}

function sayFilesystem({ name, maxMds, standbyCountWanted, allowStandbyReplay, joinable, ranks, groups }: SimFilesystem): string {
  const said = [...groups].map(([group, { quota, pin, subvolumes }]) => `${group} ${quota ?? "infinite"} ${pin ?? ""} ${subvolumes.size}`);
  return `${name} ${maxMds} ${standbyCountWanted ?? ""} ${allowStandbyReplay} ${joinable} ranks ${ranks.size} groups ${said.sort().join()}`;
}

/** The value with its fields in order: which was written first does not count. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sorted(field)]),
  );
}
