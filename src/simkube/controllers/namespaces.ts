import { Namespace } from "../../kube/kinds.ts";
import type { KubeStore } from "../api/store.ts";
import type { Agenda } from "./agenda.ts";
import { isStaying, keyOf } from "./owned.ts";
import { ServiceAccount, type TypedStore } from "./sim-kinds.ts";

/** What controllers of Namespaces work with; `raw` is the store that `store` is. */
export interface NamespaceParts {
  readonly raw: KubeStore;
  readonly store: TypedStore;
  readonly agenda: Agenda;
}

/** Each namespace has a service account of its own, for Pods that name none. */
export function giveAccount({ store, agenda }: NamespaceParts, namespace: Namespace): void {
  agenda.markObject(Namespace, namespace, ({ metadata: { name = "" } }) => {
    const key = { namespace: name, name: "default" };
    if (store.get(ServiceAccount, key) === undefined)
      store.create(ServiceAccount, { apiVersion: "v1", kind: "ServiceAccount", metadata: key });
  });
}

/** Deletes all that is in a namespace; once nothing is left, the namespace may go. */
export function endNamespace(parts: NamespaceParts, namespace: Namespace): void {
  const { raw, store, agenda } = parts;
  agenda.markObject(Namespace, namespace, (now) => {
    const name = now.metadata.name ?? "";
    let left = 0;
    for (const resource of raw.resources()) {
      if (!resource.namespaced) continue;
      for (const object of raw.list(resource, name)) {
        left += 1;
        if (isStaying(object)) raw.delete(resource, keyOf(object), { uid: object.metadata.uid });
      }
    }
    if (left > 0) agenda.mark(`again ${name}`, () => endNamespace(parts, now));
    else store.change(Namespace, now, (n) => ({ ...n, spec: { ...n.spec, finalizers: [] } }));
  });
}
