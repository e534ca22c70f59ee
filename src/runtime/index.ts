/**
 * What a process of controllers runs on: controllers with their queues and wake-ups, leader election, events, conditions, metrics, logs, and a
 * manager that starts and ends all of them. A reconciler is the only thing to write. What is not named here is its inside and may change.
 */
export { type Condition, type ConditionUpdate, setCondition } from "./conditions.ts";
export { type Controller, type ControllerOptions, createController } from "./controller.ts";
export type { EventNote, EventRecorder } from "./event-recorder.ts";
export { type HealthCheck, type HealthServer, type HealthServerOptions, type MetricsText, startHealthServer } from "./health-server.ts";
export { createKubeEventRecorder, type KubeEventRecorder, type KubeEventRecorderOptions } from "./kube-event-recorder.ts";
export { createLeaderElection, type LeaderElection, type LeaderElectionOptions } from "./leader-election.ts";
export { logValue, redactText } from "./log-value.ts";
export { createWinstonLogger, type LogLevel, type WinstonLoggerOptions } from "./logging.ts";
export { createManager, type ManagedCache, type Manager, type ManagerEnd, type ManagerOptions } from "./manager.ts";
export { createRuntimeMetrics, type EventOutcome, type RuntimeMetrics } from "./metrics.ts";
export { registerProcessMetrics } from "./process-metrics.ts";
export type { Reconciler, Request, Result } from "./reconciler.ts";
export { TerminalError } from "./terminal-error.ts";
export { createTokenBucket, type TokenBucket, type TokenBucketOptions } from "./token-bucket.ts";
export { type WakeUp, wakeMapped, wakeOwner, wakeSelf, wakeViewed } from "./wake-ups.ts";
export { createWorkQueue, type WorkQueue, type WorkQueueObserver, type WorkQueueOptions, type WorkQueueState } from "./work-queue.ts";
