import { disasterProtection, names } from "../../../daemons/names.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { ConfigMap, Secret } from "../../../kube/kinds.ts";
import { heldBy, isHeldBy, releasedBy } from "../../../resource/finalizer.ts";
import type { Act } from "../common/act.ts";
import { done } from "../common/outcome.ts";
import type { Step } from "../common/step.ts";
import type { World } from "../common/world.ts";

/**
 * What cannot be made again is held by a finalizer, so that no slip of a hand takes it away. The list of mons can be made again: once somebody
 * has deleted it, it is made anew, since what is being deleted never stops being so.
 */
export async function protectIdentity(world: World, act: Act, { isDeleting }: { isDeleting: boolean }): Promise<Step<never>> {
  const remarks: string[] = [];
  const { kube } = act;
  const { namespace, spec } = world.context;
  if (spec.cleanupPolicy.confirmed && !isDeleting)
    remarks.push("cleanupPolicy.confirmation is set: when this CephCluster is deleted, all its data is destroyed");
  const identity = await kube.get(Secret, { namespace, name: names.identity });
  if (identity?.metadata.deletionTimestamp !== undefined)
    remarks.push(
      `Secret ${names.identity}, the cluster's identity, was deleted and is only held by its finalizer ${disasterProtection}: save it, take the finalizer away, and create it again as it was`,
    );
  else if (identity !== undefined && !isHeldBy(identity, disasterProtection))
    await kube.mergePatch(Secret, { namespace, name: names.identity }, heldBy(identity, disasterProtection));
  const endpoints = await kube.get(ConfigMap, { namespace, name: names.endpoints });
  if (endpoints?.metadata.deletionTimestamp !== undefined) await renew(world, act, endpoints);
  return { outcome: done, remarks };
}

/** The same list in a new object. Where this is cut off in between, the mons' own Deployments tell what was in it. */
async function renew(world: World, act: Act, endpoints: ConfigMap): Promise<void> {
  const { kube } = act;
  const { namespace } = world.context;
  if (isHeldBy(endpoints, disasterProtection))
    await kube.mergePatch(ConfigMap, { namespace, name: names.endpoints }, releasedBy(endpoints, disasterProtection));
  const { labels, annotations } = endpoints.metadata;
  await createOnce(() =>
    kube.create(ConfigMap, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        ...ownedBy(world.context, names.endpoints, labels),
        finalizers: [disasterProtection],
        ...(annotations ? { annotations } : {}),
      },
      ...(endpoints.data ? { data: endpoints.data } : {}),
    }),
  );
}
