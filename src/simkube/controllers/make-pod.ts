import { type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import { isKubeError } from "../../kube/kube-error.ts";
import type { KubeObject } from "../../kube/object.ts";
import { warn } from "./sim-events.ts";
import type { SimFaults } from "./sim-faults.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** Makes a Pod for its owner; answers the API server's words where it refuses, which are told as an event of the owner. */
export type MakePod = (owner: KubeObject, pod: Pod) => string | undefined;

/** See `MakePod`. */
export function podMaker(store: TypedStore, faults: Pick<SimFaults, "refusalOf">, component: string, now: () => number): MakePod {
  const refusalOf = (pod: Pod): string | undefined => {
    const why = faults.refusalOf(pod);
    if (why !== undefined) return `pods "${pod.metadata.generateName ?? ""}" is forbidden: ${why}`;
    try {
      store.create(PodKind, pod);
      return undefined;
    } catch (error) {
      if (isKubeError(error, "forbidden", "invalid")) return error.message;
      throw error;
    }
  };
  return (owner, pod) => {
    const message = refusalOf(pod);
    if (message === undefined) return undefined;
    warn(store, owner, { reason: "FailedCreate", message: `Error creating: ${message}` }, { component, now: now() });
    return message;
  };
}
