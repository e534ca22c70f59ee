import { type CephVersion, compareCephVersions, parseCephVersion } from "../../ceph/ceph-version.ts";
import { daemonVersions } from "../../ceph/commands/cluster.ts";
import { type Filesystem, type FsMap, filesystemIn, fsDump } from "../../ceph/commands/fs.ts";
import { mdsVersions } from "../../ceph/commands/mds.ts";
import type { DaemonType } from "../../daemons/daemon-type.ts";
import { type CephImage, imageOfDeployment } from "../../daemons/image/daemon-images.ts";
import { hasLasted } from "../../daemons/image/has-lasted.ts";
import { lastingTypes } from "../../daemons/image/lasting-types.ts";
import { doNotReconcileLabel } from "../../daemons/labels.ts";
import type { DaemonContext } from "../../daemons/pod/context.ts";
import { ownerReference } from "../../daemons/pod/metadata.ts";
import { Deployment, Pod } from "../../kube/kinds.ts";
import type { ChildPass } from "../../resource/child-pass.ts";
import { withDefaults } from "../../schema/defaults.ts";
import { type CephFilesystem, filesystemLabel, isMdsOf, mdsNamesOf, nameOf } from "./ceph-filesystem.ts";
import { mdsType } from "./daemon-type.ts";
import type { MdsVersions } from "./decide-settings.ts";
import { type MdsImages, mdsImages } from "./mds-image.ts";
import { type MdsView, viewMds } from "./mds-view.ts";

export type Pass = ChildPass<CephFilesystem>;

/** What a pass sees at its start. */
export interface View extends MdsImages {
  readonly map: FsMap;
  /** Undefined: Ceph has none of this name. */
  readonly filesystem: Filesystem | undefined;
  /** Those that are wanted, in order; made or not. */
  readonly mdss: readonly MdsView[];
  /** Those that were wanted once, as far as they have a Deployment. */
  readonly surplus: readonly MdsView[];
  /** Every Deployment and Pod of the Ceph cluster. */
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** Names of MDSs that somebody has asked to be left alone. */
  readonly leftAlone: ReadonlySet<string>;
  /** How their versions go together: in an update ranks are reduced to one. */
  readonly versions: MdsVersions;
}

/** Sees the world once, for one pass. */
export async function look({ deps, ceph, cluster, namespace, object }: Pass): Promise<View> {
  const labels = { rook_cluster: namespace };
  const [map, versions, running, all, allPods] = await Promise.all([
    fsDump(ceph),
    daemonVersions(ceph),
    mdsVersions(ceph),
    deps.kube.list(Deployment, { namespace, labels }),
    deps.kube.list(Pod, { namespace, labels }),
  ]);
  const pods = allPods.filter(({ metadata }) => metadata.labels?.["app"] === mdsType.app);
  const ours = all.filter(
    ({ metadata }) => metadata.labels?.["app"] === mdsType.app && metadata.labels[filesystemLabel] === nameOf(object),
  );
  const wanted = mdsNamesOf(object);
  const others = ours
    .flatMap(({ metadata }) => metadata.labels?.["mds"] ?? [])
    .filter((mds) => !wanted.includes(mds) && isMdsOf(object, mds));
  const leftAlone = new Set(
    ours.flatMap(({ metadata }) => (metadata.labels?.[doNotReconcileLabel] === undefined ? [] : (metadata.labels["mds"] ?? []))),
  );
  const types = typesBefore(deps);
  const lasting = lastingTypes(types, { deployments: all, pods: allPods, now: deps.clock.now() });
  const images = mdsImages(cluster.spec.cephVersion?.image ?? "", types, { deployments: all, versions, lasting });
  const minded = ours.filter(({ metadata }) => !leftAlone.has(metadata.labels?.["mds"] ?? ""));
  const run = minded.flatMap((deployment) => imageOfDeployment(deployment) ?? []);
  const podsOf = Map.groupBy(pods, ({ metadata }) => metadata.labels?.["mds"]);
  const isEnding = pods.some(({ metadata }) => metadata.deletionTimestamp !== undefined && isMdsOf(object, metadata.labels?.["mds"] ?? ""));
  // a tag may stand for other versions on other nodes, for good
  const haveLasted =
    !isEnding && minded.every((each) => hasLasted(each, podsOf.get(each.metadata.labels?.["mds"]) ?? [], deps.clock.now()));
  const filesystem = filesystemIn(map, nameOf(object));
  const members = new Set(Object.values(filesystem?.mdsmap.info ?? {}).map(({ name }) => name));
  const isCounted = (mds: string) => !leftAlone.has(mds) && (members.has(mds) || isMdsOf(object, mds));
  const viewOf = (mds: string) => viewMds(mds, ours, pods, map);
  return {
    map,
    filesystem,
    mdss: wanted.map(viewOf),
    surplus: others.map(viewOf),
    deployments: all,
    pods: allPods,
    leftAlone,
    ...images,
    versions: howVersionsGo(
      images.target,
      run,
      haveLasted ? undefined : [...running].flatMap(([mds, version]) => (isCounted(mds) ? (parseCephVersion(version) ?? []) : [])),
    ),
  };
}

/**
 * `made`: what the Deployments make the MDSs run; `running`: what Ceph says that they do run, until each has ended; undefined where each has run
 * what it was made to for so long that no other version is to be expected of it.
 */
export function howVersionsGo(
  target: CephImage | undefined,
  made: readonly CephImage[],
  running: readonly CephVersion[] | undefined,
): MdsVersions {
  if (target !== undefined && made.some(({ label }) => label !== target.label)) return "updating";
  const [first, ...others] = [...(target === undefined ? [] : [target.version]), ...made.map(({ version }) => version), ...(running ?? [])];
  return first === undefined || others.every((each) => compareCephVersions(each, first) === 0) ? "alike" : "mixed";
}

/** Daemons that change before MDSs in an update. */
export function typesBefore({ daemonTypes }: Pass["deps"]): readonly DaemonType[] {
  return daemonTypes.filter(({ updateTurn }) => updateTurn < mdsType.updateTurn);
}

/** What an MDS's Deployment is built with. */
export function contextFor({ deps, cluster, namespace, object, status }: Pass): DaemonContext {
  return {
    namespace,
    clusterName: cluster.metadata.name ?? "",
    operatorNamespace: deps.operatorNamespace,
    owner: ownerReference(object),
    spec: withDefaults(cluster.spec),
    fsid: status.fsid,
  };
}
