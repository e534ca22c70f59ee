import { Deployment, Node, Pod, Service } from "../../src/kube/kinds.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { keyMask } from "./key-mask.ts";

/** Replaces what chance or order decides by what it stands for: identities, addresses, times, names of Pods, and which OSD got which id. */
export interface Mask {
  /** A text about anything. */
  text(text: string): string;
  /** The JSON of an object; `object` is the one. */
  object(json: string, object: SimObject): string;
  /** The place of an OSD, `node1/dev/sdb`, by its id. */
  placeOf(id: string): string;
}

const namespace = "rook-ceph";
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const address = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+0000)|\b\d\d:\d\d:\d\dZ/g;

/** A mask for what is there now. */
export function createMask(sim: SimCluster): Mask {
  const store = typedStore(sim.store);
  const state = sim.ceph.state();
  const places = placesOf(sim);
  const addresses = new Map<string, string>();
  for (const { metadata, spec } of store.list(Service))
    if (spec?.clusterIP !== undefined && spec.clusterIP !== "None")
      addresses.set(spec.clusterIP, `<address of Service ${metadata.name ?? ""}>`);
  for (const pod of store.list(Pod))
    if (pod.status?.podIP !== undefined && pod.status.podIP !== pod.status.hostIP)
      addresses.set(pod.status.podIP, `<address of Pod ${ownerNameOf(pod as unknown as SimObject)}>`);
  const identities = new Map<string, string>();
  const placeOf = (id: string) => places.get(id) ?? "an OSD without a place";
  for (const each of sim.ceph.states()) identities.set(each.fsid, "<fsid of an older cluster>");
  for (const osd of state?.osds.values() ?? []) identities.set(osd.uuid, `<uuid of ${placeOf(String(osd.id))}>`);
  if (state !== undefined) identities.set(state.fsid, "<fsid>");
  let uids: ReadonlyMap<string, string> | undefined;
  const identityOf = (id: string): string => identities.get(id) ?? (uids ??= uidsOf(sim)).get(id) ?? "<unknown uuid>";
  const text = (given: string): string =>
    given
      .replace(time, "<time>")
      .replace(address, (ip) => addresses.get(ip) ?? (ip.startsWith("10.") ? "<unknown address>" : ip))
      .replace(uuid, identityOf)
      .replace(/\bosd([.-])(\d+)\b/g, (_all, between: string, id: string) => `osd${between}<${placeOf(id)}>`);
  const unkey = keyMask(sim);
  return {
    placeOf,
    text,
    object: (json, object) => {
      const plain = text(object["kind"] === "Secret" ? unkey(json, object) : json);
      const id = object.metadata.labels?.["ceph-osd-id"];
      if (id === undefined) return plain;
      return plain
        .replaceAll(`--id=${id}"`, `--id=<${placeOf(id)}>"`)
        .replaceAll(new RegExp(`/ceph-${id}(?!\\d)`, "g"), `/ceph-<${placeOf(id)}>`)
        .replaceAll(new RegExp(`("(?:ceph-osd-id|osd|ceph_daemon_id|app.kubernetes.io/instance)"):"${id}"`, "g"), `$1:"<${placeOf(id)}>"`)
        .replaceAll(new RegExp(`("name":"(?:ROOK_OSD_ID|CEPH_OSD_ID)","value"):"${id}"`, "g"), `$1:"<${placeOf(id)}>"`);
    },
  };
}

/** Where each OSD is, by its id as its Deployment tells it; by Ceph's map where it has none. */
function placesOf(sim: SimCluster): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const store = typedStore(sim.store);
  const state = sim.ceph.state();
  for (const node of store.list(Node))
    for (const { name, content } of sim.disks.on(node)) {
      if (content.type !== "osd" || content.fsid !== state?.fsid) continue;
      for (const { id, uuid: known } of state.osds.values())
        if (known === content.uuid) places.set(String(id), `${node.metadata.name ?? ""}/dev/${name}`);
    }
  for (const { metadata, spec } of store.list(Deployment, namespace)) {
    const env = spec?.template.spec?.containers[0]?.env ?? [];
    const valueOf = (name: string) => env.find((variable) => variable.name === name)?.value ?? "";
    const id = metadata.labels?.["ceph-osd-id"];
    if (id !== undefined && !places.has(id)) places.set(id, `${valueOf("ROOK_NODE_NAME")}${valueOf("ROOK_BLOCK_PATH")}`);
  }
  return places;
}

function uidsOf(sim: SimCluster): ReadonlyMap<string, string> {
  const uids = new Map<string, string>();
  for (const resource of sim.store.resources())
    for (const object of sim.store.list(resource)) uids.set(object.metadata.uid ?? "", `<uid of ${resource.kind} ${nameOf(object)}>`);
  return uids;
}

const nameOf = (object: SimObject): string => (object["kind"] === "Pod" ? ownerNameOf(object) : (object.metadata.name ?? ""));

/** `rook-ceph-mon-a` of the Pod `rook-ceph-mon-a-5158c6562e-26dd4`, whose name ends by chance. */
export function ownerNameOf(object: SimObject): string {
  const owner = object.metadata.ownerReferences?.find((o) => o.controller === true);
  if (owner === undefined) return object.metadata.name ?? "";
  return owner.kind === "ReplicaSet" ? owner.name.slice(0, owner.name.lastIndexOf("-")) : owner.name;
}

/** Hostname of the node that a Pod cannot leave; undefined where it can. */
export function pinnedTo(object: SimObject): string | undefined {
  const hostname = fieldsOf(fieldsOf(object["spec"])["nodeSelector"])["kubernetes.io/hostname"];
  return typeof hostname === "string" ? hostname : undefined;
}
