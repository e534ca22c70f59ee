import { z } from "zod";
import { anything, placement, resources } from "./common.ts";

/** Which nodes and devices become OSDs. */
export const storageFields = {
  storage: z
    .object({
      allowDeviceClassUpdate: z.boolean().optional(),
      allowOsdCrushWeightUpdate: z.boolean().optional(),
      backfillFullRatio: z.number().min(0).max(1).nullable().optional(),
      config: z.record(z.string(), z.string()).nullable().optional(),
      deviceFilter: z.string().optional(),
      devicePathFilter: z.string().optional(),
      devices: z
        .array(
          z.object({
            config: z.record(z.string(), z.string()).nullable().optional(),
            fullpath: z.string().optional(),
            name: z.string().optional(),
          }),
        )
        .nullable()
        .optional(),
      flappingRestartIntervalHours: z.int().optional(),
      fullRatio: z.number().min(0).max(1).nullable().optional(),
      migration: z
        .object({
          confirmation: z.string().regex(new RegExp("^$|^yes-really-migrate-osds$")).optional(),
        })
        .optional(),
      nearFullRatio: z.number().min(0).max(1).nullable().optional(),
      nodes: z
        .array(
          z.object({
            config: z.record(z.string(), z.string()).nullable().optional(),
            deviceFilter: z.string().optional(),
            devicePathFilter: z.string().optional(),
            devices: z
              .array(
                z.object({
                  config: z.record(z.string(), z.string()).nullable().optional(),
                  fullpath: z.string().optional(),
                  name: z.string().optional(),
                }),
              )
              .nullable()
              .optional(),
            name: z.string().optional(),
            resources: resources.nullable().optional(),
            useAllDevices: z.boolean().optional(),
            volumeClaimTemplates: z.array(anything).optional(),
          }),
        )
        .nullable()
        .optional(),
      onlyApplyOSDPlacement: z.boolean().optional(),
      osdMaxUpdatesInParallel: z.int().min(1).meta({ format: "int32" }).optional(),
      scheduleAlways: z.boolean().optional(),
      storageClassDeviceSets: z
        .array(
          z.object({
            config: z.record(z.string(), z.string()).nullable().optional(),
            count: z.int().min(1),
            encrypted: z.boolean().optional(),
            name: z.string(),
            placement: placement.nullable().optional(),
            portable: z.boolean().optional(),
            preparePlacement: placement.nullable().optional(),
            resources: resources.nullable().optional(),
            schedulerName: z.string().optional(),
            tuneDeviceClass: z.boolean().optional(),
            tuneFastDeviceClass: z.boolean().optional(),
            volumeClaimTemplates: z.array(anything),
          }),
        )
        .nullable()
        .optional(),
      store: z
        .object({
          type: z.enum(["bluestore", "bluestore-rdr"]).optional(),
          updateStore: z.string().regex(new RegExp("^$|^yes-really-update-store$")).optional(),
        })
        .optional(),
      useAllDevices: z.boolean().optional(),
      useAllNodes: z.boolean().optional(),
      volumeClaimTemplates: z.array(anything).optional(),
    })
    .nullable()
    .optional(),
};
