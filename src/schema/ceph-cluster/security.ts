import { z } from "zod";
import { oneOf, rules, text, textMap } from "./fields.ts";

const keyTypes = ["aes", "aes256k"] as const;

const keyFields = {
  keyGeneration: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .meta({ ...rules({ rule: "self >= oldSelf", message: "keyGeneration can only grow" }), format: "int64" })
    .describe("With keyRotationPolicy KeyGeneration: a larger number makes new keys.")
    .optional(),
  keyRotationPolicy: oneOf(["", "Disabled", "KeyGeneration"], "When keys are made anew; never unless set."),
  keyType: oneOf(keyTypes, "Type of new keys. aes256k needs Ceph 20.2.4 and clients that know it."),
} as const;

const stays = rules({
  rule: "!has(oldSelf.keyGeneration) || has(self.keyGeneration)",
  message: "keyGeneration cannot be taken away once it is set",
});

/** Keys and encryption. */
export const securityFields = {
  security: z
    .object({
      cephx: z
        .object({
          allowedCiphers: z.array(z.enum(keyTypes)).min(1).max(2).describe("Types of keys that Ceph accepts.").optional(),
          csi: z
            .object({
              ...keyFields,
              keepPriorKeyCountMax: z.int().min(0).max(10).describe("How many older generations of keys stay valid.").optional(),
            })
            .meta(stays)
            .describe("Keys of CSI drivers.")
            .optional(),
          daemon: z.object(keyFields).meta(stays).describe("Keys of Ceph's daemons and of the admin.").optional(),
          rbdMirrorPeer: z.object(keyFields).meta(stays).describe("The key for mirroring block images.").optional(),
        })
        .describe("Keys with which daemons and clients prove who they are.")
        .optional(),
      keyRotation: z
        .object({
          enabled: z.boolean().describe("Make the keys of encrypted OSDs anew from time to time.").default(false),
          schedule: text("When, as a cron schedule; @weekly unless set."),
        })
        .describe("Keys of encrypted OSDs.")
        .nullable()
        .optional(),
      kms: z
        .object({
          connectionDetails: textMap("Its kind and address: KMS_PROVIDER, VAULT_ADDR …"),
          tokenSecretName: text("Secret with what opens it."),
        })
        .describe("The key management service that holds the keys of encrypted OSDs.")
        .nullable()
        .optional(),
    })
    .describe("Keys and encryption.")
    .nullable()
    .optional(),
} as const;
