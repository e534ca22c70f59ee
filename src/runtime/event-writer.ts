import type { Clock } from "../kube/clock.ts";
import { Event } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { EventOutcome } from "./metrics.ts";

/** A note that waits to be written, and how often it was recorded meanwhile. */
export interface PendingEvent {
  event: Event;
  times: number;
}

/** How long it is remembered which events are there; the API server itself forgets them after an hour by default. */
const rememberedMs = 3_600_000;
/** How many are remembered. One that is not costs two more requests when it repeats. */
const mostRemembered = 500;

/**
 * A function that writes events: it creates one that is not there, and counts up one that is. `id` is the event's namespace and name.
 * What it throws is of `kube`: the event is not written.
 *
 * @example
 * const write = createEventWriter({ kube, clock: systemClock, onWritten: (outcome, times) => {} });
 * await write("default/web.1234", { event, times: 1 });
 */
export function createEventWriter({
  kube,
  clock,
  onWritten,
}: {
  kube: Pick<Kube, "get" | "create" | "mergePatch">;
  clock: Clock;
  /** Hears how often which outcome was. */
  onWritten: (outcome: EventOutcome, times: number) => void;
}): (id: string, waiting: PendingEvent) => Promise<void> {
  /** Counts of events that are there, the oldest first. */
  const written = new Map<string, { count: number; at: number }>();

  const remember = (id: string, count: number): void => {
    written.delete(id);
    written.set(id, { count, at: clock.now() });
    for (const oldest of written.keys()) {
      if (written.size <= mostRemembered) return;
      written.delete(oldest);
    }
  };
  const countUp = async (id: string, { event, times }: PendingEvent, before: number): Promise<void> => {
    const count = before + times;
    await kube.mergePatch(Event, keyOf(event), { count, lastTimestamp: event.lastTimestamp });
    remember(id, count);
    onWritten("counted", times);
  };
  const create = async (id: string, { event, times }: PendingEvent): Promise<void> => {
    await kube.create(Event, { ...event, count: times });
    remember(id, times);
    onWritten("created", 1);
    onWritten("counted", times - 1);
  };

  return async (id, waiting) => {
    const known = written.get(id);
    if (known !== undefined && clock.now() - known.at < rememberedMs) {
      try {
        return await countUp(id, waiting, known.count);
      } catch (error) {
        if (!isKubeError(error, "notFound")) throw error;
      }
    }
    written.delete(id);
    try {
      return await create(id, waiting);
    } catch (error) {
      if (!isKubeError(error, "alreadyExists")) throw error;
    }
    const there = await kube.get(Event, keyOf(waiting.event));
    return there === undefined ? create(id, waiting) : countUp(id, waiting, there.count ?? 1);
  };
}

function keyOf({ metadata: { namespace = "default", name = "" } }: Event): { namespace: string; name: string } {
  return { namespace, name };
}
