import type { Node, Pod } from "../../kube/kinds.ts";
import type { PodPlan } from "./pod-behaviour.ts";

/** What goes wrong in a simulated cluster beside what it does of itself: for tests. */
export interface SimFaults {
  /** From now on `decide` says what a Pod does when its containers start, where it answers; the answer takes it back. */
  onStart(decide: (pod: Pod, node: Node) => PodPlan | undefined): () => void;
  /** From now on the API server refuses to make Pods for which `why` has words; the answer takes it back. */
  refusePods(why: (pod: Pod) => string | undefined): () => void;
  /** What was decided for a Pod that starts. */
  planOf(pod: Pod, node: Node): PodPlan | undefined;
  /** Why the API server refuses to make a Pod. */
  refusalOf(pod: Pod): string | undefined;
}

/** A cluster in which nothing goes wrong. */
export function createSimFaults(): SimFaults {
  const plans = new Set<(pod: Pod, node: Node) => PodPlan | undefined>();
  const refusals = new Set<(pod: Pod) => string | undefined>();
  const first = <A extends unknown[], R>(all: ReadonlySet<(...given: A) => R | undefined>, ...given: A): R | undefined => {
    for (const each of all) {
      const answer = each(...given);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  const add = <T>(all: Set<T>, each: T): (() => void) => {
    all.add(each);
    return () => void all.delete(each);
  };
  return {
    onStart: (decide) => add(plans, decide),
    refusePods: (why) => add(refusals, why),
    planOf: (pod, node) => first(plans, pod, node),
    refusalOf: (pod) => first(refusals, pod),
  };
}
