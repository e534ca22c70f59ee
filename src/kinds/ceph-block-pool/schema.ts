import { z } from "zod";
import { oneOf } from "../../schema/ceph-cluster/fields.ts";
import { childStatusFields } from "../../schema/conditions-schema.ts";
import { type CrdDefinition, column, messageColumn, readyColumn } from "../../schema/crd.ts";
import { keptStatusFields } from "../../schema/kept-status-schema.ts";
import { poolFields } from "../../schema/pool-schema.ts";

/** What a CephBlockPool may ask for, in Rook's words. */
export const blockPoolSpec = z
  .object({
    name: oneOf([".rgw.root", ".nfs", ".mgr", ".nvmeof"], "A pool of Ceph's own, by its name; the object's name where it is not set."),
    ...poolFields,
  })
  .describe("How the pool should be.");

/** What the operator says of a CephBlockPool; written by it alone. */
export const blockPoolStatus = z
  .object({
    ...childStatusFields,
    ...keptStatusFields,
    poolID: z.int().describe("The pool's id in Ceph.").optional(),
    info: z
      .record(z.string(), z.string())
      .describe("type: Replicated or Erasure Coded; failureDomain: what it is spread over in truth.")
      .nullable()
      .optional(),
  })
  .describe("What the operator found and did; written by it alone.");

/** CephBlockPool, as its CustomResourceDefinition tells it. */
export const blockPoolCrd: Readonly<CrdDefinition> = {
  kind: "CephBlockPool",
  plural: "cephblockpools",
  shortNames: ["cephbp"],
  description: "A pool of Ceph, for images of block devices unless its application says otherwise.",
  columns: [
    column("Phase", "string", ".status.phase"),
    column("Type", "string", ".status.info.type"),
    column("FailureDomain", "string", ".status.info.failureDomain"),
    column("Replication", "integer", ".spec.replicated.size", "wide"),
    column("EC-CodingChunks", "integer", ".spec.erasureCoded.codingChunks", "wide"),
    column("EC-DataChunks", "integer", ".spec.erasureCoded.dataChunks", "wide"),
    column("Age", "date", ".metadata.creationTimestamp"),
    readyColumn,
    messageColumn,
  ],
  spec: blockPoolSpec,
  status: blockPoolStatus,
};
