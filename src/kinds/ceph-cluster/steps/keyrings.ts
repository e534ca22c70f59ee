import { makeCephxKey } from "../../../ceph/cephx-key.ts";
import { authCaps, authGet, authImport } from "../../../ceph/commands/auth.ts";
import { type KeyringEntry, parseKeyring } from "../../../ceph/keyring.ts";
import { Secret } from "../../../kube/kinds.ts";
import { keyringSecret } from "../objects/secrets.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { apps, daemonLetters, names } from "../../../daemons/names.ts";
import { done, notYet, type Outcome, waiting } from "../outcome.ts";
import type { Pass } from "../pass.ts";

const adminCaps = { mds: "allow *", mgr: "allow *", mon: "allow *", osd: "allow *" };
const mgrCaps = { mds: "allow *", mon: "allow profile mgr", osd: "allow *" };
const crashCaps = { mgr: "allow rw", mon: "allow profile crash" };

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
    const key = keys[index];
    return key === undefined ? [] : [{ secret, entry: { entity, key, caps } }];
  });
  const unknown = wanted.filter((_, index) => keys[index] === undefined).map(({ secret }) => secret);
  await Promise.all([
    pass.apply(Secret, keyringSecret(context, names.adminKeyring, [admin])),
    // while a key is not known, the mons' keyring stays as it is: it is read only when a store is made
    ...(unknown.length > 0
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
    ...known.map(({ secret, entry }) => pass.apply(Secret, keyringSecret(context, secret, [entry]))),
  ]);
  return unknown.length === 0
    ? done
    : waiting("CephUnreachable", `Secret ${unknown.join(", ")} is gone; its key comes back from Ceph as soon as the mons answer`, 2000);
}

async function keyOf(pass: Pass, secretName: string, entity: string, caps: Record<string, string>): Promise<string | undefined> {
  const secret = await pass.deps.kube.get(Secret, { namespace: pass.context.namespace, name: secretName });
  const kept = parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find((e) => e.entity === entity)?.key;
  const fresh = () =>
    makeCephxKey({
      type: keyTypeOf(pass),
      random: pass.deps.random,
      nowSeconds: Math.floor(pass.now / 1000),
    });
  if (pass.ceph === undefined) {
    if (kept !== undefined) return kept;
    // before the first mon there is nobody to ask, and nobody who could disagree
    return pass.deployments.some((d) => d.metadata.labels?.["app"] === apps.mon) ? undefined : fresh();
  }
  const { connection } = pass.ceph;
  const known = await authGet(connection, entity);
  if (known === undefined) {
    const key = kept ?? fresh();
    await authImport(connection, [{ entity, key, caps }]);
    return key;
  }
  if (!sameCaps(known.caps, caps)) await authCaps(connection, entity, caps);
  return known.key;
}

function sameCaps(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => left[key] === right[key]);
}
