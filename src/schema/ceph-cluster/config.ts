import { z } from "zod";
import { secretKey } from "./common.ts";
import { flag, oneOf, rules, text, texts, whole } from "./fields.ts";

const unchanging = rules({ rule: "self == oldSelf", message: "dataDirHostPath cannot be changed: the mons' data is there" });

/** Configuration of the cluster as a whole. */
export const configFields = {
  cephConfig: z
    .record(z.string(), z.record(z.string(), z.string()))
    .describe("Ceph's options by section (global, mon, osd.3 …) and name, kept so in the mons. An option taken away here stays as it is.")
    .nullable()
    .optional(),
  cephConfigFromSecret: z
    .record(z.string(), z.record(z.string(), secretKey))
    .describe("As cephConfig, with values that stand in Secrets of this namespace.")
    .nullable()
    .optional(),
  dataDirHostPath: z
    .string()
    .regex(/^\/(\S+)/)
    .meta(unchanging)
    .describe("Folder of the nodes for the mons' data, logs and crash reports. It must not hold those of another cluster.")
    .optional(),
  csi: z
    .object({
      cephfs: z
        .object({
          fuseMountOptions: text("Options of mounts made with ceph-fuse."),
          kernelMountOptions: text("Options of mounts made by the kernel."),
        })
        .describe("Volumes of CephFS.")
        .optional(),
      readAffinity: z
        .object({
          crushLocationLabels: texts("Node labels that tell a client's place in the CRUSH map."),
          enabled: flag("Read from the nearest OSD."),
        })
        .describe("Where clients read from.")
        .optional(),
      skipUserCreation: flag("Make no Ceph users for CSI drivers."),
    })
    .describe("What CSI drivers of this cluster are told.")
    .optional(),
  external: z
    .object({ enable: flag("Use a Ceph cluster that something else runs; no daemon is made.") })
    .describe("A Ceph cluster outside of this Kubernetes.")
    .nullable()
    .optional(),
  cleanupPolicy: z
    .object({
      allowUninstallWithVolumes: flag("Deletion does not wait for volumes of this cluster to be gone."),
      confirmation: z
        .string()
        .regex(/^$|^yes-really-destroy-data$/)
        .describe("With yes-really-destroy-data, deletion of this CephCluster destroys its data on all nodes and disks.")
        .nullable()
        .optional(),
      sanitizeDisks: z
        .object({
          dataSource: oneOf(["zero", "random"], "What disks are overwritten with, for the method complete."),
          iteration: whole("How many times disks are overwritten; 1 unless set.", { format: "int32" }),
          method: oneOf(
            ["complete", "quick"],
            "quick takes away what Ceph knows a disk by; complete overwrites all of it. quick unless set.",
          ),
        })
        .describe("How disks are wiped.")
        .nullable()
        .optional(),
      wipeDevicesFromOtherClusters: flag("Wipe selected devices that hold OSDs of another cluster, and use them."),
    })
    .describe("What happens to data when this CephCluster is deleted.")
    .nullable()
    .optional(),
  disruptionManagement: z
    .object({
      machineDisruptionBudgetNamespace: text("Without effect; known for compatibility."),
      manageMachineDisruptionBudgets: flag("Without effect; known for compatibility."),
      managePodBudgets: flag("Keep PodDisruptionBudgets, so that draining nodes does not take too many daemons at once."),
      osdMaintenanceTimeout: whole("Minutes that OSDs of a drained node are kept from being marked out; 30 unless set.", {
        format: "int64",
      }),
      pgHealthCheckTimeout: whole("Without effect; known for compatibility.", { format: "int64" }),
      pgHealthyRegex: text("Regular expression of the states in which a placement group counts as healthy."),
    })
    .describe("What evictions may take away.")
    .nullable()
    .optional(),
  removeOSDsIfOutAndSafeToRemove: flag("Remove OSDs that are down, out, and no longer hold data that is needed."),
} as const;
