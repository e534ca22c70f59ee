import { z } from "zod";
import { flag, oneOf, text, whole } from "./fields.ts";

/** The version of Ceph and how to change it. */
export const versionFields = {
  cephVersion: z
    .object({
      allowUnsupported: flag("Also run a Ceph newer than the newest that this operator knows."),
      image: text("Image of all Ceph daemons, such as quay.io/ceph/ceph:v20.2.4. A change updates the daemons in Ceph's order."),
      imagePullPolicy: oneOf(["IfNotPresent", "Always", "Never", ""], "When nodes pull the image; IfNotPresent unless set."),
    })
    .describe("Which Ceph runs.")
    .nullable()
    .optional(),
  continueUpgradeAfterChecksEvenIfNotHealthy: flag("Update the next daemon even where Ceph's checks after the last one failed."),
  skipUpgradeChecks: flag("Update daemons without asking Ceph whether they may stop. Data may be out of reach meanwhile."),
  upgradeOSDRequiresHealthyPGs: flag("Update an OSD only while all placement groups are clean."),
  waitTimeoutForHealthyOSDInMinutes: whole("Minutes to wait until Ceph allows an OSD to stop; 10 unless set.", { format: "int64" }),
} as const;
