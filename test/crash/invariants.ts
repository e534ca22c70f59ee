import { Deployment } from "../../src/kube/kinds.ts";
import type { Logger } from "../../src/kube/logger.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { FakeKube } from "../../src/simkube/api/fake-kube.ts";
import type { VirtualClock } from "../../src/simkube/virtual-clock.ts";
import { watchClusters } from "./cluster-invariants.ts";
import { watchCommands } from "./command-invariants.ts";
import { watchDisks } from "./disk-invariants.ts";
import type { Fault } from "./fault.ts";
import { delayOf } from "./fault-delay.ts";
import { watchLastingInvariants } from "./lasting-invariants.ts";
import { watchFilesystems } from "./mds-invariants.ts";
import { watchMonInvariants } from "./mon-invariants.ts";
import { heardKube } from "./operator-waist.ts";
import { watchOsds } from "./osd-invariants.ts";
import { watchPools } from "./pool-invariants.ts";
import { watchSecrets } from "./secret-invariants.ts";
import { versionsOutOfOrder } from "./version-order.ts";
import { judgeWrites } from "./write-invariants.ts";

/** What a user has just done may not have been seen yet: changes take time to be seen. */
const seenWithinMs = 2000;

/** What the invariants have to know of a world beside its cluster. */
export interface InvariantOptions {
  readonly fault: Fault;
  /** Where the operator is. */
  readonly operatorNamespace: string;
  readonly isUsersDoing: () => boolean;
  /** Whether no operator is there just now. */
  readonly isNobodyThere: () => boolean;
}

/** The invariants of a world, as far as they have to be asked. */
export interface Invariants {
  /** `kube` for operators, whose writes are judged. */
  kube(kube: FakeKube): FakeKube;
  /** For operators: what they log is judged. */
  readonly log: Logger;
  /** Judges what has lasted until now. */
  check(): void;
}

/**
 * Watches what must hold at every step, whoever is stopped when: mons are never stopped below a majority, no OSD is stopped that others
 * need, nothing is written to a device that is not empty unless it is to be wiped and nobody uses it, a cluster that is to leave nothing leaves
 * nothing, Ready is said only when it is true and no longer, keys are nowhere but in Secrets, no daemon runs without its own, and whatever the
 * operator writes is guarded and in its place.
 */
export function watchInvariants(
  sim: SimCluster,
  clock: VirtualClock,
  { fault, operatorNamespace, isUsersDoing, isNobodyThere }: InvariantOptions,
  say: (violation: string) => void,
): Invariants {
  let lastDeed = Number.NEGATIVE_INFINITY;
  sim.store.subscribe((resource, change) => {
    if (isUsersDoing()) lastDeed = clock.now();
    else if (resource.kind === Deployment.kind) for (const violation of versionsOutOfOrder(sim, change)) say(violation);
  });
  watchMonInvariants(sim, { isUsersDoing, wasUserJust: () => clock.now() - lastDeed <= seenWithinMs }, say);
  watchOsds(sim, isUsersDoing, say);
  watchClusters(sim, clock, isUsersDoing, say);
  watchPools(sim, say);
  watchFilesystems(sim, clock, isUsersDoing, say);
  const judgeDisks = watchDisks(sim, say);
  const judgeWrite = judgeWrites(sim, operatorNamespace, say);
  const secrets = watchSecrets(sim, say);
  const judgeLasting = watchLastingInvariants(sim, clock, { delayMs: delayOf(fault), isNobodyThere }, say);
  watchCommands(sim, secrets, judgeLasting, say);
  return {
    kube: (kube) =>
      heardKube(kube, (write) => {
        judgeWrite(write);
        secrets.hearWrite(write);
      }),
    log: secrets.log,
    check: () => {
      judgeDisks();
      judgeLasting();
    },
  };
}
