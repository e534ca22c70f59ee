import { isDeepStrictEqual } from "node:util";
import { makeCephxKey } from "../../../ceph/cephx-key.ts";
import { authCaps, authGet, authImport } from "../../../ceph/commands/auth.ts";
import { type ConfigSetting, configDump, configSet, settingOwner } from "../../../ceph/commands/config.ts";
import { sameValue } from "../../../ceph/config-value.ts";
import { type KeyringEntry, parseKeyring, renderKeyring } from "../../../ceph/keyring.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { createOnce } from "../../../kube/create-once.ts";
import { Secret } from "../../../kube/kinds.ts";
import { parseQuantity } from "../../../kube/quantity.ts";
import { type CephFilesystem, nameOf, names } from "../ceph-filesystem.ts";
import { contextFor, type Pass } from "../look.ts";
import type { MdsImages } from "../mds-image.ts";

const caps = { mds: "allow", mon: "allow profile mds", osd: "allow *" } as const;

/** Once something says what it runs. */
/**
 * The MDSs' keys, in their Secrets and in Ceph, and what the mons tell each of them when it starts. The Secret comes first: by it an MDS that
 * is no longer asked for is found, whatever of it was made by then.
 */
export async function mdsKeys(pass: Pass, mdss: readonly string[], plan: MdsImages["plan"]): Promise<void> {
  const current = await configDump(pass.ceph);
  await Promise.all(
    mdss.map(async (mds) => {
      const entity = `mds.${mds}`;
      const known = await authGet(pass.ceph, entity);
      const { key, isNew } = known === undefined ? await keyFor(pass, mds, plan) : { key: known.key, isNew: false };
      const entry = { entity, key, caps };
      const secret: Secret = {
        apiVersion: "v1",
        kind: "Secret",
        type: "kubernetes.io/rook",
        metadata: ownedBy(contextFor(pass), names.keyring(mds)),
        data: { keyring: Buffer.from(renderKeyring([entry])).toString("base64") },
      };
      // one that another client has just made has the key that counts, and wakes the next pass
      const isWritten = isNew ? await createOnce(() => pass.deps.kube.create(Secret, secret)) : await pass.apply(Secret, secret);
      await Promise.all([isWritten === false ? undefined : inCeph(pass, entry, known), settings(pass, mds, current)]);
    }),
  );
}

/** Ceph has the last word on a key, and the operator on what may be done with it. */
async function inCeph({ ceph }: Pass, entry: KeyringEntry, known: KeyringEntry | undefined): Promise<void> {
  if (known === undefined) await authImport(ceph, [entry]);
  else if (!isDeepStrictEqual({ ...known.caps }, caps)) await authCaps(ceph, entry.entity, caps);
}

/** A key that Ceph lacks: the one of the Secret, with which an MDS may run, or a new one. `isNew`: there is no Secret. */
async function keyFor(pass: Pass, mds: string, plan: MdsImages["plan"]): Promise<{ readonly key: string; readonly isNew: boolean }> {
  const { deps, namespace, now } = pass;
  const secret = await deps.kube.get(Secret, { namespace, name: names.keyring(mds) });
  const kept = parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find(
    ({ entity }) => entity === `mds.${mds}`,
  );
  const type = keyTypeOf({ context: contextFor(pass), versions: plan });
  if (kept !== undefined) return { key: kept.key, isNew: false };
  return { key: makeCephxKey({ type, random: deps.random, nowSeconds: Math.floor(now / 1000) }), isNew: secret === undefined };
}

/** What the mons tell the MDS, unless the CephCluster's cephConfig says otherwise of it. */
async function settings({ ceph, cluster, object }: Pass, mds: string, current: readonly ConfigSetting[]): Promise<void> {
  const section = `mds.${mds}`;
  const said = cluster.spec.cephConfig?.[section] ?? {};
  for (const [name, value] of Object.entries(mdsSettings(object))) {
    const isSo = current.some((each) => settingOwner(each) === section && each.name === name && sameValue(each.value, value));
    if (!isSo && said[name] === undefined) await configSet(ceph, section, name, value);
  }
}

/** All that `mdsSettings` may name. */
export const mdsSettingNames: readonly string[] = ["mds_join_fs", "mds_cache_memory_limit"];

/** The settings of each MDS: the file system that it prefers, and how much of its memory its cache may have. */
export function mdsSettings(filesystem: CephFilesystem): Record<string, string> {
  const { resources, cacheMemoryLimitFactor, cacheMemoryRequestFactor } = filesystem.spec.metadataServer;
  const limit = bytesOf(resources?.limits?.["memory"]);
  const request = bytesOf(resources?.requests?.["memory"]);
  const cache = limit > 0 ? limit * (cacheMemoryLimitFactor ?? 0.5) : request * (cacheMemoryRequestFactor ?? 0.8);
  return { mds_join_fs: nameOf(filesystem), ...(cache > 0 ? { mds_cache_memory_limit: String(Math.floor(cache)) } : {}) };
}

function bytesOf(quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : (parseQuantity(String(quantity)) ?? 0);
}
