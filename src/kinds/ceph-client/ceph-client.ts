// No zod at run time here: the operator needs the types only, and zod costs memory.
import type { z } from "zod";
import type { CephxKeyType } from "../../ceph/cephx-key.ts";
import { defineKind, type KubeObject } from "../../kube/object.ts";
import type { clientSpec, clientStatus } from "./schema.ts";

/** A user of Ceph (`client.<name>`), with its key in a Secret. */
export interface CephClient extends KubeObject {
  spec: z.input<typeof clientSpec>;
  status?: z.infer<typeof clientStatus>;
}

export const CephClient = defineKind<CephClient>({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephClient",
  plural: "cephclients",
  namespaced: true,
});

/** The user's name in Ceph, without the `client.` */
export function userOf({ metadata, spec }: CephClient): string {
  return spec.name !== undefined && spec.name !== "" ? spec.name : (metadata.name ?? "");
}

/** The type of key that is asked for; undefined leaves it to Ceph. */
export function keyTypeOf({ spec }: CephClient): CephxKeyType | undefined {
  return spec.security?.cephx?.keyType || undefined;
}

/** The Secret that its key is in; by the object's name, not the user's, as in Rook. */
export function secretNameOf({ metadata, spec: { secretName } }: CephClient): string {
  return secretName !== undefined && secretName !== "" ? secretName : `rook-ceph-client-${metadata.name ?? ""}`;
}
