import { z } from "zod";
import { quantity } from "../../schema/ceph-cluster/common.ts";
import { rules, text } from "../../schema/ceph-cluster/fields.ts";
import { childStatusFields } from "../../schema/conditions-schema.ts";
import { type CrdDefinition, column, messageColumn, readyColumn } from "../../schema/crd.ts";

/** A text that stays as it was first said. */
const fixed = (field: string, limits: { readonly minLength?: number; readonly maxLength?: number; readonly pattern?: string } = {}) =>
  z.string().meta({ ...limits, ...rules({ rule: "self == oldSelf", message: `${field} cannot be changed` }) });

const onePin = {
  rule: "(has(self.export) ? 1 : 0) + (has(self.distributed) ? 1 : 0) + (has(self.random) ? 1 : 0) <= 1",
  message: "name one of export, distributed and random",
} as const;

const pinning = z
  .object({
    export: z
      .int()
      .meta({ minimum: -1, maximum: 256 })
      .describe("The rank that serves all of the group; -1: none in particular.")
      .nullable()
      .optional(),
    distributed: z
      .int()
      .meta({ minimum: 0, maximum: 1 })
      .describe("1: the folders right below the group are spread over all ranks; so it is unless set.")
      .nullable()
      .optional(),
    random: z.number().min(0).max(1).describe("The chance with which a folder anywhere below is given to some rank.").nullable().optional(),
  })
  .meta(rules(onePin))
  .describe("How the group is spread over the MDSs that share the work.")
  .optional();

/** What a CephFilesystemSubVolumeGroup may ask for, in Rook's words. */
export const groupSpec = z
  .object({
    filesystemName: fixed("filesystemName").describe("The CephFilesystem that it is in."),
    name: fixed("name").describe("The group's name in the file system; the object's name where it is not set.").optional(),
    clusterID: fixed("clusterID", { minLength: 1, maxLength: 36, pattern: "^[a-zA-Z0-9_-]+$" })
      .describe("What StorageClasses call the group; made from its names where it is not set.")
      .optional(),
    csiMetadataRadosNamespace: fixed("csiMetadataRadosNamespace", { minLength: 1, maxLength: 1024 })
      .describe("The RADOS namespace in which CSI keeps what it knows of the volumes.")
      .optional(),
    quota: quantity.describe("What the group may hold: `10Gi`; as much as there is room for where it is not set.").optional(),
    dataPoolName: text("The pool of the group's files, as Ceph calls it; the file system's first where it is not set."),
    pinning,
  })
  .describe("What the group is to be.");

/** What the operator says of a CephFilesystemSubVolumeGroup; written by it alone. */
export const groupStatus = z
  .object({
    ...childStatusFields,
    info: z
      .object({
        clusterID: text("What StorageClasses call the group."),
        pinning: text("How it was last told to be spread over MDSs: `distributed=1`. Ceph itself tells nobody."),
      })
      .describe("What is known of the group.")
      .nullable()
      .optional(),
  })
  .describe("What the operator found and did; written by it alone.");

/** CephFilesystemSubVolumeGroup, as its CustomResourceDefinition tells it. */
export const groupCrd: Readonly<CrdDefinition> = {
  kind: "CephFilesystemSubVolumeGroup",
  plural: "cephfilesystemsubvolumegroups",
  shortNames: ["cephfssvg", "cephsvg"],
  description: "A group of subvolumes in a CephFS, with a quota and a way to spread it over MDSs.",
  columns: [
    column("Phase", "string", ".status.phase"),
    column("Filesystem", "string", ".spec.filesystemName"),
    column("Quota", "string", ".spec.quota"),
    column("Pinning", "string", ".status.info.pinning", "wide"),
    column("Age", "date", ".metadata.creationTimestamp"),
    readyColumn,
    messageColumn,
  ],
  spec: groupSpec,
  status: groupStatus,
};
