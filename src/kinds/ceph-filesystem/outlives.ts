import { type CephFilesystem, dataPoolsOf } from "./ceph-filesystem.ts";

/**
 * Whether the file system stays in Ceph when its object goes: its user asks for that, or the object names no data pools, so that it took over
 * what somebody else had made. As in Rook.
 */
export function outlives(filesystem: CephFilesystem): boolean {
  return filesystem.spec.preserveFilesystemOnDelete === true || dataPoolsOf(filesystem).length === 0;
}
