/**
 * A client of the Kubernetes API: kinds and their objects, one narrow interface with an HTTP implementation and a cache in front of it, and
 * what writes only where something differs. What is not named here is its inside and may change.
 */
export { applyWhenDifferent } from "./apply-when-different.ts";
export { type Backoff, backoffMs } from "./backoff.ts";
export {
  type CachedKind,
  type CachedKube,
  type CachedKubeOptions,
  type CacheHealth,
  createCachedKube,
  type KindHealth,
} from "./cached-kube.ts";
export { type Clock, sleepBy, systemClock } from "./clock.ts";
export type { ClusterCredentials, TlsOptions } from "./cluster-credentials.ts";
export { ConfigurationError } from "./configuration-error.ts";
export { createOnce } from "./create-once.ts";
export { type LoadCredentialsOptions, loadCredentials } from "./credentials.ts";
export { type DeleteOutcome, type DeleteTeller, tellsDeletes } from "./delete-outcome.ts";
export { createHttpKube, type HttpKube, type HttpKubeOptions } from "./http-kube.ts";
export { isCovered } from "./is-covered.ts";
export {
  type Affinity,
  ConfigMap,
  type Container,
  CustomResourceDefinition,
  Deployment,
  type EnvVar,
  Event,
  Job,
  Lease,
  Namespace,
  Node,
  PersistentVolume,
  Pod,
  PodDisruptionBudget,
  type PodSpec,
  type PodTemplateSpec,
  type Probe,
  type ResourceRequirements,
  Secret,
  Service,
  type Toleration,
  type TopologySpreadConstraint,
  type Volume,
  type VolumeMount,
} from "./kinds.ts";
export type {
  ApplyOptions,
  DeleteOptions,
  Kube,
  KubeReader,
  ListSelection,
  MergePatch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "./kube.ts";
export { isKubeError, KubeError, type KubeErrorCode, type KubeStatus } from "./kube-error.ts";
export { type LogFields, type Logger, silentLogger } from "./logger.ts";
export { mergePatchTo } from "./merge-patch-to.ts";
export { defineKind, type Kind, type KubeObject, type ObjectKey, type ObjectMeta, type OwnerReference, type Wire } from "./object.ts";
export { createPodExec, type ExecResult, type ExecTarget } from "./pod-exec.ts";
export { podsOfJob } from "./pods-of-job.ts";
export { parseQuantity, sameQuantity } from "./quantity.ts";
export { isOutdated, retryAfter } from "./renew-job.ts";
export type { RequestInfo } from "./request-info.ts";
export { specVersionOf } from "./spec-version.ts";
export type { StoreChange } from "./store.ts";
