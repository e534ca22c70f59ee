import type { Kind, KubeObject } from "../kube/object.ts";
import type { Condition } from "../runtime/conditions.ts";
import { wakeViewed } from "../runtime/wake-ups.ts";
import type { OperatorKind } from "./operator-kind.ts";

/**
 * `parent`, woken by its children in the same namespace when they become Ready or no longer are: what its status tells of Ceph's health and
 * versions has changed then, which no watch of its own tells.
 */
export function wokenByChildren<T extends KubeObject>(parent: OperatorKind<T>, children: readonly Kind[]): OperatorKind<T> {
  return {
    ...parent,
    wakeUps: (waking) => [
      ...parent.wakeUps(waking),
      ...children.map((kind) =>
        wakeViewed(kind, readyOf, ({ metadata }) => {
          waking.wakeNamespace(metadata.namespace ?? "");
          return [];
        }),
      ),
    ],
  };
}

function readyOf(object: KubeObject & { status?: { conditions?: readonly Condition[] } }): string | undefined {
  return object.status?.conditions?.find(({ type }) => type === "Ready")?.status;
}
