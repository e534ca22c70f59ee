import type { KubeObject } from "../../src/kube/object.ts";
import type { CephClusterSpec } from "../../src/schema/ceph-cluster.ts";
import type { CrashWorld } from "../crash/crash-world.ts";

/** A cause of trouble: how it comes, what must be told of it, and how it goes. */
export interface WhyNotCase {
  /** The first cell of its row in docs/why-not.md. */
  readonly cause: string;
  readonly nodes?: number;
  readonly disks?: (node: number) => string;
  /** Added to the spec of the CephCluster. */
  readonly spec?: CephClusterSpec;
  /** Whether the cause is there before the CephCluster is; else it comes to one that is Ready. */
  readonly isThereBefore?: boolean;
  /** Brings the cause about; what it answers takes it away again. */
  plant(world: CrashWorld): (() => void) | void;
  /** Takes the cause away; where absent, what `plant` answered does. */
  cure?(world: CrashWorld): void;
  /** Why it cannot be taken away here. */
  readonly incurable?: string;
  /** What the row's placeholders stand for, beside `<time>`. */
  readonly values?: Readonly<Record<string, string>>;
  /** The type of the condition that tells it; Ready where absent. */
  readonly condition?: string;
  /** The condition's status; False where absent. */
  readonly status?: "True" | "Unknown";
  /** Whether there is no CephCluster. */
  readonly isWithoutCluster?: boolean;
  /** Who tells it; the CephCluster where absent. */
  readonly told?: (world: CrashWorld) => KubeObject | undefined;
}
