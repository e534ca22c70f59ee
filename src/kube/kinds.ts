import type * as k8s from "@kubernetes/client-node";
import { defineKind, type KubeObject, type ObjectMeta, type Wire } from "./object.ts";

type Typed<T> = Omit<Wire<T>, "apiVersion" | "kind" | "metadata"> & KubeObject & { metadata: ObjectMeta };

export type Pod = Typed<k8s.V1Pod>;
export type PodSpec = Wire<k8s.V1PodSpec>;
export type PodTemplateSpec = Wire<k8s.V1PodTemplateSpec>;
export type Container = Wire<k8s.V1Container>;
export type Volume = Wire<k8s.V1Volume>;
export type VolumeMount = Wire<k8s.V1VolumeMount>;
export type EnvVar = Wire<k8s.V1EnvVar>;
export type Probe = Wire<k8s.V1Probe>;
export type ResourceRequirements = Wire<k8s.V1ResourceRequirements>;
export type Affinity = Wire<k8s.V1Affinity>;
export type Toleration = Wire<k8s.V1Toleration>;
export type TopologySpreadConstraint = Wire<k8s.V1TopologySpreadConstraint>;
export type Node = Typed<k8s.V1Node>;
export type Secret = Typed<k8s.V1Secret>;
export type ConfigMap = Typed<k8s.V1ConfigMap>;
export type Service = Typed<k8s.V1Service>;
export type Deployment = Typed<k8s.V1Deployment>;
export type Job = Typed<k8s.V1Job>;
export type PersistentVolume = Typed<k8s.V1PersistentVolume>;
export type PodDisruptionBudget = Typed<k8s.V1PodDisruptionBudget>;
export type Lease = Typed<k8s.V1Lease>;
export type Namespace = Typed<k8s.V1Namespace>;
/** An event of the core API, as `kubectl describe` shows it. */
export type Event = Typed<k8s.CoreV1Event>;
export type CustomResourceDefinition = Typed<k8s.V1CustomResourceDefinition>;

export const Pod = defineKind<Pod>({ apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true });
export const Node = defineKind<Node>({ apiVersion: "v1", kind: "Node", plural: "nodes", namespaced: false });
export const Secret = defineKind<Secret>({ apiVersion: "v1", kind: "Secret", plural: "secrets", namespaced: true });
export const ConfigMap = defineKind<ConfigMap>({ apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true });
export const Service = defineKind<Service>({ apiVersion: "v1", kind: "Service", plural: "services", namespaced: true });
export const Namespace = defineKind<Namespace>({ apiVersion: "v1", kind: "Namespace", plural: "namespaces", namespaced: false });
export const Event = defineKind<Event>({ apiVersion: "v1", kind: "Event", plural: "events", namespaced: true });
export const Deployment = defineKind<Deployment>({ apiVersion: "apps/v1", kind: "Deployment", plural: "deployments", namespaced: true });
export const Job = defineKind<Job>({ apiVersion: "batch/v1", kind: "Job", plural: "jobs", namespaced: true });
export const PersistentVolume = defineKind<PersistentVolume>({
  apiVersion: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  namespaced: false,
});
export const PodDisruptionBudget = defineKind<PodDisruptionBudget>({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  namespaced: true,
});
export const Lease = defineKind<Lease>({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", plural: "leases", namespaced: true });
export const CustomResourceDefinition = defineKind<CustomResourceDefinition>({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
});
