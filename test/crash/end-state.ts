import type { Node } from "../../src/kube/kinds.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { DiskContent } from "../../src/simceph/sim-disks.ts";
import { nameOfKey } from "../../src/simceph/sim-folders.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import { cephEnd } from "./ceph-end.ts";
import { linesOf } from "./lines.ts";
import { createMask, ownerNameOf, pinnedTo } from "./mask.ts";
import { sorted } from "./sorted.ts";

/** What a world has come to: by thing (`Secret rook-ceph/rook-ceph-mon`, `Ceph's pools`) its lines, with what chance decides masked. */
export type EndState = ReadonlyMap<string, string>;

/**
 * Events are counted in the tally; ReplicaSets and service accounts are the simulation's; a Lease is there or not by whether there is an
 * election; nobody writes CustomResourceDefinitions after the beginning.
 */
const left: ReadonlySet<string> = new Set(["Event", "Lease", "ReplicaSet", "ServiceAccount", "CustomResourceDefinition"]);

/** Lines by the masked JSON that they show: nearly all things are alike in nearly all plans. */
const known = new Map<string, string>();
const mostKnown = 5_000;

function show(json: string): string {
  const lines = known.get(json) ?? linesOf(JSON.parse(json)).sort().join("\n");
  if (known.size >= mostKnown) known.clear();
  known.set(json, lines);
  return lines;
}

/** What `sim` has come to. `movedTimes` has the transition times that moved although nothing did: `CephCluster rook-ceph/rook-ceph Ready`. */
export function endStateOf(sim: SimCluster, movedTimes: ReadonlySet<string> = new Set()): EndState {
  const out = new Map<string, string>();
  const mask = createMask(sim);
  const alive = new Set(sim.store.resources().flatMap((resource) => sim.store.list(resource).map(({ metadata }) => metadata.uid)));
  const pods: string[] = [];
  for (const resource of sim.store.resources()) {
    if (left.has(resource.kind)) continue;
    for (const object of sim.store.list(resource)) {
      const id = mask.text(thingOf(resource.kind, object));
      if (resource.kind === "Pod") pods.push(`${id}\n${show(mask.object(JSON.stringify(sorted(shownPod(sim, object, alive))), object))}`);
      else if (resource.kind === "Node") out.set(id, show(mask.object(JSON.stringify(sorted(shownNode(sim, object))), object)));
      else {
        const shown = shownObject(resource.kind, resource.kind === "CephFilesystem" ? withRoles(sim, object) : object, alive, movedTimes);
        out.set(id, show(mask.object(JSON.stringify(sorted(shown)), object)));
      }
    }
  }
  // several Pods of one owner are told apart by their order
  const times = new Map<string, number>();
  for (const pod of pods.sort()) {
    const end = pod.indexOf("\n");
    const id = pod.slice(0, end);
    const n = (times.get(id) ?? 0) + 1;
    times.set(id, n);
    out.set(n === 1 ? id : `${id}, number ${n}`, pod.slice(end + 1));
  }
  for (const [what, said] of Object.entries(cephEnd(sim, mask)))
    if (Object.keys(said).length > 0) out.set(`Ceph's ${what}`, show(mask.text(JSON.stringify(sorted(said)))));
  return out;
}

