import { authGet, authRemove } from "../../ceph/commands/auth.ts";
import { type ConfigSetting, configRemove } from "../../ceph/commands/config.ts";
import { Deployment, Pod, Secret } from "../../kube/kinds.ts";
import { isMdsOf, names } from "./ceph-filesystem.ts";
import { mdsType } from "./daemon-type.ts";
import type { Pass } from "./look.ts";
import { mdsSettingNames } from "./steps/mds-keys.ts";

/**
 * Names of all MDSs of this file system that something is left of: a Deployment, a Secret or settings. What goes last of an MDS is found here,
 * so that a removal which was stopped halfway is finished.
 */
export async function mdssLeft({ deps, object, namespace, owner }: Pass, config: readonly ConfigSetting[]): Promise<string[]> {
  const labels = { rook_cluster: namespace, app: mdsType.app };
  const [deployments, secrets] = await Promise.all([
    deps.kube.list(Deployment, { namespace, labels }),
    deps.kube.list(Secret, { namespace, ownerUid: owner.uid }),
  ]);
  const found = [
    ...deployments.flatMap(({ metadata }) => metadata.labels?.["mds"] ?? []),
    ...secrets.flatMap(({ metadata }) => names.mdsOfKeyring(metadata.name ?? "") ?? []),
    ...config.filter(({ name }) => name === "mds_join_fs").flatMap(({ section }) => /^mds\.(.+)$/.exec(section)?.[1] ?? []),
  ];
  return [...new Set(found)].filter((mds) => isMdsOf(object, mds)).sort();
}

/** Ends an MDS: its Deployment first; then, once its Pod is gone, its key, its settings and its Secret. True where nothing is left. */
export async function removeMds(pass: Pass, mds: string, config: readonly ConfigSetting[]): Promise<boolean> {
  const { ceph, deps, namespace, owner } = pass;
  const key = { namespace, name: names.mds(mds) };
  const deployment = await deps.live.get(Deployment, key);
  if (deployment !== undefined) {
    await deps.kube.delete(Deployment, key, deployment.metadata.uid === undefined ? {} : { uid: deployment.metadata.uid });
    return false;
  }
  const pods = await deps.live.list(Pod, { namespace, labels: { rook_cluster: namespace, app: mdsType.app, mds } });
  if (pods.length > 0) return false;
  if ((await authGet(ceph, `mds.${mds}`)) !== undefined) await authRemove(ceph, `mds.${mds}`);
  const section = `mds.${mds}`;
  // those that the CephCluster's cephConfig names are its own
  const said = pass.cluster.spec.cephConfig?.[section] ?? {};
  const ours = config.filter((each) => each.section === section && mdsSettingNames.includes(each.name) && said[each.name] === undefined);
  for (const { name } of ours) await configRemove(ceph, section, name);
  const secretKey = { namespace, name: names.keyring(mds) };
  const secret = await deps.live.get(Secret, secretKey);
  if (secret?.metadata.uid !== undefined && secret.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid) === true)
    await deps.kube.delete(Secret, secretKey, { uid: secret.metadata.uid });
  return true;
}
