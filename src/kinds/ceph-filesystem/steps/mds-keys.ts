import { makeCephxKey } from "../../../ceph/cephx-key.ts";
import { authCaps, authGet, authImport } from "../../../ceph/commands/auth.ts";
import { type ConfigSetting, configDump, configSet, settingOwner } from "../../../ceph/commands/config.ts";
import { parseKeyring, renderKeyring } from "../../../ceph/keyring.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { sameValue } from "../../../ceph/config-value.ts";
import type { CephImage } from "../../../daemons/image/daemon-images.ts";
import { Secret } from "../../../kube/kinds.ts";
import { parseQuantity } from "../../../kube/quantity.ts";
import { type CephFilesystem, nameOf, names } from "../ceph-filesystem.ts";
import { contextFor, type Pass } from "../look.ts";
import type { MdsImages } from "../mds-image.ts";

const caps = { mds: "allow", mon: "allow profile mds", osd: "allow *" };

/** Once something says what it runs. */
type MdsKeyImages = Pick<MdsImages, "plan"> & { readonly oldest: CephImage };

/** The MDSs' keys, in Ceph and in their Secrets, and what the mons tell each of them when it starts. */
export async function mdsKeys(pass: Pass, mdss: readonly string[], images: MdsKeyImages): Promise<void> {
  const current = await configDump(pass.ceph);
  await Promise.all(
    mdss.map(async (mds) => {
      const [keyring] = await Promise.all([keyringOf(pass, mds, images), settings(pass, mds, current)]);
      await pass.apply(Secret, {
        apiVersion: "v1",
        kind: "Secret",
        type: "kubernetes.io/rook",
        metadata: ownedBy(contextFor(pass, images.oldest), names.keyring(mds)),
        data: { keyring: Buffer.from(keyring).toString("base64") },
      });
    }),
  );
}

/** Ceph has the last word on a key; one that it lacks is given to it: the one of the Secret, with which an MDS may run. */
async function keyringOf(pass: Pass, mds: string, { oldest, plan }: MdsKeyImages): Promise<string> {
  const { ceph, deps, namespace, now } = pass;
  const entity = `mds.${mds}`;
  const known = await authGet(ceph, entity);
  if (known !== undefined) {
    const isSo = Object.entries(caps).every(([service, cap]) => known.caps[service] === cap);
    if (!isSo || Object.keys(known.caps).length !== Object.keys(caps).length) await authCaps(ceph, entity, caps);
    return renderKeyring([{ entity, key: known.key, caps }]);
  }
  const secret = await deps.kube.get(Secret, { namespace, name: names.keyring(mds) });
  const kept = parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find((each) => each.entity === entity)?.key;
  const type = keyTypeOf({ context: contextFor(pass, oldest), versions: plan });
  const key = kept ?? makeCephxKey({ type, random: deps.random, nowSeconds: Math.floor(now / 1000) });
  await authImport(ceph, [{ entity, key, caps }]);
  return renderKeyring([{ entity, key, caps }]);
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
