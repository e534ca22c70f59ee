// No zod at run time here: the operator needs the types only, and zod costs memory.
import { createHash } from "node:crypto";
import type { z } from "zod";
import type { GroupPin } from "../../ceph/commands/subvolume-groups.ts";
import { defineKind, type KubeObject } from "../../kube/object.ts";
import { parseQuantity } from "../../kube/quantity.ts";
import type { groupSpec, groupStatus } from "./schema.ts";

/** A group of subvolumes in a CephFS, with a quota and a way to spread it over MDSs. */
export interface CephFilesystemSubVolumeGroup extends KubeObject {
  spec: z.input<typeof groupSpec>;
  status?: z.infer<typeof groupStatus>;
}

export const CephFilesystemSubVolumeGroup = defineKind<CephFilesystemSubVolumeGroup>({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystemSubVolumeGroup",
  plural: "cephfilesystemsubvolumegroups",
  namespaced: true,
});

/** Its name in the file system. */
export function groupNameOf({ metadata, spec }: CephFilesystemSubVolumeGroup): string {
  return spec.name !== undefined && spec.name !== "" ? spec.name : (metadata.name ?? "");
}

/** What it may hold, in bytes; `infinite` where no quota is asked for. */
export function quotaOf({ spec }: CephFilesystemSubVolumeGroup): number | "infinite" {
  const bytes = spec.quota === undefined ? undefined : parseQuantity(String(spec.quota));
  return bytes === undefined ? "infinite" : Math.ceil(bytes);
}

/** How it is spread over MDSs: each of its folders has one of them to itself, unless the spec asks for something else. */
export function pinOf({ spec }: CephFilesystemSubVolumeGroup): GroupPin {
  const { export: rank, random, distributed } = spec.pinning ?? {};
  if (rank !== undefined && rank !== null) return { type: "export", setting: String(rank) };
  if (random !== undefined && random !== null) return { type: "random", setting: String(random) };
  return { type: "distributed", setting: String(distributed ?? 1) };
}

/** As the status tells it: `distributed=1`. */
export function sayPin({ type, setting }: GroupPin): string {
  return `${type}=${setting}`;
}

/** What StorageClasses call it; Rook gives it the same, so that volumes made with Rook are found. */
export function clusterIdOf(group: CephFilesystemSubVolumeGroup): string {
  const { clusterID, filesystemName } = group.spec;
  if (clusterID !== undefined && clusterID !== "") return clusterID;
  const text = `${group.metadata.namespace ?? ""}-${filesystemName}-file-${groupNameOf(group)}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
