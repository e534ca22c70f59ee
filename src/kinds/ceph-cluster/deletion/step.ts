import { apps, disasterProtection, names } from "../../../daemons/names.ts";
import { ConfigMap, Job, Secret } from "../../../kube/kinds.ts";
import { isKubeError } from "../../../kube/kube-error.ts";
import type { Kind, KubeObject, ObjectKey } from "../../../kube/object.ts";
import { sayDependents } from "../../../resource/dependents.ts";
import { hasFinalizer, isHeldBy, releasedBy } from "../../../resource/finalizer.ts";
import { tenantOf } from "../../../resource/tenant.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import type { Act } from "../common/act.ts";
import type { Deletion } from "../common/deletion.ts";
import type { World } from "../common/world.ts";
import { cleanup } from "./cleanup.ts";
import { dependentsIn } from "./dependents.ts";
import { volumesOf } from "./volumes.ts";

/**
 * Whether a CephCluster that is deleted is to be kept alive, or let go at once; undefined where it may be taken away. All that it decides by is
 * read from the API server itself.
 */
export async function deletionHeld(world: World, act: Act, dependentKinds: readonly Kind[]): Promise<Deletion | undefined> {
  const { live, log } = act;
  const { namespace, owner } = world.context;
  const tenant = await tenantOf(live, namespace);
  if (tenant?.metadata.uid !== owner.uid) return letGo(world, act);
  const jobs = await live.list(Job, { namespace, labels: { app: apps.cleanup }, ownerUid: owner.uid });
  // once it has begun, there is no way back
  if (jobs.length > 0) return undefined;
  try {
    return await blockerOf(world, act, dependentKinds);
  } catch (error) {
    act.signal.throwIfAborted();
    log.warn("nobody knows what needs the CephCluster", { namespace, error });
    const why = error instanceof Error ? error.message : String(error);
    return {
      state: "blocked",
      reason: "DependentsUnknown",
      message: `${whoIs(world)} is kept: it could not be read whether objects or volumes need it: ${why}`,
    };
  }
}

/** Takes a CephCluster away as far as can be done now, for which nothing is held. */
export async function deletion(world: World, act: Act): Promise<Deletion> {
  const { spec } = world.context;
  if (spec.cleanupPolicy.confirmed) {
    const { outcome, notes = [] } = await cleanup(world, act);
    if (outcome.state !== "done") return { state: "going", outcome, notes };
  }
  await unprotect(world, act, Secret, names.identity);
  await unprotect(world, act, ConfigMap, names.endpoints);
  return letGo(world, act);
}

const whoIs = ({ context }: World) => `CephCluster "${context.namespace}/${context.clusterName}"`;

/** What keeps it from being deleted, in words. */
async function blockerOf(world: World, act: Act, dependentKinds: readonly Kind[]): Promise<Deletion | undefined> {
  const { context } = world;
  const { namespace, operatorNamespace, spec } = context;
  const who = whoIs(world);
  const dependents = await dependentsIn(act.live, dependentKinds, namespace);
  if (dependents.length > 0)
    return {
      state: "blocked",
      reason: "ObjectHasDependents",
      message: `${who} will not be deleted until all dependents are removed: ${dependents.map(sayDependents).join(", ")}`,
    };
  if (spec.cleanupPolicy.allowUninstallWithVolumes) return undefined;
  const volumes = await volumesOf(act.live, { namespace, operatorNamespace });
  return volumes.length === 0
    ? undefined
    : {
        state: "blocked",
        reason: "VolumesExist",
        message: `${who} will not be deleted while volumes have their data in it: ${sayDependents({ what: "PersistentVolume", count: volumes.length, names: volumes })}; delete them, or set cleanupPolicy.allowUninstallWithVolumes`,
      };
}

/** Lets the CephCluster go, last of all: as long as it is there, everything before is tried again. */
async function letGo({ context: { namespace, clusterName, owner } }: World, act: Act): Promise<Deletion> {
  const cluster = await act.live.get(CephCluster, { namespace, name: clusterName });
  if (cluster?.metadata.uid === owner.uid && hasFinalizer(CephCluster, cluster)) await act.release(cluster);
  return { state: "released" };
}

/** Lets go what is protected. */
async function unprotect<T extends KubeObject>(world: World, act: Act, kind: Kind<T>, name: string): Promise<void> {
  const key: ObjectKey = { namespace: world.context.namespace, name };
  const found = await act.live.get(kind, key);
  if (found === undefined || !isHeldBy(found, disasterProtection)) return;
  await orGone(() => act.kube.mergePatch(kind, key, releasedBy(found, disasterProtection)));
}

async function orGone(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
}