/** `Secret rook-ceph/rook-ceph-mon`; a Pod by its owner. */
export function thingOf(kind: string, object: SimObject): string {
  const { namespace } = object.metadata;
  const name = kind === "Pod" ? ownerNameOf(object) : (object.metadata.name ?? "");
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function shownMeta({ metadata }: SimObject, alive: ReadonlySet<string | undefined>): object {
  const { labels, annotations, finalizers, ownerReferences, deletionTimestamp } = metadata;
  return {
    labels: withoutHash(labels),
    annotations,
    finalizers,
    isBeingDeleted: deletionTimestamp === undefined ? undefined : true,
    owners: ownerReferences?.map(({ kind, name, uid, controller, blockOwnerDeletion }) => ({
      name: kind === "ReplicaSet" ? `${kind} of ${name.slice(0, name.lastIndexOf("-"))}` : `${kind} ${name}`,
      isAlive: alive.has(uid),
      controller,
      blockOwnerDeletion,
    })),
  };
}

/** The hash of a template is told by the template, and the role of a mgr apart. */
function withoutHash(labels: Readonly<Record<string, string>> | undefined): object | undefined {
  const { "pod-template-hash": _hash, mgr_role: _role, ...others } = labels ?? {};
  return labels === undefined ? undefined : others;
}

function shownObject(kind: string, object: SimObject, alive: ReadonlySet<string | undefined>, movedTimes: ReadonlySet<string>): object {
  const { apiVersion: _a, kind: _k, metadata, status, ...content } = object;
  const { observedGeneration, conditions, ...more } = fieldsOf(status);
  const observed = (generation: unknown) =>
    generation === undefined ? undefined : generation === metadata.generation ? "the newest" : "an older one";
  return {
    ...content,
    metadata: shownMeta(object, alive),
    ...(status === undefined
      ? {}
      : {
          status: {
            ...more,
            observedGeneration: observed(observedGeneration),
            conditions: Array.isArray(conditions)
              ? conditions.map(fieldsOf).map((condition) => ({
                  ...condition,
                  observedGeneration: observed(condition["observedGeneration"]),
                  ...(movedTimes.has(`${thingOf(kind, object)} ${String(condition["type"])}`)
                    ? { lastTransitionTime: "moved while the status stayed" }
                    : {}),
                }))
              : undefined,
          },
        }),
  };
}

/** Which MDS serves is chance; the status names those that Ceph has, or others. */
function withRoles(sim: SimCluster, object: SimObject): SimObject {
  const status = fieldsOf(object["status"]);
  const info = fieldsOf(status["info"]);
  const mdss = (sim.ceph.state(object.metadata.namespace)?.fsMap.mdss ?? []).filter(
    ({ filesystem }) => filesystem === object.metadata.name,
  );
  const namesOf = (isActive: boolean) =>
    mdss
      .filter(({ state }) => (state === "active") === isActive)
      .map(({ name }) => name)
      .sort()
      .join();
  const say = (field: string, names: string) =>
    info[field] === undefined
      ? {}
      : { [field]: JSON.stringify(info[field]).slice(1, -1).split(",").sort().join() === names ? "those that Ceph has" : info[field] };
  return { ...object, status: { ...status, info: { ...info, ...say("active", namesOf(true)), ...say("standby", namesOf(false)) } } };
}

/** Which mgr is active is chance; its Pod's label says what Ceph says, or something else. */
function mgrRole(sim: SimCluster, { metadata: { namespace, labels } }: SimObject): string | undefined {
  const said = labels?.["mgr_role"];
  if (said === undefined) return undefined;
  const is = sim.ceph.state(namespace)?.mgrs[0]?.name === labels?.["mgr"] ? "active" : "standby";
  return said === is ? "as Ceph has it" : said;
}

function shownPod(sim: SimCluster, pod: SimObject, alive: ReadonlySet<string | undefined>): object {
  const { phase, conditions } = fieldsOf(pod["status"]);
  const { nodeName, containers } = fieldsOf(pod["spec"]);
  const ready = (Array.isArray(conditions) ? conditions.map(fieldsOf) : []).find(({ type }) => type === "Ready");
  return {
    metadata: shownMeta(pod, alive),
    mgrRole: mgrRole(sim, pod),
    phase,
    ready: ready?.["status"],
    // where the scheduler may choose, what it chose depends on what was there then
    node: pinnedTo(pod) === undefined && nodeName !== undefined ? "any" : nodeName,
    images: (Array.isArray(containers) ? containers : []).map((container) => fieldsOf(container)["image"]),
  };
}

function shownNode(sim: SimCluster, node: SimObject): object {
  const { labels, annotations, finalizers } = node.metadata;
  const { conditions } = fieldsOf(node["status"]);
  const ready = (Array.isArray(conditions) ? conditions.map(fieldsOf) : []).find(({ type }) => type === "Ready");
  const folders = [...sim.folders.on(node.metadata.name ?? "")].map(([path, by]) => [path, ownerOfFolder(sim, by)]);
  return {
    labels,
    annotations,
    finalizers,
    spec: node["spec"],
    ready: ready?.["status"],
    disks: Object.fromEntries(sim.disks.on(node as unknown as Node).map(({ name, content }) => [name, withoutId(content)])),
    folders: Object.fromEntries(folders),
  };
}

/** Which id an OSD got is chance; its uuid tells its place. */
function withoutId(content: DiskContent): object {
  return content.type === "osd" ? { type: content.type, fsid: content.fsid, uuid: content.uuid } : content;
}

/** Whose mon's folder it is: the newest cluster's, or an older one's. */
function ownerOfFolder(sim: SimCluster, by: string): string {
  const key = sim.ceph.state()?.entities.get("mon.")?.key;
  return by === "" ? "there" : by === nameOfKey(key ?? "") ? "the newest cluster's" : "an older cluster's";
}
