import type { SimResource } from "../api/resources.ts";
import type { SimObject } from "../api/sim-object.ts";
import { columnsOf } from "./columns.ts";

/** Objects as the Table that `kubectl get` asks for; `full` puts the whole objects into the rows instead of their metadata. */
export function tableOf(
  resource: SimResource,
  objects: readonly SimObject[],
  options: { readonly now: number; readonly resourceVersion: string; readonly full: boolean; readonly withColumns?: boolean },
): object {
  const columns = columnsOf(resource);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: options.resourceVersion },
    columnDefinitions:
      options.withColumns === false
        ? null
        : columns.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.now)),
      object: options.full
        ? { ...object, apiVersion: resource.apiVersion, kind: resource.kind }
        : { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
    })),
  };
}
