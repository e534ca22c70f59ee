import { makeCephxKey } from "../../../ceph/cephx-key.ts";
import { authCaps, authGet, authImport } from "../../../ceph/commands/auth.ts";
import { type KeyringEntry, parseKeyring } from "../../../ceph/keyring.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { apps, daemonLetters, names } from "../../../daemons/names.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Secret } from "../../../kube/kinds.ts";
import { done, notYet, type Outcome, waiting } from "../common/outcome.ts";
import type { Pass } from "../common/pass.ts";
import { keyringSecret } from "./build.ts";

const adminCaps = { mds: "allow *", mgr: "allow *", mon: "allow *", osd: "allow *" } as const;
const mgrCaps = { mds: "allow *", mon: "allow profile mgr", osd: "allow *" } as const;
const crashCaps = { mgr: "allow rw", mon: "allow profile crash" } as const;

/**
 * The Secrets with the daemons' keys. A new cluster's mons are born with all of them, so that no daemon waits for a command to
 * make its key. Ceph has the last word on an existing cluster: its key goes into a lost Secret, a key it lacks is given to it.
 */
export async function keyrings(pass: Pass): Promise<Outcome> {
  const { identity, version, context } = pass;
  if (identity === undefined || version === undefined) return notYet;
  const admin: KeyringEntry = { entity: identity.adminUser, key: identity.adminKey, caps: adminCaps };
  const wanted = [
    ...Array.from({ length: context.spec.mgr.count }, (_, index) => {
      const id = daemonLetters(index);
      return { secret: names.mgrKeyring(id), entity: `mgr.${id}`, caps: mgrCaps };
    }),
    ...(context.spec.crashCollector.disable ? [] : [{ secret: names.crashKeyring, entity: "client.crash", caps: crashCaps }]),
  ];
  const keys = await Promise.all(wanted.map(({ secret, entity, caps }) => keyOf(pass, secret, entity, caps)));
  const known = wanted.flatMap(({ secret, entity, caps }, index) => {
    const found = keys[index];
    return found === undefined ? [] : [{ ...found, secret, entry: { entity, key: found.key, caps } }];
  });
  const unknown = wanted.filter((_, index) => keys[index] === undefined).map(({ secret }) => secret);
  const written = await Promise.all(known.map((each) => writeSecret(pass, each)));
  const madeByOthers = known.filter((_, index) => written[index] === false).map(({ secret }) => secret);
  await Promise.all([
    pass.apply(Secret, keyringSecret(context, names.adminKeyring, [admin])),
    // while a key is not known, the mons' keyring stays as it is: it is read only when a store is made
    ...(unknown.length > 0 || madeByOthers.length > 0
      ? []
      : [
          pass.apply(
            Secret,
            keyringSecret(context, names.monsKeyring, [
              { entity: "mon.", key: identity.monKey, caps: { mon: "allow *" } },
              admin,
              ...known.map(({ entry }) => entry),
            ]),
          ),
        ]),
  ]);
  const { ceph } = pass;
  // behind the Secrets: by these a mgr that is no longer asked for is found, whatever of it was made by then
  if (ceph !== undefined)
    await Promise.all(
      known.flatMap(({ isMissing, entry }, index) => (isMissing && written[index] === true ? [authImport(ceph.connection, [entry])] : [])),
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
  { apply, context, deps }: Pass,
  { secret, entry, isMissing, isNew = false }: WantedKey & { readonly secret: string; readonly entry: KeyringEntry },
): Promise<boolean> {
  const wanted = keyringSecret(context, secret, [entry]);
  if (isMissing && isNew) return createOnce(() => deps.kube.create(Secret, wanted));
  await apply(Secret, wanted);
  return true;
}

/** The key that a daemon is to have; undefined while Ceph does not answer and no Secret has it. */

async function keyOf(pass: Pass, secretName: string, entity: string, caps: Record<string, string>): Promise<WantedKey | undefined> {
  const secret = await pass.deps.kube.get(Secret, { namespace: pass.context.namespace, name: secretName });
  const kept = parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find((e) => e.entity === entity)?.key;
  const fresh = () =>
    makeCephxKey({
      type: keyTypeOf(pass),
      random: pass.deps.random,
      nowSeconds: Math.floor(pass.now / 1000),
    });
  if (pass.ceph === undefined) {
    if (kept !== undefined) return { key: kept, isMissing: false };
    // the mons were made with it, and its own Secret could not be written
    const made = await monsKey(pass, entity);
    if (made !== undefined) return { key: made, isMissing: false };
    // before the first mon there is nobody to ask, and nobody who could disagree
    return pass.deployments.some((d) => d.metadata.labels?.["app"] === apps.mon) ? undefined : { key: fresh(), isMissing: false };
  }
  const { connection } = pass.ceph;
  const known = await authGet(connection, entity);
  if (known === undefined)
    return kept === undefined ? { key: fresh(), isMissing: true, isNew: secret === undefined } : { key: kept, isMissing: true };
  if (!sameCaps(known.caps, caps)) await authCaps(connection, entity, caps);
  return { key: known.key, isMissing: false };
}

/** A daemon's key in what the mons' stores are made from. */
async function monsKey({ deps, context: { namespace } }: Pass, entity: string): Promise<string | undefined> {
  const secret = await deps.kube.get(Secret, { namespace, name: names.monsKeyring });
  return parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find((each) => each.entity === entity)?.key;
}

function sameCaps(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => left[key] === right[key]);
}
