import { makeCephxKey } from "../../../ceph/cephx-key.ts";
import { type ClusterIdentity, identityOf } from "../../../daemons/identity.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { apps, names } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { ConfigMap, Secret } from "../../../kube/kinds.ts";
import { blocked, done, notYet, type Outcome, waiting } from "../common/outcome.ts";
import type { Pass } from "../common/pass.ts";
import { identitySecret, overrideConfigMap } from "./build.ts";
import { randomUuid } from "./random-uuid.ts";

/**
 * What makes this cluster this cluster: fsid and first keys. Made once, never over, and never where mons already run: a
 * cluster whose identity is lost has to get it back, not a new one.
 */
export async function identity(pass: Pass): Promise<Outcome> {
  const { kube } = pass.deps;
  const { namespace } = pass.context;
  if ((await kube.get(ConfigMap, { namespace, name: names.override })) === undefined)
    await createOnce(() => kube.create(ConfigMap, overrideConfigMap(pass.context)));

  const secret = await kube.get(Secret, { namespace, name: names.identity });
  if (secret !== undefined) {
    const found = identityOf(secret);
    if (found === undefined)
      return blocked(
        "IdentityMissing",
        `Secret ${names.identity} lacks one of fsid, mon-secret, ceph-username, ceph-secret; restore it from a backup`,
      );
    pass.identity = found;
    return done;
  }
  if (
    pass.deployments.some((d) => d.metadata.labels?.["app"] === apps.mon) ||
    (await kube.get(ConfigMap, { namespace, name: names.endpoints })) !== undefined
  )
    return blocked(
      "IdentityMissing",
      `Secret ${names.identity} is gone, but mons of this cluster exist; restore it from a backup: it holds the cluster's fsid and keys, and new ones would not fit`,
    );
  if (pass.version === undefined) return notYet;

  const type = keyTypeOf(pass);
  const key = () => makeCephxKey({ type, random: pass.deps.random, nowSeconds: Math.floor(pass.now / 1000) });
  const made: ClusterIdentity = { fsid: randomUuid(pass.deps.random), monKey: key(), adminUser: "client.admin", adminKey: key() };
  const created = await createOnce(() => kube.create(Secret, identitySecret(pass.context, made)));
  // somebody was faster: what they made counts, and the next pass sees it
  if (!created) return waiting("StartingMons", `Secret ${names.identity} was just made by somebody else`, 500);
  pass.identity = made;
  return done;
}
