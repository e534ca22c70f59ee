import { z } from "zod";

/** The version of Ceph and how to change it. */
export const versionFields = {
  cephVersion: z
    .object({
      allowUnsupported: z.boolean().optional(),
      image: z.string().optional(),
      imagePullPolicy: z.enum(["IfNotPresent", "Always", "Never", ""]).optional(),
    })
    .nullable()
    .optional(),
  continueUpgradeAfterChecksEvenIfNotHealthy: z.boolean().optional(),
  skipUpgradeChecks: z.boolean().optional(),
  upgradeOSDRequiresHealthyPGs: z.boolean().optional(),
  waitTimeoutForHealthyOSDInMinutes: z.int().meta({ format: "int64" }).optional(),
};
