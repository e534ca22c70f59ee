import { z } from "zod";
import { secretKey } from "./common.ts";

/** Configuration of the cluster as a whole. */
export const configFields = {
  cephConfig: z.record(z.string(), z.record(z.string(), z.string())).nullable().optional(),
  cephConfigFromSecret: z.record(z.string(), z.record(z.string(), secretKey)).nullable().optional(),
  dataDirHostPath: z
    .string()
    .regex(new RegExp("^/(\\S+)"))
    .meta({
      "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "dataDirHostPath cannot be changed: the mons' data is there" }],
    })
    .optional(),
  csi: z
    .object({
      cephfs: z
        .object({
          fuseMountOptions: z.string().optional(),
          kernelMountOptions: z.string().optional(),
        })
        .optional(),
      readAffinity: z
        .object({
          crushLocationLabels: z.array(z.string()).optional(),
          enabled: z.boolean().optional(),
        })
        .optional(),
      skipUserCreation: z.boolean().optional(),
    })
    .optional(),
  external: z
    .object({
      enable: z.boolean().optional(),
    })
    .nullable()
    .optional(),
  cleanupPolicy: z
    .object({
      allowUninstallWithVolumes: z.boolean().optional(),
      confirmation: z.string().regex(new RegExp("^$|^yes-really-destroy-data$")).nullable().optional(),
      sanitizeDisks: z
        .object({
          dataSource: z.enum(["zero", "random"]).optional(),
          iteration: z.int().meta({ format: "int32" }).optional(),
          method: z.enum(["complete", "quick"]).optional(),
        })
        .nullable()
        .optional(),
      wipeDevicesFromOtherClusters: z.boolean().optional(),
    })
    .nullable()
    .optional(),
  disruptionManagement: z
    .object({
      machineDisruptionBudgetNamespace: z.string().optional(),
      manageMachineDisruptionBudgets: z.boolean().optional(),
      managePodBudgets: z.boolean().optional(),
      osdMaintenanceTimeout: z.int().meta({ format: "int64" }).optional(),
      pgHealthCheckTimeout: z.int().meta({ format: "int64" }).optional(),
      pgHealthyRegex: z.string().optional(),
    })
    .nullable()
    .optional(),
  removeOSDsIfOutAndSafeToRemove: z.boolean().optional(),
};
