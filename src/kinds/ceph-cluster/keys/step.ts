import { type CephxKeyType, makeCephxKey } from "../../../ceph/cephx-key.ts";
import { authCaps, authGet, authImport } from "../../../ceph/commands/auth.ts";
import { type KeyringEntry, parseKeyring } from "../../../ceph/keyring.ts";
import type { ClusterIdentity } from "../../../daemons/identity.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { apps, daemonLetters, names } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Secret } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { mgrType, monType } from "../common/daemon-types.ts";
import { done, notYet, type Outcome, waiting } from "../common/outcome.ts";
import type { Versions } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { keyringSecret } from "./build.ts";

const adminCaps = { mds: "allow *", mgr: "allow *", mon: "allow *", osd: "allow *" } as const;
const crashCaps = { mgr: "allow rw", mon: "allow profile crash" } as const;

/**
 * The Secrets with the daemons' keys. A new cluster's mons are born with all of them, so that no daemon waits for a command to
 * make its key. Ceph has the last word on an existing cluster: its key goes into a lost Secret, a key it lacks is given to it.
 */
export async function ensureKeyrings(
  world: World,
  act: Act,
  { identity, versions }: { identity: ClusterIdentity | undefined; versions: Versions | undefined },
): Promise<Outcome> {
  const { context } = world;
  if (identity === undefined || versions?.image === undefined) return notYet;
  const type = keyTypeOf({ context, version: versions.image, versions: versions.plan });
  const admin: KeyringEntry = { entity: identity.adminUser, key: identity.adminKey, caps: adminCaps };
  const wanted = [
    ...Array.from({ length: context.spec.mgr.count }, (_, index) => {
      const id = daemonLetters(index);
      return { secret: names.mgrKeyring(id), entity: `mgr.${id}`, caps: mgrType.caps };
    }),
    ...(context.spec.crashCollector.disable ? [] : [{ secret: names.crashKeyring, entity: "client.crash", caps: crashCaps }]),
  ];
  const keys = await Promise.all(wanted.map(({ secret, entity, caps }) => keyOf(world, act, { type, secret, entity, caps })));
  const known = wanted.flatMap(({ secret, entity, caps }, index) => {
    const found = keys[index];
    return found === undefined ? [] : [{ ...found, secret, entry: { entity, key: found.key, caps } }];
  });
  const unknown = wanted.filter((_, index) => keys[index] === undefined).map(({ secret }) => secret);
  const written = await Promise.all(known.map((each) => writeSecret(world, act, each)));
  const madeByOthers = known.filter((_, index) => written[index] === false).map(({ secret }) => secret);
  await Promise.all([
    act.apply(Secret, keyringSecret(context, names.adminKeyring, [admin])),
    // while a key is not known, the mons' keyring stays as it is: it is read only when a store is made
    ...(unknown.length > 0 || madeByOthers.length > 0
      ? []
      : [
          act.apply(
            Secret,
            keyringSecret(context, names.monsKeyring, [
              { entity: "mon.", key: identity.monKey, caps: monType.caps },
              admin,
              ...known.map(({ entry }) => entry),
            ]),
          ),
        ]),
  ]);
  const { ceph } = world;
  // behind the Secrets: by these a mgr that is no longer asked for is found, whatever of it was made by then
  if (ceph !== undefined)
    await Promise.all(
      known.flatMap(({ isMissing, entry }, index) => (isMissing && written[index] === true ? [authImport(act.ceph, [entry])] : [])),
    );
  if (madeByOthers.length > 0)
    return waiting("StartingMgrs", `Secret ${madeByOthers.join(", ")} was just made by another client, whose key counts`, 1000);
  return unknown.length === 0
    ? done
    : waiting("CephUnreachable", `Secret ${unknown.join(", ")} is gone; its key comes back from Ceph as soon as the mons answer`, 2000);
}

interface WantedKey {
  readonly key: string;
  /** Ceph answers, and does not have it. */
  readonly isMissing: boolean;
  /** It was made just now, as there is no Secret that has one. */
  readonly isNew?: boolean;
}

/**
 * Writes the Secret of a key. False where another client has just made that Secret, with a key of its own: that one counts, and not the key that
 * this pass has made.
 */
async function writeSecret(
  world: World,
  act: Act,
  { secret, entry, isMissing, isNew = false }: WantedKey & { readonly secret: string; readonly entry: KeyringEntry },
): Promise<boolean> {
  const { context } = world;
  const { apply } = act;
  const wanted = keyringSecret(context, secret, [entry]);
  if (isMissing && isNew) return createOnce(() => act.kube.create(Secret, wanted));
  await apply(Secret, wanted);
  return true;
}

/** The key that a daemon is to have; undefined while Ceph does not answer and no Secret has it. */
async function keyOf(
  world: World,
  act: Act,
  {
    type,
    secret: secretName,
    entity,
    caps,
  }: { readonly type: CephxKeyType; readonly secret: string; readonly entity: string; readonly caps: Readonly<Record<string, string>> },
): Promise<WantedKey | undefined> {
  const secret = await act.kube.get(Secret, { namespace: world.context.namespace, name: secretName });
  const kept = parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find((e) => e.entity === entity)?.key;
  const fresh = () =>
    makeCephxKey({
      type,
      random: act.random,
      nowSeconds: Math.floor(world.now / 1000),
    });
  if (world.ceph === undefined) {
    if (kept !== undefined) return { key: kept, isMissing: false };
    // the mons were made with it, and its own Secret could not be written
    const made = await monsKey(world, act, entity);
    if (made !== undefined) return { key: made, isMissing: false };
    // before the first mon there is nobody to ask, and nobody who could disagree
    return world.deployments.some((d) => d.metadata.labels?.["app"] === apps.mon) ? undefined : { key: fresh(), isMissing: false };
  }
  const known = await authGet(act.ceph, entity);
  if (known === undefined)
    return kept === undefined ? { key: fresh(), isMissing: true, isNew: secret === undefined } : { key: kept, isMissing: true };
  if (!sameCaps(known.caps, caps)) await authCaps(act.ceph, entity, caps);
  return { key: known.key, isMissing: false };
}

/** A daemon's key in what the mons' stores are made from. */
async function monsKey({ context: { namespace } }: World, { kube }: Act, entity: string): Promise<string | undefined> {
  const secret = await kube.get(Secret, { namespace, name: names.monsKeyring });
  return parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find((each) => each.entity === entity)?.key;
}

function sameCaps(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => left[key] === right[key]);
}
