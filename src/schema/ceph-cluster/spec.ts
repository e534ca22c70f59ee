import { z } from "zod";
import { configFields } from "./config.ts";
import { daemonsFields } from "./daemons.ts";
import { healthCheckFields } from "./health-check.ts";
import { monitoringFields } from "./monitoring.ts";
import { networkFields } from "./network.ts";
import { podsFields } from "./pods.ts";
import { securityFields } from "./security.ts";
import { storageFields } from "./storage.ts";
import { versionFields } from "./version.ts";

/** Everything that a CephCluster may ask for, in Rook's words. No field is required. */
export const clusterSpec = z
  .object({
    ...versionFields,
    ...configFields,
    ...daemonsFields,
    ...storageFields,
    ...networkFields,
    ...monitoringFields,
    ...healthCheckFields,
    ...securityFields,
    ...podsFields,
  })
  .describe("What the cluster should be. Fields that this operator does not act on yet are named in the status.");
