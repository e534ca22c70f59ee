import type { PrinterColumn, SimResource } from "./resources.ts";
import { fieldsOf, type SimObject } from "./sim-object.ts";
import type { Structural } from "./structural.ts";

/** The resources that a CustomResourceDefinition makes, one for each version it serves. */
export function resourceOfDefinition(definition: SimObject): SimResource[] {
  const spec = fieldsOf(definition["spec"]);
  const names = fieldsOf(spec["names"]);
  const versions: readonly unknown[] = Array.isArray(spec["versions"]) ? spec["versions"] : [];
  return versions.map(fieldsOf).flatMap((version): SimResource[] => {
    if (version["served"] !== true) return [];
    const subresources = fieldsOf(version["subresources"]);
    const scale = subresources["scale"] === undefined ? undefined : fieldsOf(subresources["scale"]);
    const schema = fieldsOf(version["schema"])["openAPIV3Schema"];
    const kind = String(names["kind"]);
    return [
      {
        apiVersion: `${String(spec["group"])}/${String(version["name"])}`,
        kind,
        plural: String(names["plural"]),
        singular: typeof names["singular"] === "string" ? names["singular"] : kind.toLowerCase(),
        namespaced: spec["scope"] === "Namespaced",
        shortNames: strings(names["shortNames"]),
        categories: strings(names["categories"]),
        hasStatus: subresources["status"] !== undefined,
        hasGeneration: true,
        isCustom: true,
        ...(schema === undefined ? {} : { schema: schema as Structural }),
        ...(Array.isArray(version["additionalPrinterColumns"])
          ? { columns: version["additionalPrinterColumns"] as readonly PrinterColumn[] }
          : {}),
        ...(scale === undefined
          ? {}
          : {
              scale: {
                specPath: String(scale["specReplicasPath"]),
                statusPath: String(scale["statusReplicasPath"]),
                selectorPath: typeof scale["labelSelectorPath"] === "string" ? scale["labelSelectorPath"] : "",
              },
            }),
      },
    ];
  });
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
