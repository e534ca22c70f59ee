import { absent, apply, type ContractCase, conflict, create, invalid, patch, refused, taken, untyped, update } from "../contract-case.ts";
import { budget, configMap, deployment, lease, service, widget } from "../sent-objects.ts";

const owner = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "11111111-2222-4333-8444-555555555555" };
const otherUid = "00000000-0000-4000-8000-000000000000";
const labelled = (labels: object) => configMap({}, { labels });
const owned = (...ownerReferences: object[]) => configMap({}, { ownerReferences });

/** Names, labels, owners and all else that any kind has; and the doors by which objects come. */
export const metadataCases: readonly ContractCase[] = [
  taken("a label without a value", create(labelled({ a: "" }))),
  refused("a label of 64 characters", create(labelled({ a: "x".repeat(64) })), invalid("metadata.labels")),
  refused("a label with a blank", create(labelled({ a: "b c" })), invalid("metadata.labels")),
  refused("a label with a slash", create(labelled({ a: "b/c" })), invalid("metadata.labels")),
  refused("a label's key with two slashes", create(labelled({ "a/b/c": "d" })), invalid("metadata.labels")),
  refused("a label's key of 64 characters", create(labelled({ ["x".repeat(64)]: "d" })), invalid("metadata.labels")),
  refused("a label's key with upper case before the slash", create(labelled({ "Contract.test/a": "d" })), invalid("metadata.labels")),
  refused("a bad label by a patch", patch(configMap(), { metadata: { labels: { a: "-" } } }), invalid("metadata.labels")),
  taken("an annotation of any text", create(configMap({}, { annotations: { "contract.test/a": "b c/d\n" } }))),
  refused("an annotation's key with a blank", create(configMap({}, { annotations: { "a b": "c" } })), invalid("metadata.annotations")),
  refused("300 KiB of annotations", create(configMap({}, { annotations: { a: "x".repeat(300 * 1024) } })), invalid("metadata.annotations")),
  refused("an upper-case name", create(configMap({}, { name: "Upper" })), invalid("metadata.name")),
  refused("a name of 254 characters", create(configMap({}, { name: "x".repeat(254) })), invalid("metadata.name")),
  refused("no name at all", create(configMap({}, { name: "" })), invalid("metadata.name")),
  taken("a finalizer with a domain", create(configMap({}, { finalizers: ["contract.test/one"] }))),
  refused("a finalizer without a domain", create(configMap({}, { finalizers: ["hold"] })), invalid("metadata.finalizers[0]")),
  refused("a finalizer with a blank", create(configMap({}, { finalizers: ["contract.test/a b"] })), invalid("metadata.finalizers")),
  taken("a custom resource's finalizer without a domain", create(widget({}, { finalizers: ["hold"] }))),
  taken("an owner", create(owned(owner))),
  refused("an owner without a uid", create(owned({ ...owner, uid: "" })), invalid("metadata.ownerReferences.uid")),
  refused("an owner without a name", create(owned({ ...owner, name: "" })), invalid("metadata.ownerReferences.name")),
  refused("an owner without a kind", create(owned({ ...owner, kind: "" })), invalid("metadata.ownerReferences.kind")),
  refused(
    "two controllers",
    create(owned({ ...owner, controller: true }, { ...owner, uid: otherUid, name: "other", controller: true })),
    invalid("metadata.ownerReferences"),
  ),
  taken("an update without a version", update(configMap(), configMap({ data: { a: "2" } }))),
  refused(
    "an update of a budget without a version",
    update(budget(), budget({ spec: { maxUnavailable: 2 } })),
    invalid("metadata.resourceVersion"),
  ),
  refused(
    "an update of a Lease without a version",
    update(lease(), lease({ spec: { leaseDurationSeconds: 9 } })),
    invalid("metadata.resourceVersion"),
  ),
  refused(
    "an update of a custom resource without a version",
    update(widget(), widget({ spec: { size: 2 } })),
    invalid("metadata.resourceVersion"),
  ),
  refused("an update with an old version", update(configMap(), configMap({ data: {} }, { resourceVersion: "1" })), conflict),
  refused("an update about another uid", update(configMap(), configMap({ data: {} }, { uid: otherUid })), conflict),
  refused("a patch about another uid", patch(configMap(), { metadata: { uid: otherUid } }), invalid("metadata.uid")),
  refused("an apply about another uid", apply(configMap({}, { uid: otherUid }), configMap()), invalid("metadata.uid")),
  refused("a patch with an old version", patch(configMap(), { metadata: { resourceVersion: "1" } }), conflict),
  refused("the status of a kind without one", { ...patch(configMap(), { data: { a: "2" } }), subresource: "status" }, absent),
  refused("an apply of the status of a kind without one", { ...apply(configMap(), configMap()), subresource: "status" }, absent),
  refused(
    "an apply of the status of what is not there",
    { ...apply(deployment({ spec: undefined, status: { replicas: 0 } })), subresource: "status" },
    absent,
  ),
  refused("an apply without a field manager", { ...apply(configMap()), fieldManager: "" }, invalid("fieldManager")),
  refused("an apply with managed fields", apply(configMap({}, { managedFields: [{ manager: "me" }] })), {
    code: 400,
    reason: "BadRequest",
    fields: [],
  }),
  refused("an apply of a field that the kind does not know", apply(configMap({ moon: 1 })), untyped),
  refused("a version on create", create(configMap({}, { resourceVersion: "1" })), { code: 500, reason: "", fields: [] }),
  refused(
    "a patch of a Service's status with another uid",
    { ...patch(service(), { metadata: { uid: otherUid }, status: {} }), subresource: "status" },
    invalid("metadata.uid"),
  ),
  // the server takes only the status of it, and does not look at the rest
  taken("a patch of a custom resource's status with another uid", {
    ...patch(widget(), { metadata: { uid: otherUid }, status: { phase: "x" } }),
    subresource: "status",
  }),
  refused(
    "a patch of a custom resource's status with an old version",
    { ...patch(widget(), { metadata: { resourceVersion: "1" }, status: { phase: "x" } }), subresource: "status" },
    conflict,
  ),
];
