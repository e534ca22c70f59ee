import { createHash } from "node:crypto";
import { backoffMs } from "../kube/backoff.ts";
import type { Clock } from "../kube/clock.ts";
import type { Event } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { Logger } from "../kube/logger.ts";
import type { KubeObject } from "../kube/object.ts";
import type { EventNote, EventRecorder } from "./event-recorder.ts";
import { createEventWriter, type PendingEvent } from "./event-writer.ts";
import type { EventOutcome, RuntimeMetrics } from "./metrics.ts";

export interface KubeEventRecorderOptions {
  kube: Pick<Kube, "get" | "create" | "mergePatch">;
  clock: Clock;
  log: Logger;
  metrics: Pick<RuntimeMetrics, "event">;
  /** Who tells, in `source.component`. */
  component: string;
  /** Which process tells, in `reportingInstance`. */
  instance?: string;
  /** Different notes that may wait to be written; more are dropped. 200 where absent. */
  capacity?: number;
}

export interface KubeEventRecorder extends EventRecorder {
  /** Resolves when everything recorded so far is written or dropped. */
  flush(): Promise<void>;
}

const longestMessage = 1_024;
/** Of an object of Kubernetes. */
const longestName = 253;
const attempts = 3;
const backoff = { firstMs: 1_000, longestMs: 2_000, jitter: 0 } as const;

/**
 * Writes events of the core API, one after another in the background.
 *
 * Guarantees: `record` never throws or waits. The name of an event follows from the object and the note, so the same note is one
 * event with a count, also across restarts. What waits and repeats is written once. An event that cannot be written is tried again
 * twice where that may help, and then dropped, logged and counted.
 *
 * @example
 * const events = createKubeEventRecorder({ kube, clock: systemClock, log, metrics, component: "widgets" });
 * events.record(object, { type: "Normal", reason: "Written", message: "The ConfigMap is written." });
 * await events.flush();
 */
export function createKubeEventRecorder(options: KubeEventRecorderOptions): KubeEventRecorder {
  const { kube, clock, log, metrics, capacity = 200 } = options;
  const pending = new Map<string, PendingEvent>();
  let pump: Promise<void> | undefined;

  const tell = (outcome: EventOutcome, times: number): void => {
    for (let time = 0; time < times; time++) metrics.event(outcome);
  };
  const write = createEventWriter({ kube, clock, onWritten: tell });
  const writeOrDrop = async (id: string, waiting: PendingEvent): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write(id, waiting);
      } catch (error) {
        if (attempt === attempts || !isKubeError(error) || !error.transient) {
          tell("dropped", waiting.times);
          log.warn("Event could not be written", { event: id, reason: waiting.event.reason, error });
          return;
        }
        await clock.sleep(backoffMs(backoff, attempt - 1, 0));
      }
    }
  };
  const drain = async (): Promise<void> => {
    for (const [id, waiting] of pending) {
      pending.delete(id);
      await writeOrDrop(id, waiting);
    }
    pump = undefined;
  };

  return {
    record: (about, note) => {
      const event = eventOf(about, note, clock.now(), options);
      const id = `${event.metadata.namespace ?? ""}/${event.metadata.name ?? ""}`;
      const same = pending.get(id);
      if (same !== undefined) {
        same.times++;
        same.event.lastTimestamp = event.lastTimestamp ?? "";
      } else if (pending.size >= capacity) {
        metrics.event("dropped");
        log.debug("Event dropped, since too many wait", { event: id, reason: note.reason });
      } else {
        pending.set(id, { event, times: 1 });
        pump ??= drain();
      }
    },
    flush: async () => pump,
  };
}

function eventOf(about: KubeObject, note: EventNote, now: number, { component, instance }: KubeEventRecorderOptions): Event {
  const { name = "", namespace, uid = "" } = about.metadata;
  const message = note.message.slice(0, longestMessage);
  const hash = createHash("sha256").update([uid, note.type, note.reason, message].join("\0")).digest("hex").slice(0, 16);
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: "v1",
    kind: "Event",
    // Events about objects without a namespace live in "default".
    metadata: {
      name: `${name.slice(0, longestName - hash.length - 1).replace(/[^a-z0-9]+$/, "")}.${hash}`,
      namespace: namespace ?? "default",
    },
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, uid, ...(namespace === undefined ? {} : { namespace }) },
    type: note.type,
    reason: note.reason,
    message,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component },
    reportingComponent: component,
    reportingInstance: instance ?? "",
  };
}
