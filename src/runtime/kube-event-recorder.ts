import { createHash } from "node:crypto";
import type { Clock } from "../kube/clock.ts";
import { Event } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { Logger } from "../kube/logger.ts";
import type { KubeObject } from "../kube/object.ts";
import type { EventNote, EventRecorder } from "./event-recorder.ts";
import type { RuntimeMetrics } from "./metrics.ts";

export interface KubeEventRecorderOptions {
  kube: Pick<Kube, "get" | "create" | "mergePatch">;
  clock: Clock;
  log: Logger;
  metrics: Pick<RuntimeMetrics, "event">;
  /** Who tells, in `source.component`. */
  component: string;
}

export interface KubeEventRecorder extends EventRecorder {
  /** Resolves when everything recorded so far is written or dropped. */
  flush(): Promise<void>;
}

/** Events that may wait to be written; more are dropped. */
const most = 200;

/**
 * Writes events of the core API. An event's name follows from the object and the note, so the same note is one event with a count,
 * also across restarts; the API server forgets events after an hour.
 */
export function createKubeEventRecorder(options: KubeEventRecorderOptions): KubeEventRecorder {
  const { kube, clock, log, metrics, component } = options;
  let waiting = 0;
  let tail = Promise.resolve();

  const write = async (about: KubeObject, note: EventNote): Promise<void> => {
    const { name = "", namespace = "default", uid = "" } = about.metadata;
    const hash = createHash("sha256").update([uid, note.type, note.reason, note.message].join("\0")).digest("hex").slice(0, 16);
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const event: Event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${hash}`, namespace },
      involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid },
      type: note.type,
      reason: note.reason,
      message: note.message.slice(0, 1024),
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
      source: { component },
      reportingComponent: component,
    };
    try {
      await kube.create(Event, event);
      metrics.event("created");
    } catch (error) {
      if (!isKubeError(error, "alreadyExists")) throw error;
      const key = { namespace, name: `${name}.${hash}` };
      const known = await kube.get(Event, key);
      await kube.mergePatch(Event, key, { count: (known?.count ?? 1) + 1, lastTimestamp: time });
      metrics.event("counted");
    }
  };

  return {
    record(about, note) {
      if (waiting >= most) {
        metrics.event("dropped");
        return;
      }
      waiting += 1;
      tail = tail
        .then(() => write(about, note))
        .catch((error: unknown) => {
          metrics.event("dropped");
          log.warn("event not written", { reason: note.reason, error });
        })
        .finally(() => {
          waiting -= 1;
        });
    },
    flush: () => tail,
  };
}
