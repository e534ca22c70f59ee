import { type ConfigSetting, configDump, configSet, settingOwner } from "../../../ceph/commands/config.ts";
import { sameValue } from "../../../ceph/config-value.ts";
import { ensureDaemonKey } from "../../../daemons/ensure-daemon-key.ts";
import { keyTypeOf } from "../../../daemons/key-type.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import { parseQuantity } from "../../../kube/quantity.ts";
import { type CephFilesystem, nameOf, names } from "../ceph-filesystem.ts";
import { mdsType } from "../daemon-type.ts";
import { contextFor, type Pass } from "../look.ts";
import type { MdsImages } from "../mds-image.ts";

/** The MDSs' keys, in their Secrets and in Ceph, and what the mons tell each of them when it starts. */
export async function mdsKeys(pass: Pass, mdss: readonly string[], plan: MdsImages["plan"]): Promise<void> {
  const { deps, ceph, now } = pass;
  const current = await configDump(ceph);
  const context = contextFor(pass);
  const keyType = keyTypeOf({ context, versions: plan });
  await Promise.all(
    mdss.map(async (mds) => {
      const secret = ownedBy(context, names.keyring(mds));
      await ensureDaemonKey({ ...deps, ceph, apply: pass.apply }, { type: mdsType, id: mds, secret, keyType, now });
      await settings(pass, mds, current);
    }),
  );
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
