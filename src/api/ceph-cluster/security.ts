import { z } from "zod";

/** Keys and encryption. */
export const securityFields = {
  security: z
    .object({
      cephx: z
        .object({
          allowedCiphers: z
            .array(z.enum(["aes", "aes256k"]))
            .min(1)
            .max(2)
            .optional(),
          csi: z
            .object({
              keepPriorKeyCountMax: z.int().min(0).max(10).optional(),
              keyGeneration: z
                .int()
                .min(0)
                .max(4294967295)
                .meta({
                  "x-kubernetes-validations": [{ rule: "self >= oldSelf", message: "keyGeneration can only grow" }],
                  format: "int64",
                })
                .optional(),
              keyRotationPolicy: z.enum(["", "Disabled", "KeyGeneration"]).optional(),
              keyType: z.enum(["aes", "aes256k"]).optional(),
            })
            .meta({
              "x-kubernetes-validations": [
                {
                  rule: "!has(oldSelf.keyGeneration) || has(self.keyGeneration)",
                  message: "keyGeneration cannot be taken away once it is set",
                },
              ],
            })
            .optional(),
          daemon: z
            .object({
              keyGeneration: z
                .int()
                .min(0)
                .max(4294967295)
                .meta({
                  "x-kubernetes-validations": [{ rule: "self >= oldSelf", message: "keyGeneration can only grow" }],
                  format: "int64",
                })
                .optional(),
              keyRotationPolicy: z.enum(["", "Disabled", "KeyGeneration"]).optional(),
              keyType: z.enum(["aes", "aes256k"]).optional(),
            })
            .meta({
              "x-kubernetes-validations": [
                {
                  rule: "!has(oldSelf.keyGeneration) || has(self.keyGeneration)",
                  message: "keyGeneration cannot be taken away once it is set",
                },
              ],
            })
            .optional(),
          rbdMirrorPeer: z
            .object({
              keyGeneration: z
                .int()
                .min(0)
                .max(4294967295)
                .meta({
                  "x-kubernetes-validations": [{ rule: "self >= oldSelf", message: "keyGeneration can only grow" }],
                  format: "int64",
                })
                .optional(),
              keyRotationPolicy: z.enum(["", "Disabled", "KeyGeneration"]).optional(),
              keyType: z.enum(["aes", "aes256k"]).optional(),
            })
            .meta({
              "x-kubernetes-validations": [
                {
                  rule: "!has(oldSelf.keyGeneration) || has(self.keyGeneration)",
                  message: "keyGeneration cannot be taken away once it is set",
                },
              ],
            })
            .optional(),
        })
        .optional(),
      keyRotation: z
        .object({
          enabled: z.boolean().default(false),
          schedule: z.string().optional(),
        })
        .nullable()
        .optional(),
      kms: z
        .object({
          connectionDetails: z.record(z.string(), z.string()).nullable().optional(),
          tokenSecretName: z.string().optional(),
        })
        .nullable()
        .optional(),
    })
    .nullable()
    .optional(),
};
