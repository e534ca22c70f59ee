import { imageOfDeployment } from "../../../src/daemons/image/daemon-images.ts";
import { Deployment, Node, Pod } from "../../../src/kube/kinds.ts";
import { CephCluster, type CephClusterSpec } from "../../../src/schema/ceph-cluster.ts";
import { powerAnnotation } from "../../../src/simkube/controllers/nodes.ts";
import { type CrashWorld, clusterKey, clusterOf } from "../crash-world.ts";
import { change, memory, type Workload } from "../workload.ts";

const reef = "quay.io/ceph/ceph:v18.2.7";
const tentacle = "quay.io/ceph/ceph:v20.2.4";

/** A cluster without what has nothing to do with an update, so that there are fewer plans. */
const reefCluster = (spec: CephClusterSpec = {}) =>
  clusterOf({ cephVersion: { image: reef }, dashboard: { enabled: false }, crashCollector: { disable: true }, ...spec });

/** A user asks for another image. */
function want(world: CrashWorld, image: string): void {
  const cluster = world.user.get(CephCluster, clusterKey);
  if (cluster !== undefined)
    world.user.change(CephCluster, cluster, (c) => ({ ...c, spec: { ...c.spec, cephVersion: { ...c.spec?.cephVersion, image } } }));
}

/** Something happens, once, at the moment at which a daemon's Deployment gets another template. */
function whenChanged(world: CrashWorld, name: string, happen: () => void): void {
  const stop = world.sim.store.subscribe(({ kind }, { type, object, before }) => {
    if (kind !== "Deployment" || type !== "modified" || object.metadata.name !== name) return;
    if (object.metadata.generation === before?.metadata.generation) return;
    stop();
    world.clock.after(0, happen);
  });
}

/** A sentence where not every daemon runs this image, or the OSDs' release is not that of the image. */
function allRun(world: CrashWorld, image: string, release: string): string | undefined {
  const others = world.user.list(Deployment, clusterKey.namespace).filter((each) => imageOfDeployment(each)?.image !== image);
  if (others.length > 0) return `${others.map(({ metadata }) => metadata.name).join(", ")} does not run ${image}`;
  const required = world.sim.ceph.state()?.requireOsdRelease;
  return required === release ? undefined : `OSDs of ${required ?? "no release"} are enough`;
}

const atTentacle = (world: CrashWorld) => allRun(world, tentacle, "tentacle");

/** Updates of Ceph, and changes of daemons' templates, which go the same way. */
export const upgradeWorkloads: readonly Workload[] = [
  {
    name: "upgrade",
    from: reefCluster({ crashCollector: { disable: false } }),
    act: (world) => want(world, tentacle),
    wants: atTentacle,
  },
  {
    name: "upgrade-with-a-pod-deleted-in-the-middle",
    from: reefCluster(),
    act: (world) => {
      whenChanged(world, "rook-ceph-mon-b", () => {
        for (const pod of world.user.list(Pod, clusterKey.namespace)) if (pod.metadata.labels?.["osd"] === "1") world.user.remove(Pod, pod);
      });
      want(world, tentacle);
    },
    wants: atTentacle,
  },
  {
    name: "upgrade-with-a-node-lost-in-the-middle",
    from: reefCluster(),
    act: (world) => {
      const power = (state: string) => {
        const node = world.user.get(Node, { name: "node3" });
        if (node !== undefined)
          world.user.change(Node, node, (each) => ({
            ...each,
            metadata: { ...each.metadata, annotations: { ...each.metadata.annotations, [powerAnnotation]: state } },
          }));
      };
      whenChanged(world, "rook-ceph-mon-b", () => {
        power("off");
        // before it is clear that nothing will change any more
        world.clock.after(90_000, () => power("on"));
      });
      want(world, tentacle);
    },
    wants: atTentacle,
  },
  {
    name: "upgrade-to-a-wrong-image-then-to-the-right-one",
    from: reefCluster(),
    act: (world) => {
      want(world, "quay.io/ceph/ceph:nonsense");
      world.clock.after(40_000, () => want(world, tentacle));
    },
    wants: atTentacle,
  },
  {
    name: "upgrade-that-a-pool-holds-up",
    from: reefCluster(),
    before: (world) => {
      const pools = world.sim.ceph.state()?.pools;
      const [first] = pools ?? [];
      if (first !== undefined) pools?.push({ ...first, pool: 2, pool_name: "rbd", size: 2, min_size: 2 });
    },
    act: (world) => want(world, tentacle),
    ends: "UpdatingOSDs",
    wants: (world) => {
      const said = world.user.get(CephCluster, clusterKey)?.status?.message ?? "";
      return said.includes("osd.0 waits") && said.includes("pool rbd (size 2, min_size 2)")
        ? undefined
        : `what is said does not help: ${said}`;
    },
  },
  {
    name: "downgrade",
    from: clusterOf({ dashboard: { enabled: false } }),
    act: (world) => want(world, reef),
    ends: "DowngradeRefused",
    wants: (world) => allRun(world, tentacle, "tentacle"),
  },
  change(
    "osd-template-in-batches",
    { resources: { osd: memory("4Gi") } },
    {
      from: clusterOf({ dashboard: { enabled: false }, crashCollector: { disable: true } }),
      disks: () => "sdb sdc sdd",
      wants: (world) =>
        world.user
          .list(Deployment, clusterKey.namespace)
          .filter(({ metadata }) => metadata.labels?.["app"] === "rook-ceph-osd")
          .every((each) => each.spec?.template.spec?.containers[0]?.resources?.requests?.["memory"] === "4Gi")
          ? undefined
          : "an OSD is as it was",
    },
  ),
];
