import type { KubeObject } from "../kube/object.ts";

/** One thing worth telling about an object. `reason` is UpperCamelCase and listed in docs/reference.md. */
export interface EventNote {
  type: "Normal" | "Warning";
  reason: string;
  /** A full sentence; at most 1,024 characters are kept. */
  message: string;
}

/** Tells events about objects (`kubectl describe`). */
export interface EventRecorder {
  /** Never throws, never waits. The same note about the same object again within the hour only counts up. */
  record(about: KubeObject, note: EventNote): void;
}
