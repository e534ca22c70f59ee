import type { Kube } from "../../src/kube/kube.ts";
import { isKubeError } from "../../src/kube/kube-error.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { builtInResources } from "../../src/simkube/api/resources.ts";
import type { CaseKey, CaseRequest, Refusal } from "./contract-case.ts";
import { Widget } from "./widgets.ts";

/** What an API server says to a case's request; undefined where it takes it. */
export async function judge(kube: Kube, key: CaseKey, request: CaseRequest): Promise<Refusal | undefined> {
  if (request.before !== undefined) await kube.create(...withKind(request.before(key)));
  try {
    await send(kube, key, request);
    await letGo(kube, request.sent(key));
    return undefined;
  } catch (error) {
    if (!isKubeError(error)) throw error;
    const fields = (error.status?.details?.causes ?? []).flatMap(({ field }) => (field === undefined ? [] : [field]));
    return { code: error.httpStatus ?? 0, reason: error.status?.reason ?? "", fields: [...new Set(fields)].sort() };
  }
}

async function send(kube: Kube, key: CaseKey, { verb, sent, subresource, fieldManager = "contract" }: CaseRequest): Promise<void> {
  const [kind, object] = withKind(sent(key));
  switch (verb) {
    case "create":
      await kube.create(kind, object);
      return;
    case "update":
      await kube.update(kind, object);
      return;
    case "apply":
      await kube.apply(kind, object, { fieldManager, ...(subresource ? { subresource } : {}) });
      return;
    case "patch":
      await kube.mergePatch(kind, key, { ...object }, subresource ? { subresource } : {});
  }
}

/** Nothing keeps what was made from being removed with its namespace. */
async function letGo(kube: Kube, object: KubeObject): Promise<void> {
  const [kind, { metadata }] = withKind(object);
  const { name = "", namespace = "", finalizers } = metadata;
  if (finalizers !== undefined) await kube.mergePatch(kind, { name, namespace }, { metadata: { finalizers: null } });
}

function withKind(object: KubeObject): [Kind, KubeObject] {
  const kind = [...builtInResources, Widget].find((each) => each.apiVersion === object.apiVersion && each.kind === object.kind);
  if (kind === undefined) throw new Error(`no such kind: ${object.apiVersion} ${object.kind}`);
  return [kind, object];
}
