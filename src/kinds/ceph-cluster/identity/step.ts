import { makeCephxKey } from "../../../ceph/cephx-key.ts";
import { type ClusterIdentity, identityOf } from "../../../daemons/identity.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { apps, names } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { ConfigMap, Secret } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { blocked, done, notYet, waiting } from "../common/outcome.ts";
import type { Step } from "../common/step.ts";
import type { Versions } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { identitySecret, overrideConfigMap } from "./build.ts";
import { randomUuid } from "./random-uuid.ts";

/**
 * What makes this cluster this cluster: fsid and first keys. Made once, never over, and never where mons already run: a
 * cluster whose identity is lost has to get it back, not a new one.
 */
export async function ensureIdentity(
  world: World,
  act: Act,
  { versions }: { versions: Versions | undefined },
): Promise<Step<ClusterIdentity>> {
  const { kube } = act;
  const { namespace } = world.context;
  if ((await kube.get(ConfigMap, { namespace, name: names.override })) === undefined)
    await createOnce(() => kube.create(ConfigMap, overrideConfigMap(world.context)));

  const secret = await kube.get(Secret, { namespace, name: names.identity });
  if (secret !== undefined) {
    const found = identityOf(secret);
    if (found === undefined)
      return {
        outcome: blocked(
          "IdentityMissing",
          `Secret ${names.identity} lacks one of fsid, mon-secret, ceph-username, ceph-secret; restore it from a backup`,
        ),
      };
    return { outcome: done, found };
  }
  if (
    world.deployments.some((d) => d.metadata.labels?.["app"] === apps.mon) ||
    (await kube.get(ConfigMap, { namespace, name: names.endpoints })) !== undefined
  )
    return {
      outcome: blocked(
        "IdentityMissing",
        `Secret ${names.identity} is gone, but mons of this cluster exist; restore it from a backup: it holds the cluster's fsid and keys, and new ones would not fit`,
      ),
    };
  if (versions?.image === undefined) return { outcome: notYet };

  const type = keyTypeOf({ context: world.context, version: versions.image, versions: versions.plan });
  const key = () => makeCephxKey({ type, random: act.random, nowSeconds: Math.floor(world.now / 1000) });
  const made: ClusterIdentity = { fsid: randomUuid(act.random), monKey: key(), adminUser: "client.admin", adminKey: key() };
  const created = await createOnce(() => kube.create(Secret, identitySecret(world.context, made)));
  // somebody was faster: what they made counts, and the next pass sees it
  if (!created) return { outcome: waiting("StartingMons", `Secret ${names.identity} was just made by somebody else`, 500) };
  return { outcome: done, found: made };
}
