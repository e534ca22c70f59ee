import type { Workload } from "./workload.ts";
import { betweenWorkloads } from "./workloads/between.ts";
import { byHandWorkloads } from "./workloads/by-hand.ts";
import { clientWorkloads } from "./workloads/clients.ts";
import { clusterWorkloads } from "./workloads/cluster.ts";
import { deletionWorkloads } from "./workloads/deletion.ts";
import { filesystemWorkloads } from "./workloads/filesystems.ts";
import { foreignHandsWorkloads } from "./workloads/foreign-hands.ts";
import { inTheMiddleWorkloads } from "./workloads/in-the-middle.ts";
import { keyringWorkloads } from "./workloads/keyrings.ts";
import { madeAnewWorkloads } from "./workloads/made-anew.ts";
import { monWorkloads } from "./workloads/mons.ts";
import { namespaceWorkloads } from "./workloads/namespaces.ts";
import { nodeWorkloads } from "./workloads/nodes.ts";
import { pausedWorkloads } from "./workloads/paused.ts";
import { poolWorkloads } from "./workloads/pools.ts";
import { subvolumeGroupWorkloads } from "./workloads/subvolumegroups.ts";
import { takenAwayWorkloads } from "./workloads/taken-away.ts";
import { twinsWorkloads } from "./workloads/twins.ts";
import { upgradeWorkloads } from "./workloads/upgrade.ts";

/** All of them, a file for each subject. */
export const workloads: readonly Workload[] = [
  ...clusterWorkloads,
  ...monWorkloads,
  ...deletionWorkloads,
  ...clientWorkloads,
  ...poolWorkloads,
  ...nodeWorkloads,
  ...upgradeWorkloads,
  ...filesystemWorkloads,
  ...subvolumeGroupWorkloads,
  ...madeAnewWorkloads,
  ...takenAwayWorkloads,
  ...twinsWorkloads,
  ...betweenWorkloads,
  ...byHandWorkloads,
  ...keyringWorkloads,
  ...inTheMiddleWorkloads,
  ...pausedWorkloads,
  ...namespaceWorkloads,
  ...foreignHandsWorkloads,
];
