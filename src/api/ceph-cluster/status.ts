import { z } from "zod";
import { anything } from "./common.ts";

const condition = z.object({
  type: z.string(),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string().optional(),
  message: z.string().optional(),
  observedGeneration: z.int().meta({ format: "int64" }).optional(),
  lastTransitionTime: z.string().meta({ format: "date-time" }).optional(),
  lastHeartbeatTime: z.string().meta({ format: "date-time" }).optional(),
});

const healthMessage = z.object({ severity: z.string(), message: z.string() });

const bytes = z.int().meta({ format: "int64" });

/** What the operator says of a cluster; written by it alone. */
export const clusterStatus = z.object({
  phase: z.string().optional(),
  state: z.string().optional(),
  message: z.string().optional(),
  observedGeneration: bytes.optional(),
  conditions: z
    .array(condition)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
    .optional(),
  ceph: z
    .object({
      health: z.string().optional(),
      details: z.record(z.string(), healthMessage).optional(),
      fsid: z.string().optional(),
      lastChecked: z.string().optional(),
      lastChanged: z.string().optional(),
      previousHealth: z.string().optional(),
      capacity: z
        .object({
          bytesTotal: bytes.optional(),
          bytesUsed: bytes.optional(),
          bytesAvailable: bytes.optional(),
          lastUpdated: z.string().optional(),
        })
        .optional(),
      versions: z.record(z.string(), z.record(z.string(), z.int())).optional(),
    })
    .optional(),
  cephx: anything.optional(),
  storage: z
    .object({
      deviceClasses: z.array(z.object({ name: z.string() })).optional(),
      osd: z.object({ storeType: z.record(z.string(), z.int()).optional() }).optional(),
    })
    .optional(),
  version: z.object({ image: z.string().optional(), version: z.string().optional() }).optional(),
});
