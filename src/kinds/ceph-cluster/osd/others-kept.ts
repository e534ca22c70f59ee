import { names } from "../../../daemons/names.ts";
import { Secret } from "../../../kube/kinds.ts";
import type { KubeReader } from "../../../kube/kube.ts";
import { CephCluster } from "../../../schema/ceph-cluster.ts";

/** Of which clusters no OSD is wiped where the spec lets the operator wipe those of others (`wipeDevicesFromOtherClusters`). */
export type OthersKept =
  /** It does not: none is wiped. */
  | { readonly type: "all" }
  /** Of these fsids: the clusters that this Kubernetes runs. */
  | { readonly type: "these"; readonly fsids: readonly string[] }
  /** None is wiped, since the fsid of these CephClusters (`storage/second`) cannot be read: any OSD could be theirs. */
  | { readonly type: "unknown"; readonly clusters: readonly string[] };

/**
 * Reads it. An fsid is what the Secret with a cluster's identity says; what the status of a CephCluster says beside that is kept as well. The
 * Secret may lack its keys: the fsid alone tells whose an OSD is.
 */
export async function othersKept(
  { namespace, isAllowed }: { readonly namespace: string; readonly isAllowed: boolean },
  reader: KubeReader,
): Promise<OthersKept> {
  if (!isAllowed) return { type: "all" };
  const others = (await reader.list(CephCluster)).filter(({ metadata }) => metadata.namespace !== namespace);
  const found = await Promise.all(
    others.map(async (cluster) => {
      const secret = await reader.get(Secret, { namespace: cluster.metadata.namespace ?? "", name: names.identity });
      const fsid = Buffer.from(secret?.data?.["fsid"] ?? "", "base64")
        .toString()
        .trim();
      return { cluster, fsids: [fsid, cluster.status?.ceph?.fsid ?? ""].filter((each) => each !== ""), isKnown: fsid !== "" };
    }),
  );
  const unknown = found
    .filter(({ isKnown }) => !isKnown)
    .map(({ cluster: { metadata } }) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
  if (unknown.length > 0) return { type: "unknown", clusters: unknown.sort() };
  return { type: "these", fsids: [...new Set(found.flatMap(({ fsids }) => fsids))].sort() };
}
