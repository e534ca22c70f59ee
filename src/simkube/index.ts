/**
 * A Kubernetes in memory, on a real or a virtual clock: a `Kube` for unit tests, the API server's store that it stands on, controllers and
 * kubelets that bring the store to life, and an HTTP server for `kubectl` and real clients. What is not named here is its inside and may change.
 */
export { createFakeKube, type FakeKube, type FakeKubeOptions } from "./api/fake-kube.ts";
export type { FakeWrite, Interception } from "./api/fake-writes.ts";
export type { SimObject } from "./api/sim-object.ts";
export { createKubeStore, type KubeStore, type KubeStoreOptions, type KubeStoreState } from "./api/store.ts";
export { newNode, powerAnnotation, runningNodeStatus } from "./controllers/nodes.ts";
export { defaultTiming, type PodBehaviour, type PodPlan, type PodTiming } from "./controllers/pod-behaviour.ts";
export { createSimControllers, type SimControllers, type SimControllersOptions } from "./controllers/sim-controllers.ts";
export { createSimFaults, type SimFaults } from "./controllers/sim-faults.ts";
export { type TypedStore, typedStore } from "./controllers/sim-kinds.ts";
export { type ApiServer, type ApiServerOptions, startApiServer } from "./http/api-server.ts";
export { type Certificate, makeCertificate } from "./http/certificate.ts";
export { kubeconfigFor } from "./http/kubeconfig.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
