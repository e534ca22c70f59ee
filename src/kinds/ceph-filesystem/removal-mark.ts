import { authGet, authRemove } from "../../ceph/commands/auth.ts";
import type { Filesystem } from "../../ceph/commands/fs.ts";
import { Secret } from "../../kube/kinds.ts";
import { names } from "./ceph-filesystem.ts";
import type { Pass } from "./look.ts";

// A file system that has failed cannot be asked what is in it. One that the operator has asked, and fails itself to remove it, is told by its
// MDSs' keys: Ceph has none of those that this CephFilesystem's own Secrets still hold. Whoever else takes it from its MDSs leaves the keys.

/** The first thing that a removal takes, once it is known that nothing is in the file system. */
export async function markRemoval(pass: Pass): Promise<void> {
  for (const entity of await ownEntities(pass)) if ((await authGet(pass.ceph, entity)) !== undefined) await authRemove(pass.ceph, entity);
}

/** Whether a removal that was stopped halfway has failed the file system. */
export async function isBeingRemoved(pass: Pass, { mdsmap }: Filesystem): Promise<boolean> {
  if (mdsmap.flags_state.joinable) return false;
  const entities = await ownEntities(pass);
  const keys = await Promise.all(entities.map((entity) => authGet(pass.ceph, entity)));
  return entities.length > 0 && keys.every((key) => key === undefined);
}

/** Of the MDSs whose Secrets this CephFilesystem has, as in `mds.myfs-a`. */
async function ownEntities({ deps, namespace, owner }: Pass): Promise<string[]> {
  const secrets = await deps.live.list(Secret, { namespace, ownerUid: owner.uid });
  return secrets.flatMap(({ metadata }) => names.mdsOfKeyring(metadata.name ?? "") ?? []).map((mds) => `mds.${mds}`);
}
