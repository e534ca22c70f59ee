import { z } from "zod";
import { flag, oneOf, rules, text } from "../../schema/ceph-cluster/fields.ts";
import { childStatusFields } from "../../schema/conditions-schema.ts";
import { type CrdDefinition, column, messageColumn, readyColumn } from "../../schema/crd.ts";
import { keptStatusFields } from "../../schema/kept-status-schema.ts";

/** The user of the old name would stay in Ceph, with a key that works. A field that comes or goes is judged too. */
const oneName = {
  rule: "(has(self.name) ? self.name : '') == (has(oldSelf.name) ? oldSelf.name : '')",
  message: "name cannot be changed; create a CephClient for the other user, and delete this one",
} as const;

/** What a CephClient may ask for, in Rook's words. */
export const clientSpec = z
  .object({
    caps: z.record(z.string(), z.string()).describe("What the user may do, by type of daemon: `mon: allow r`."),
    name: text("The user's name in Ceph, without `client.`; the object's name where it is not set."),
    secretName: z
      .string()
      .meta(rules({ rule: "self == oldSelf", message: "secretName cannot be changed" }))
      .describe("The Secret for the key; `rook-ceph-client-` and the object's name where it is not set.")
      .optional(),
    removeSecret: flag("Keep no Secret: the key can be had from Ceph only."),
    security: z
      .object({
        cephx: z
          .object({
            keyRotationPolicy: oneOf(["", "Disabled", "KeyGeneration"], "When the key is made anew."),
            keyGeneration: z
              .int()
              .min(0)
              .max(4_294_967_295)
              .meta({ ...rules({ rule: "self >= oldSelf", message: "keyGeneration can only grow" }), format: "int64" })
              .describe("Raised to have the key made anew.")
              .optional(),
            keyType: oneOf(
              ["", "aes", "aes256k"],
              "The type of a new user's key: aes for kernels before 7.0. A key that is there keeps its type.",
            ),
          })
          .meta(rules({ rule: "!has(oldSelf.keyGeneration) || has(self.keyGeneration)", message: "keyGeneration cannot be taken away" }))
          .describe("The user's key.")
          .optional(),
      })
      .describe("Keys.")
      .optional(),
  })
  .meta(rules(oneName))
  .describe("What the user of Ceph may do.");

/** What the operator says of a CephClient; written by it alone. */
export const clientStatus = z
  .object({
    ...childStatusFields,
    cephx: keptStatusFields.cephx,
    info: z
      .object({ secretName: text("The Secret that holds the key.") })
      .describe("Where its key is.")
      .optional(),
  })
  .describe("What the operator found and did; written by it alone.");

/** CephClient, as its CustomResourceDefinition tells it. */
export const clientCrd: Readonly<CrdDefinition> = {
  kind: "CephClient",
  plural: "cephclients",
  shortNames: ["cephcl"],
  description: "A user of Ceph, with its key in a Secret.",
  columns: [column("Phase", "string", ".status.phase"), column("Age", "date", ".metadata.creationTimestamp"), readyColumn, messageColumn],
  spec: clientSpec,
  status: clientStatus,
};
