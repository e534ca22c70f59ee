import { CustomResourceDefinition } from "../../kube/kinds.ts";
import type { SimObject } from "../api/sim-object.ts";
import type { KubeStore } from "../api/store.ts";
import { keyOf } from "./owned.ts";

/** Says of a CustomResourceDefinition, where it is still there, that it is served. */
export function establish(store: KubeStore, definition: SimObject): void {
  const resource = store.resource(CustomResourceDefinition);
  const spec = definition["spec"] as { names: unknown; versions: { name: string; storage: boolean }[] };
  const isSo = (type: string, reason: string) => ({
    type,
    status: "True",
    reason,
    message: "",
    lastTransitionTime: definition.metadata.creationTimestamp,
  });
  if (store.get(resource, keyOf(definition)) === undefined) return;
  store.patch(
    resource,
    keyOf(definition),
    (current) => ({
      ...current,
      status: {
        acceptedNames: spec.names,
        conditions: [isSo("NamesAccepted", "NoConflicts"), isSo("Established", "InitialNamesAccepted")],
        storedVersions: spec.versions.filter((v) => v.storage).map((v) => v.name),
      },
    }),
    { subresource: "status" },
  );
}
