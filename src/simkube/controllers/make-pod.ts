import { type Pod, Pod as PodKind } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/object.ts";
import { warn } from "./sim-events.ts";
import type { SimFaults } from "./sim-faults.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** Makes a Pod for its owner; answers the API server's words where it refuses, which are told as an event of the owner. */
export type MakePod = (owner: KubeObject, pod: Pod) => string | undefined;

/** See `MakePod`. */
export function podMaker(store: TypedStore, faults: Pick<SimFaults, "refusalOf">, component: string, now: () => number): MakePod {
  return (owner, pod) => {
    const why = faults.refusalOf(pod);
    if (why === undefined) {
      store.create(PodKind, pod);
      return undefined;
    }
    const message = `pods "${pod.metadata.generateName ?? ""}" is forbidden: ${why}`;
    warn(store, owner, { reason: "FailedCreate", message: `Error creating: ${message}` }, { component, now: now() });
    return message;
  };
}
