import { Pod } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { CephCluster } from "../schema/ceph-cluster.ts";
import type { KubeStore } from "../simkube/api/store.ts";
import { demoKey } from "./demo-cluster.ts";

export interface UpgradeShow {
  /** As a user has it. */
  readonly kube: Kube;
  readonly store: KubeStore;
  readonly image: string;
  /** Says what the user does. */
  readonly tell: (text: string) => void;
}

/**
 * A user's upgrade of Ceph, with a Pod deleted in the middle: when the first OSD runs the new image, the Pod of one that does not yet is
 * deleted. Resolves when the cluster is Ready with every daemon at the new image; never, where that does not come.
 */
export async function showUpgrade({ kube, store, image, tell }: UpgradeShow): Promise<void> {
  tell(`kubectl patch cephcluster rook-ceph: spec.cephVersion.image is now ${image}`);
  await kube.mergePatch(CephCluster, demoKey, { spec: { cephVersion: { image } } });

  const victim = await when(store, () => {
    const osds = podsOf(store).filter(({ metadata }) => metadata.labels?.["app"] === "rook-ceph-osd");
    const old = osds.filter((pod) => imageOf(pod) !== image && pod.metadata.deletionTimestamp === undefined);
    return old.length === osds.length ? undefined : { pod: old.at(-1) };
  });
  if (victim.pod !== undefined) {
    const { name = "" } = victim.pod.metadata;
    tell(`kubectl delete pod ${name}: in the middle of the upgrade`);
    await kube.delete(Pod, { namespace: demoKey.namespace, name });
  }
  await when(store, () => (isReady(store) && daemonsOf(store).every((pod) => imageOf(pod) === image) ? {} : undefined));
}

/** Asks now and after every change, until there is an answer. */
function when<T extends object>(store: KubeStore, ask: () => T | undefined): Promise<T> {
  const answer = Promise.withResolvers<T>();
  const look = (): boolean => {
    const found = ask();
    if (found !== undefined) answer.resolve(found);
    return found !== undefined;
  };
  if (!look()) {
    const unsubscribe = store.subscribe(() => {
      if (look()) unsubscribe();
    });
  }
  return answer.promise;
}

function podsOf(store: KubeStore): Pod[] {
  return store.list(store.resource(Pod), demoKey.namespace) as unknown as Pod[];
}

function daemonsOf(store: KubeStore): Pod[] {
  const apps = ["mon", "mgr", "osd"].map((type) => `rook-ceph-${type}`);
  return podsOf(store).filter(({ metadata }) => apps.includes(metadata.labels?.["app"] ?? ""));
}

const imageOf = (pod: Pod) => pod.spec?.containers[0]?.image;

function isReady(store: KubeStore): boolean {
  const cluster = store.get(store.resource(CephCluster), demoKey) as unknown as CephCluster | undefined;
  const ready = cluster?.status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" && ready.observedGeneration === cluster?.metadata.generation;
}
