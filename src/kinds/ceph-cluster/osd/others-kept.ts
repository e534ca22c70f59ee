import { names } from "../../../daemons/names.ts";
import { Secret } from "../../../kube/kinds.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";
import type { Act } from "../common/act.ts";
import type { World } from "../common/world.ts";

/** Of which clusters no OSD is wiped where the spec lets the operator wipe those of others (`wipeDevicesFromOtherClusters`). */
export type OthersKept =
  /** The spec does not: the operator wipes none. */
  | { readonly type: "all" }
  /** Of these fsids: the clusters that this Kubernetes runs. */
  | { readonly type: "these"; readonly fsids: readonly string[] }
  /** Of all, since the operator cannot read the fsid of these CephClusters (`storage/second`), whose OSD each may be. */
  | { readonly type: "unknown"; readonly clusters: readonly string[] };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Asks the API server itself, since a cache may lack a CephCluster or its Secret yet. The fsid is what the Secret with a cluster's identity says,
 * whatever else that lacks: the fsid alone tells whose an OSD is.
 */
export async function othersKept({ context: { namespace, spec } }: World, { live }: Act): Promise<OthersKept> {
  if (!spec.cleanupPolicy.wipeDevicesFromOtherClusters) return { type: "all" };
  const others = (await live.list(CephCluster)).filter(({ metadata }) => metadata.namespace !== namespace);
  const found = await Promise.all(
    others.map(async ({ metadata: { namespace: theirs = "", name = "" } }) => {
      const secret = await live.get(Secret, { namespace: theirs, name: names.identity });
      const fsid = Buffer.from(secret?.data?.["fsid"] ?? "", "base64")
        .toString()
        .trim()
        .toLowerCase();
      return { cluster: `${theirs}/${name}`, fsid: uuid.test(fsid) ? fsid : undefined };
    }),
  );
  const unknown = found.filter(({ fsid }) => fsid === undefined).map(({ cluster }) => cluster);
  if (unknown.length > 0) return { type: "unknown", clusters: unknown.sort() };
  return { type: "these", fsids: [...new Set(found.flatMap(({ fsid }) => fsid ?? []))].sort() };
}
