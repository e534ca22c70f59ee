import type { CacheHealth } from "../../src/kube/cached-kube.ts";
import type { RuntimeMetrics } from "../../src/runtime/metrics.ts";
import type { WorkQueueState } from "../../src/runtime/work-queue.ts";

/** What an operator has to do just now. */
export interface ProcessLoad {
  /** To be given to the operator: it tells its load by its metrics. */
  readonly metrics: RuntimeMetrics;
  /** Whether a pass runs or is about to, as soon as it leads. */
  isBusy(): boolean;
  /** Whether some kind of objects could not be followed when that was last tried. */
  isInTrouble(): boolean;
  /** How many passes have failed so far, and are tried again. */
  retries(): number;
  /** Whether another one leads, or may lead. */
  standsBy(): boolean;
}

const uncounted = { started() {}, ended() {}, idle() {}, timedOut() {}, panicked() {} };

/** The load of one operator, which leads at once or after an election. */
export function createProcessLoad(isElected: boolean): ProcessLoad {
  const queues: (() => WorkQueueState)[] = [];
  let leads = !isElected;
  let retries = 0;
  let askCaches: () => Pick<CacheHealth, "synced" | "kinds"> = () => ({ synced: false, kinds: [] });
  return {
    metrics: {
      controller: () => uncounted,
      queue: (_name, state) => {
        queues.push(state);
        return { added() {}, retried: () => void (retries += 1), taken() {}, finished() {} };
      },
      kubeRequest() {},
      caches: (health) => {
        askCaches = health;
      },
      leading: (_lease, isLeader) => {
        leads = isLeader;
      },
      event() {},
    },
    isBusy: () =>
      queues.some((state) => {
        const { ready, runningMs } = state();
        return ready > 0 || runningMs.length > 0;
      }),
    isInTrouble: () => {
      const { synced, kinds } = askCaches();
      return !synced || kinds.some(({ trouble }) => trouble !== undefined);
    },
    retries: () => retries,
    standsBy: () => !leads,
  };
}
