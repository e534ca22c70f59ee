import type { Workload } from "./workload.ts";
import { clientWorkloads } from "./workloads/clients.ts";
import { clusterWorkloads } from "./workloads/cluster.ts";
import { deletionWorkloads } from "./workloads/deletion.ts";
import { filesystemWorkloads } from "./workloads/filesystems.ts";
import { monWorkloads } from "./workloads/mons.ts";
import { nodeWorkloads } from "./workloads/nodes.ts";
import { poolWorkloads } from "./workloads/pools.ts";
import { subvolumeGroupWorkloads } from "./workloads/subvolumegroups.ts";
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
];
