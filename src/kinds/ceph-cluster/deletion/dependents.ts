import type { KubeReader } from "../../../kube/kube.ts";
import { isKubeError } from "../../../kube/kube-error.ts";
import type { Kind } from "../../../kube/object.ts";
import type { Dependents } from "../../../resource/dependents.ts";

/** The objects of these kinds in a namespace, as the API server has them now; kinds that are not installed have none. */
export async function dependentsIn(live: KubeReader, kinds: readonly Kind[], namespace: string): Promise<Dependents[]> {
  const found = await Promise.all(
    kinds.map(async (kind) => {
      try {
        const objects = await live.list(kind, { namespace });
        return { what: kind.kind, count: objects.length, names: objects.map(({ metadata }) => metadata.name ?? "").sort() };
      } catch (error) {
        if (isKubeError(error, "notFound")) return { what: kind.kind, count: 0, names: [] };
        throw error;
      }
    }),
  );
  return found.filter(({ count }) => count > 0);
}
