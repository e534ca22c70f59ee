import { type KeyringEntry, renderKeyring } from "../../../ceph/keyring.ts";
import { clusterSecret } from "../../../daemons/pod/cluster-secret.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import type { Secret } from "../../../kube/kinds.ts";

/** A keyring in the file format of Ceph, for daemons to mount. */
export function keyringSecret(context: BuildContext, name: string, entries: readonly KeyringEntry[]): Secret {
  return clusterSecret(context, name, { keyring: renderKeyring(entries) });
}
