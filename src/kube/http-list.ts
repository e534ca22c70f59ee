import { cleanObject } from "./clean-object.ts";
import type { Send } from "./http-sender.ts";
import type { ListSelection } from "./kube.ts";
import { isKubeError } from "./kube-error.ts";
import type { Kind, KubeObject } from "./object.ts";
import { collectionPath } from "./request-path.ts";

/** What to list, as the API server takes it. */
export interface ListQuery {
  /** Absent: every namespace. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  signal?: AbortSignal;
}

interface ListBody<T> {
  items?: T[] | null;
  metadata?: { resourceVersion?: string; continue?: string };
}

const pageSize = "500";

/**
 * A collection in pages of 500, all of one version: the one it answers.
 *
 * @throws KubeError
 * @example const { items, resourceVersion } = await listPages(send, Pod, { namespace: "default", labelSelector: "app=web" });
 */
export async function listPages<T extends KubeObject>(
  send: Send,
  kind: Kind<T>,
  query: ListQuery,
): Promise<{ items: T[]; resourceVersion: string }> {
  const { namespace, labelSelector, fieldSelector, signal } = query;
  const what = `list ${kind.plural}${namespace === undefined ? "" : ` in ${namespace}`}`;
  const page = async (limit: string | undefined, token: string | undefined) => {
    const path = collectionPath(kind, namespace, { limit, continue: token, labelSelector, fieldSelector });
    const request = { method: "GET" as const, path, what, ...(signal === undefined ? {} : { signal }) };
    return (await send("list", kind, request)) as ListBody<T>;
  };
  const items: T[] = [];
  let token: string | undefined;
  for (;;) {
    let body: ListBody<T>;
    try {
      body = await page(pageSize, token);
    } catch (error) {
      // The version that the pages are of was compacted between two of them: once more, in one piece.
      if (token === undefined || !isKubeError(error, "gone")) throw error;
      items.length = 0;
      body = await page(undefined, undefined);
    }
    for (const item of body.items ?? []) items.push(cleanObject(kind, item));
    token = body.metadata?.continue;
    if (token === undefined || token === "") return { items, resourceVersion: body.metadata?.resourceVersion ?? "" };
  }
}

/**
 * The objects that a selection names. Owners are looked at here, since the API server selects by labels and a few fields only.
 *
 * @throws KubeError
 * @example const pods = await listSelected(send, Pod, { namespace: "default", labels: { app: "web" } });
 */
export async function listSelected<T extends KubeObject>(send: Send, kind: Kind<T>, selection: ListSelection): Promise<T[]> {
  const { namespace, labels = {}, ownerUid, about } = selection;
  const labelSelector = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const { items } = await listPages(send, kind, {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === "" ? {} : { labelSelector }),
    ...(about === undefined ? {} : { fieldSelector: `involvedObject.uid=${about}` }),
  });
  if (ownerUid === undefined) return items;
  return items.filter((item) => item.metadata.ownerReferences?.some((owner) => owner.uid === ownerUid) ?? false);
}
