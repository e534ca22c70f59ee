// No zod at run time here: the operator needs the types only, and zod costs memory.
import type { z } from "zod";
import { defineKind, type KubeObject } from "../../kube/object.ts";
import type { blockPoolSpec, blockPoolStatus } from "./schema.ts";

/** A pool of Ceph for images of block devices, or another that its application names. */
export interface CephBlockPool extends KubeObject {
  spec: z.input<typeof blockPoolSpec>;
  status?: z.infer<typeof blockPoolStatus>;
}

export const CephBlockPool = defineKind<CephBlockPool>({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephBlockPool",
  plural: "cephblockpools",
  namespaced: true,
});

/** The pool's name in Ceph. */
export function poolNameOf({ metadata, spec }: CephBlockPool): string {
  return spec.name ?? metadata.name ?? "";
}

/** What the pools are for that Ceph makes itself. */
const applications: Readonly<Record<string, string>> = { ".mgr": "mgr", ".nfs": "nfs", ".rgw.root": "rgw", ".nvmeof": "nvmeof-meta" };

/** What the pool is for. */
export function applicationOf(pool: CephBlockPool): string {
  return pool.spec.application || (applications[poolNameOf(pool)] ?? "rbd");
}
