import { isCephError } from "../../ceph/ceph-error.ts";
import { clusterStatus } from "../../ceph/commands/cluster.ts";
import { orUndefined } from "../../ceph/or-undefined.ts";
import { ObjectGoneError } from "../../resource/guarded.ts";
import type { Act } from "./common/act.ts";
import { blocked, type Outcome } from "./common/outcome.ts";
import type { Step } from "./common/step.ts";
import type { World } from "./common/world.ts";

/** Runs the steps of one pass, one after another. */
export interface Steps {
  /**
   * Runs a step. One that fails has found nothing: it holds up those that need what it finds, and no other; the operator reports it in the
   * status, and tries it again. Where it failed for want of an answer, and Ceph does not answer a question about its status either, the steps
   * that follow see a world in which Ceph does not answer: else each of them would wait as long.
   *
   * @throws ObjectGoneError where the CephCluster is gone; and whatever the step threw, where the pass was aborted
   */
  readonly run: <T = never>(name: string, step: (world: World) => Promise<Outcome | Step<T>>) => Promise<Step<T>>;
  /** The world as the next step sees it. */
  readonly seen: () => World;
}

/** The steps of a pass that begins in `world`; `patienceMs` is what Ceph gets to answer. */
export function stepsOf(world: World, act: Act, { patienceMs }: { readonly patienceMs: number }): Steps {
  let seen = world;
  return {
    seen: () => seen,
    run: async (name, step) => {
      act.signal.throwIfAborted();
      try {
        const answer = await step(seen);
        return "outcome" in answer ? answer : { outcome: answer };
      } catch (error) {
        if (error instanceof ObjectGoneError) throw error;
        if (isCephError(error) && error.unanswered) seen = await askAgain(seen, act, patienceMs);
        return { outcome: failed(name, act, error) };
      }
    },
  };
}

/** What is told of a step that failed. @throws the error itself where the pass was aborted */
export function failed(name: string, { signal, log }: Act, error: unknown): Outcome {
  if (signal.aborted) throw error;
  log.warn("step failed", { step: name, error });
  return blocked("StepFailed", `${name}: ${error instanceof Error ? error.message : String(error)}`, 3000);
}

/** The world with what Ceph says now, which has left a question without an answer. */
async function askAgain(world: World, { ceph, signal }: Act, patienceMs: number): Promise<World> {
  const { ceph: before, ...others } = world;
  if (before === undefined) return world;
  const status = await orUndefined(clusterStatus(ceph, { signal, timeoutMs: Math.max(patienceMs, 2000) }));
  return status === undefined ? others : { ...world, ceph: { ...before, status } };
}
