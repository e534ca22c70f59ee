import type { Kind } from "../../kube/object.ts";
import type { Structural } from "./structural.ts";

/** A column of `kubectl get`, as CustomResourceDefinitions name it. */
export interface PrinterColumn {
  readonly name: string;
  /** `string`, `integer`, `number`, `boolean` or `date`. */
  readonly type: string;
  readonly jsonPath: string;
  /** Shown with `-o wide` only where above 0. */
  readonly priority?: number;
}

/** A kind as the API server serves it. */
export interface SimResource extends Kind {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Whether status has its own door. */
  readonly hasStatus: boolean;
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly hasGeneration: boolean;
  readonly scale?: { readonly specPath: string; readonly statusPath: string; readonly selectorPath: string };
  /** Of custom resources: what is validated, defaulted and pruned by. */
  readonly schema?: Structural;
  /** Of custom resources. */
  readonly columns?: readonly PrinterColumn[];
  /** Whether a CustomResourceDefinition made it. */
  readonly isCustom: boolean;
}

interface Traits {
  shortNames?: readonly string[];
  categories?: readonly string[];
  hasStatus?: boolean;
  hasGeneration?: boolean;
  namespaced?: boolean;
  hasScale?: boolean;
}

const scalePaths = { specPath: ".spec.replicas", statusPath: ".status.replicas", selectorPath: ".status.selector" } as const;

function builtIn(apiVersion: string, kind: string, plural: string, traits: Traits = {}): SimResource {
  return {
    apiVersion,
    kind,
    plural,
    singular: kind.toLowerCase(),
    namespaced: traits.namespaced ?? true,
    shortNames: traits.shortNames ?? [],
    categories: traits.categories ?? [],
    hasStatus: traits.hasStatus ?? false,
    hasGeneration: traits.hasGeneration ?? false,
    isCustom: false,
    ...(traits.hasScale === true ? { scale: scalePaths } : {}),
  };
}

const inAll = { categories: ["all"] } as const;
const clusterWide = { namespaced: false } as const;
const workload = { ...inAll, hasStatus: true, hasGeneration: true } as const;

/** The kinds of Kubernetes itself that are served. */
export const builtInResources: readonly SimResource[] = [
  builtIn("v1", "ConfigMap", "configmaps", { shortNames: ["cm"] }),
  builtIn("v1", "Event", "events", { shortNames: ["ev"] }),
  builtIn("v1", "Namespace", "namespaces", { ...clusterWide, shortNames: ["ns"], hasStatus: true }),
  builtIn("v1", "Node", "nodes", { ...clusterWide, shortNames: ["no"], hasStatus: true }),
  builtIn("v1", "PersistentVolumeClaim", "persistentvolumeclaims", { shortNames: ["pvc"], hasStatus: true }),
  builtIn("v1", "PersistentVolume", "persistentvolumes", { ...clusterWide, shortNames: ["pv"], hasStatus: true }),
  builtIn("v1", "Pod", "pods", { ...inAll, shortNames: ["po"], hasStatus: true }),
  builtIn("v1", "Secret", "secrets"),
  builtIn("v1", "ServiceAccount", "serviceaccounts", { shortNames: ["sa"] }),
  builtIn("v1", "Service", "services", { ...inAll, shortNames: ["svc"], hasStatus: true }),
  builtIn("apps/v1", "DaemonSet", "daemonsets", { ...workload, shortNames: ["ds"] }),
  builtIn("apps/v1", "Deployment", "deployments", { ...workload, shortNames: ["deploy"], hasScale: true }),
  builtIn("apps/v1", "ReplicaSet", "replicasets", { ...workload, shortNames: ["rs"], hasScale: true }),
  builtIn("apps/v1", "StatefulSet", "statefulsets", { ...workload, shortNames: ["sts"], hasScale: true }),
  builtIn("batch/v1", "CronJob", "cronjobs", { ...workload, shortNames: ["cj"] }),
  builtIn("batch/v1", "Job", "jobs", workload),
  builtIn("coordination.k8s.io/v1", "Lease", "leases"),
  builtIn("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", { shortNames: ["pdb"], hasStatus: true, hasGeneration: true }),
  builtIn("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", clusterWide),
  builtIn("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", clusterWide),
  builtIn("rbac.authorization.k8s.io/v1", "Role", "roles"),
  builtIn("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"),
  builtIn("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", { ...clusterWide, shortNames: ["pc"] }),
  builtIn("storage.k8s.io/v1", "StorageClass", "storageclasses", { ...clusterWide, shortNames: ["sc"] }),
  builtIn("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", {
    ...clusterWide,
    shortNames: ["crd", "crds"],
    hasStatus: true,
    hasGeneration: true,
  }),
];

/** A kind that no definition describes, as a custom resource with a status that may have any field. */
export function undescribed(kind: Kind): SimResource {
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    plural: kind.plural,
    singular: kind.kind.toLowerCase(),
    namespaced: kind.namespaced,
    shortNames: [],
    categories: [],
    hasStatus: true,
    hasGeneration: true,
    isCustom: true,
    schema: { "x-kubernetes-preserve-unknown-fields": true },
  };
}

/** `ceph.rook.io` of `ceph.rook.io/v1`; empty for the core group. */
export function groupOf({ apiVersion }: Pick<Kind, "apiVersion">): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** `deployments.apps`, as the API server names a resource in its messages. */
export function qualified(resource: Pick<Kind, "apiVersion" | "plural">): string {
  const group = groupOf(resource);
  return group === "" ? resource.plural : `${resource.plural}.${group}`;
}
