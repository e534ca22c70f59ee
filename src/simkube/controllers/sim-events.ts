import { createHash } from "node:crypto";
import { Event } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/object.ts";
import { timestamp } from "../api/sim-object.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** A warning about an object, as kubelets and controllers tell them: one that repeats is counted. */
export function warn(
  store: TypedStore,
  about: KubeObject,
  { reason, message }: { readonly reason: string; readonly message: string },
  { component, now }: { readonly component: string; readonly now: number },
): void {
  const { name = "", namespace = "default", uid = "" } = about.metadata;
  const hash = createHash("sha256").update([uid, reason, message].join("\0")).digest("hex").slice(0, 16);
  const key = { namespace, name: `${name}.${hash}` };
  const known = store.get(Event, key);
  const time = timestamp(now);
  if (known !== undefined) {
    store.change(Event, known, (event) => ({ ...event, count: (event.count ?? 1) + 1, lastTimestamp: time }));
    return;
  }
  store.create(Event, {
    apiVersion: "v1",
    kind: "Event",
    metadata: key,
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid },
    type: "Warning",
    reason,
    message,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component },
    reportingComponent: component,
    reportingInstance: "",
  });
}
