// No zod at run time here: the operator needs the types only, and zod costs memory.
import type { z } from "zod";
import { daemonIndex, daemonLetters } from "../../daemons/names.ts";
import { defineKind, type KubeObject } from "../../kube/object.ts";
import type { filesystemSpec, filesystemStatus } from "./schema.ts";

/** A CephFS with its pools and its MDSs. */
export interface CephFilesystem extends KubeObject {
  spec: z.input<typeof filesystemSpec>;
  status?: z.infer<typeof filesystemStatus>;
}

export const CephFilesystem = defineKind<CephFilesystem>({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystem",
  plural: "cephfilesystems",
  namespaced: true,
});

/** Its name in Ceph. */
export function nameOf({ metadata }: CephFilesystem): string {
  return metadata.name ?? "";
}

/** The name of the pool of metadata. */
export function metadataPoolOf(filesystem: CephFilesystem): string {
  const { preservePoolNames, metadataPool } = filesystem.spec;
  return poolName(filesystem, preservePoolNames, metadataPool?.name, "metadata");
}

/** The names of the data pools, in order. */
export function dataPoolsOf(filesystem: CephFilesystem): string[] {
  const { preservePoolNames, dataPools } = filesystem.spec;
  return (dataPools ?? []).map(({ name }, index) => poolName(filesystem, preservePoolNames, name, `data${index}`));
}

function poolName(filesystem: CephFilesystem, isWhole: boolean | undefined, name: string | undefined, usual: string): string {
  const own = name === undefined || name === "" ? undefined : name;
  return isWhole === true && own !== undefined ? own : `${nameOf(filesystem)}-${own ?? usual}`;
}

/** How many ranks are to be served. */
export function ranksOf({ spec }: CephFilesystem): number {
  return spec.metadataServer.activeCount;
}

/** How many MDSs are to stand by: one for each rank, or none. */
export function standbysOf(filesystem: CephFilesystem): number {
  return filesystem.spec.metadataServer.activeStandby === true ? ranksOf(filesystem) : 0;
}

/** Names of all MDSs that it is to have: `myfs-a`. */
export function mdsNamesOf(filesystem: CephFilesystem): string[] {
  return Array.from(
    { length: ranksOf(filesystem) + standbysOf(filesystem) },
    (_, index) => `${nameOf(filesystem)}-${daemonLetters(index)}`,
  );
}

/** Whether an MDS of that name is, or once was, one of this file system's: letters cannot have a dash, so no other's can be. */
export function isMdsOf(filesystem: CephFilesystem, mds: string): boolean {
  const prefix = `${nameOf(filesystem)}-`;
  return mds.startsWith(prefix) && daemonIndex(mds.slice(prefix.length)) >= 0;
}

/** Names of what is made for the MDSs, as Rook's are. */
export const names = {
  /** `mds` is its name in Ceph: `myfs-a`. */
  mds: (mds: string) => `rook-ceph-mds-${mds}`,
  keyring: (mds: string) => `rook-ceph-mds-${mds}-keyring`,
  /** The MDS that a keyring of that name is of; undefined: of none. */
  mdsOfKeyring: (secret: string): string | undefined => /^rook-ceph-mds-(.+)-keyring$/.exec(secret)?.[1],
  budget: (filesystem: string) => `rook-ceph-mds-${filesystem}`,
} as const;

/** On an MDS's Deployment and Pods: the file system. */
export const filesystemLabel = "rook_file_system";
