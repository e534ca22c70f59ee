import { isSettled } from "../../src/daemons/pod/pods.ts";
import { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { Deployment } from "../../src/kube/kinds.ts";
import { forceDeletion } from "../../src/resource/is-forced.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { SimFilesystem } from "../../src/simceph/sim-filesystem.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import type { VirtualClock } from "../../src/simkube/virtual-clock.ts";
import { sameDaemon } from "./mon-invariants.ts";

/** Ready may be said of a world that is as old as this: changes take time to be seen. */
const seenWithinMs = 2000;

/**
 * Watches what must hold of file systems at every step: where standbys are wanted, no MDS with a rank is stopped while none can take over;
 * none is stopped while its rank hands over what it has; those that serve and follow run one version; no subvolumes are lost; and Ready is said only when it is true.
 */
export function watchFilesystems(
  sim: SimCluster,
  clock: VirtualClock,
  isUsersDoing: () => boolean,
  say: (violation: string) => void,
): void {
  let lastTrouble = Number.NEGATIVE_INFINITY;

  const onDeployment = ({ type, object, before }: Change): void => {
    if (type === "added" || before === undefined || object.metadata.labels?.["app"] !== "rook-ceph-mds" || isUsersDoing()) return;
    if (type !== "deleted" && sameDaemon(before, object)) return;
    const state = sim.ceph.state();
    const mds = state?.fsMap.mdss.find(({ name }) => name === object.metadata.labels?.["mds"]);
    const filesystem = state?.fsMap.filesystems.get(mds?.filesystem ?? "");
    const wanted = findWanted(mds?.filesystem ?? "");
    if (state === undefined || mds === undefined || filesystem === undefined || wanted === undefined) return;
    if (wanted.metadata.deletionTimestamp !== undefined) return;
    if (mds.state === "stopping") say(`mds ${mds.name} is stopped while rank ${mds.rank} hands over`);
    // Ceph may still show as standing by what is just being stopped
    const others = state.fsMap.mdss.filter(({ name, state: its }) => name !== mds.name && its.startsWith("standby") && isSteady(name));
    const needy = state.fsMap.mdss.find(
      (each) => each.filesystem === mds.filesystem && each.state === "active" && (each === mds || !isSteady(each.name)),
    );
    if (needy !== undefined && wantsStandbys(wanted) && others.length === 0)
      say(`mds ${mds.name} is stopped, and nobody can take rank ${needy.rank}`);
  };

  /** No change of the MDS's Deployment is under way. */
  const isSteady = (name: string): boolean => {
    const deployment = typedStore(sim.store)
      .list(Deployment, "rook-ceph")
      .find(({ metadata }) => metadata.labels?.["mds"] === name);
    return deployment !== undefined && isSettled(deployment, true);
  };

  const findWanted = (name: string): SimObject | undefined =>
    sim.store.get(sim.store.resource(CephFilesystem), { namespace: "rook-ceph", name });

  const onFilesystem = ({ type, object, before }: Change): void => {
    if (type === "deleted" || readyOf(object) !== "True" || readyOf(before) === "True") return;
    if (clock.now() - lastTrouble < seenWithinMs) return;
    const state = sim.ceph.state();
    const filesystem = state?.fsMap.filesystems.get(object.metadata.name ?? "");
    const { activeCount, activeStandby } = fieldsOf(fieldsOf(object["spec"])["metadataServer"]);
    const active = state?.fsMap.mdss.filter((mds) => mds.filesystem === filesystem?.name && mds.state === "active").length;
    const standbys = state?.fsMap.mdss.filter((mds) => mds.state.startsWith("standby")).length ?? 0;
    const untrue = [
      ...(filesystem === undefined ? ["there is no such file system"] : []),
      ...(active === activeCount ? [] : [`${String(active)} ranks are active`]),
      ...(activeStandby === true && standbys < Number(activeCount) ? [`${standbys} MDSs stand by`] : []),
    ];
    if (untrue.length > 0) say(`Ready is said of file system ${object.metadata.name ?? ""}, but ${untrue.join(", ")}`);
  };

  const saidMixed = new Set<string>();
  sim.ceph.intercept((_command, when) => {
    if (when !== "after") return;
    for (const name of sim.ceph.state()?.fsMap.filesystems.keys() ?? []) {
      const members = sim.ceph.state()?.fsMap.mdss.filter(({ filesystem }) => filesystem === name) ?? [];
      if (saidMixed.has(name) || new Set(members.map(({ version }) => version)).size < 2) continue;
      saidMixed.add(name);
      say(`file system ${name} is served by ${members.map((mds) => `${mds.version} (rank ${mds.rank}, ${mds.state})`).join(" and ")}`);
    }
  });

  const subvolumesOf = (filesystem: SimFilesystem): number =>
    filesystem.subvolumes.size + [...filesystem.groups.values()].reduce((sum, group) => sum + group.subvolumes.size, 0);
  sim.ceph.intercept(({ prefix, fs_name: name }, when) => {
    if ((prefix !== "fs fail" && prefix !== "fs rm") || when !== "before") return;
    const filesystem = sim.ceph.state()?.fsMap.filesystems.get(String(name));
    const count = filesystem === undefined ? 0 : subvolumesOf(filesystem);
    const annotations = findWanted(String(name))?.metadata.annotations;
    if (count > 0 && annotations?.[forceDeletion] !== "true")
      say(`ceph ${prefix} takes file system ${String(name)} with ${count} subvolumes`);
  });

  sim.store.subscribe((resource, change) => {
    if (resource.kind === "Deployment") onDeployment(change);
    if (resource.kind === CephFilesystem.kind) onFilesystem(change);
    if (resource.kind === "Pod" && (change.type === "deleted" || change.object.metadata.deletionTimestamp !== undefined))
      lastTrouble = clock.now();
    if (resource.kind === "Node") lastTrouble = clock.now();
  });
}

function wantsStandbys(object: SimObject): boolean {
  return fieldsOf(fieldsOf(object["spec"])["metadataServer"])["activeStandby"] === true;
}

function readyOf(object: SimObject | undefined): unknown {
  const conditions = fieldsOf(object?.["status"])["conditions"];
  return Array.isArray(conditions) ? conditions.map(fieldsOf).find((c) => c["type"] === "Ready")?.["status"] : undefined;
}
