import type { KubeObject, ObjectMeta, OwnerReference } from "../../../kube/object.ts";
import type { SimResource } from "../resources.ts";
import { type Causes, forbidden, immutable, invalid, required, tooLong } from "./cause.ts";
import { isLabel, isQualifiedName, isServiceName, isSubdomain, labelsOf } from "./names.ts";

/** All keys and values of an object's annotations together. */
const mostAnnotationBytes = 256 * 1024;

/** Rules for the metadata of any kind. */
export function* metadataRules(resource: SimResource, { metadata }: KubeObject): Causes {
  yield* nameRules(resource, metadata);
  yield* labelsOf(metadata.labels, "metadata.labels");
  yield* annotationRules(metadata.annotations, "metadata.annotations");
  yield* ownerRules(metadata.ownerReferences ?? []);
  for (const [index, name] of (metadata.finalizers ?? []).entries()) {
    if (!isQualifiedName(name))
      yield invalid("metadata.finalizers", name, "name part must consist of alphanumeric characters, '-', '_' or '.'");
    // of a custom resource's the server only warns
    else if (!resource.isCustom && !name.includes("/") && !ownFinalizers.includes(name))
      yield invalid(`metadata.finalizers[${index}]`, name, "name is neither a standard finalizer name nor is it fully qualified");
  }
}

const ownFinalizers: readonly string[] = ["foregroundDeletion", "orphan", "kubernetes"];

function* nameRules(resource: SimResource, { name = "", generateName = "" }: ObjectMeta): Causes {
  const isName = nameCheckOf(resource);
  if (name === "") {
    if (generateName === "") yield required("metadata.name", "name or generateName is required");
    return;
  }
  if (!isName(name)) yield invalid("metadata.name", name, "a name must consist of lower case alphanumeric characters, '-' or '.'");
}

function nameCheckOf({ apiVersion, kind }: SimResource): (name: string) => boolean {
  // rbac names may hold anything that a path may
  if (apiVersion.startsWith("rbac.")) return (name) => !/[/%]/.test(name) && name !== "." && name !== "..";
  if (kind === "Service") return isServiceName;
  if (kind === "Namespace") return isLabel;
  return isSubdomain;
}

/** Annotations of an object or of a template. */
export function* annotationRules(annotations: Readonly<Record<string, string>> | undefined, field: string): Causes {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    // their keys may have upper case in the part before the slash
    if (!isQualifiedName(key.toLowerCase()))
      yield invalid(field, key, "name part must consist of alphanumeric characters, '-', '_' or '.'");
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > mostAnnotationBytes) yield tooLong(field, mostAnnotationBytes);
}

function* ownerRules(owners: readonly Partial<OwnerReference>[]): Causes {
  let controller: string | undefined;
  // in the server's words there is no telling which of them it is
  const field = "metadata.ownerReferences";
  for (const { apiVersion = "", kind = "", name = "", uid = "", controller: controls } of owners) {
    if (!/^([^/]+\/)?[^/]+$/.test(apiVersion)) yield invalid(`${field}.apiVersion`, apiVersion, "version must not be empty");
    if (kind === "") yield invalid(`${field}.kind`, kind, "must not be empty");
    if (name === "") yield invalid(`${field}.name`, name, "must not be empty");
    if (uid === "") yield invalid(`${field}.uid`, uid, "must not be empty");
    if (controls !== true) continue;
    if (controller !== undefined)
      yield invalid(
        field,
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`,
      );
    else controller = name;
  }
}

/** Rules for a change of metadata. */
export function* metadataChangeRules({ metadata }: KubeObject, { metadata: before }: KubeObject): Causes {
  if ((metadata.uid ?? "") !== "" && metadata.uid !== before.uid) yield immutable("metadata.uid", metadata.uid);
  const added = (metadata.finalizers ?? []).filter((name) => before.finalizers?.includes(name) !== true);
  if (before.deletionTimestamp !== undefined && added.length > 0)
    yield forbidden(
      "metadata.finalizers",
      `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
    );
}
