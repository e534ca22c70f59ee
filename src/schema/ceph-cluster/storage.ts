import { z } from "zod";
import { claimTemplate, placement, resources } from "./common.ts";
import { flag, oneOf, ratio, text, textLike, textMap, whole } from "./fields.ts";

const osdConfig = "Settings of OSDs: deviceClass, crushRoot, metadataDevice, databaseSizeMB, walSizeMB, osdsPerDevice, encryptedDevice …";

const selection = {
  config: textMap(osdConfig),
  deviceFilter: text("Use the empty devices whose kernel name (sdb) matches this regular expression."),
  devicePathFilter: text("Use the empty devices with a path (/dev/disk/by-id/…) that matches this regular expression."),
  devices: z
    .array(
      z.object({
        config: textMap(osdConfig),
        fullpath: text("Path of the device, such as /dev/disk/by-id/…"),
        name: text("Name of the device, such as sdb or /dev/sdb. A loop device is used only when it is named."),
      }),
    )
    .describe("Use these devices, as far as they are empty, and no others.")
    .nullable()
    .optional(),
  useAllDevices: flag("Use every empty device. Devices with anything on them are left alone."),
  volumeClaimTemplates: z.array(claimTemplate).describe("Without effect; known for compatibility.").optional(),
} as const;

const node = z.object({
  ...selection,
  name: text("The node: its value of the label kubernetes.io/hostname."),
  resources: resources.describe("Requests and limits of this node's OSDs.").nullable().optional(),
});

const deviceSet = z.object({
  config: textMap(osdConfig),
  count: z.int().min(1).describe("How many OSDs. A smaller number removes none."),
  encrypted: flag("Encrypt the volumes."),
  name: z.string().describe("Begins the names of the volume claims."),
  placement: placement.describe("Where the OSDs may run.").nullable().optional(),
  portable: flag("The OSDs may move between nodes with their volumes."),
  preparePlacement: placement.describe("Where their preparation may run; as placement unless set.").nullable().optional(),
  resources: resources.describe("Requests and limits of the OSDs.").nullable().optional(),
  schedulerName: text("The scheduler of the OSDs' Pods."),
  tuneDeviceClass: flag("Tune the OSDs for slow volumes."),
  tuneFastDeviceClass: flag("Tune the OSDs for fast volumes."),
  volumeClaimTemplates: z.array(claimTemplate).describe("Claims of each OSD: data, and where wanted metadata and wal."),
});

/** Which nodes and devices become OSDs. */
export const storageFields = {
  storage: z
    .object({
      ...selection,
      allowDeviceClassUpdate: flag("A changed device class is given to OSDs that exist, too."),
      allowOsdCrushWeightUpdate: flag("An OSD whose device grew gets more weight in the CRUSH map."),
      backfillFullRatio: ratio("How full an OSD may be to take data that moves."),
      flappingRestartIntervalHours: whole("Hours to wait before an OSD that keeps failing is started again."),
      fullRatio: ratio("How full an OSD may be before clients can no longer write."),
      migration: z
        .object({
          confirmation: textLike(
            "^$|^yes-really-migrate-osds$",
            "With yes-really-migrate-osds, OSDs that differ from these settings are made anew, one by one.",
          ),
        })
        .describe("Making existing OSDs anew.")
        .optional(),
      nearFullRatio: ratio("How full an OSD may be before Ceph warns."),
      nodes: z
        .array(node)
        .describe("Nodes to use, where useAllNodes is not set. What a node says of devices replaces what is said for all.")
        .nullable()
        .optional(),
      onlyApplyOSDPlacement: flag("placement.osd alone holds for OSDs; placement.all does not add to it."),
      osdMaxUpdatesInParallel: whole("How many OSDs may be updated at once.", { minimum: 1, format: "int32" }),
      scheduleAlways: flag("Use the nodes listed even while they take no Pods."),
      storageClassDeviceSets: z.array(deviceSet).describe("OSDs on volume claims.").nullable().optional(),
      store: z
        .object({
          type: oneOf(["bluestore", "bluestore-rdr"], "How OSDs keep data; bluestore unless set."),
          updateStore: textLike(
            "^$|^yes-really-update-store$",
            "With yes-really-update-store, existing OSDs are made anew with this type.",
          ),
        })
        .describe("The OSDs' store.")
        .optional(),
      useAllNodes: flag("Use every node that takes OSDs' Pods; storage.nodes is then ignored."),
    })
    .describe("Which devices of which nodes become OSDs.")
    .nullable()
    .optional(),
} as const;
