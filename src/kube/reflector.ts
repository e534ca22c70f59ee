import type { Clock } from "./clock.ts";
import { explainFailure, resourceName } from "./explain-failure.ts";
import type { Kube, WatchEvent } from "./kube.ts";
import { isKubeError, KubeError } from "./kube-error.ts";
import type { Logger } from "./logger.ts";
import type { Kind, KubeObject } from "./object.ts";
import { nextReflectorState, type ReflectorOutcome, type ReflectorState } from "./reflector-state.ts";

/** Where a reflector puts what it reads. Must not throw. */
export interface ReflectorSink<T extends KubeObject> {
  /** Everything there is, as of a version. */
  replace(items: T[], version: string): void;
  /** One change after it. */
  event(event: WatchEvent<T>): void;
}

/** Why a collection is not followed just now. */
export interface ReflectorTrouble {
  /** A sentence; where a person has to act, it says how. */
  detail: string;
  /** Milliseconds since 1970. */
  since: number;
}

export interface Reflector {
  /** Follows until the signal aborts; resolves then, and never rejects. A second call joins the first. */
  run(signal: AbortSignal): Promise<void>;
  /** Undefined while all is well. */
  trouble(): ReflectorTrouble | undefined;
}

/** A watch that has lived longer than it takes to be refused is well. */
const surelyOpenMs = 45_000;

export interface ReflectorOptions<T extends KubeObject> {
  kube: Pick<Kube, "listForWatch" | "watch">;
  kind: Kind<T>;
  /** Absent: every namespace. */
  namespace?: string | undefined;
  sink: ReflectorSink<T>;
  clock: Clock;
  random: () => number;
  log: Logger;
}

/**
 * Keeps `sink` the same as one collection of the API server, until the signal aborts.
 *
 * Guarantees: no failure ends it; nothing is read or delivered after the signal aborted; the collection is listed again only where
 * its version is too old or unknown.
 * Assumptions: `kube.watch` ends when its signal aborts and notices a dead connection by itself.
 *
 * @example
 * const sink = { replace: (pods: Pod[]) => console.log(pods.length), event: (event: WatchEvent<Pod>) => console.log(event.type) };
 * const reflector = createReflector({ kube, kind: Pod, sink, clock: systemClock, random: Math.random, log: silentLogger });
 * await reflector.run(signal);
 */
export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector {
  const { kube, kind, namespace, sink, clock, random } = options;
  const scope = namespace === undefined ? {} : { namespace };
  const log = options.log.child({ resource: resourceName(kind), ...scope });
  let trouble: ReflectorTrouble | undefined;
  let watchingSince: number | undefined;
  let running: Promise<void> | undefined;

  const failed = (verb: "list" | "watch", error: KubeError): void => {
    trouble = { detail: explainFailure(verb, kind, namespace, error), since: trouble?.since ?? clock.now() };
  };

  const list = async (signal: AbortSignal): Promise<ReflectorOutcome> => {
    try {
      const { items, resourceVersion } = await kube.listForWatch(kind, { ...scope, signal });
      if (signal.aborted) return { type: "stopped" };
      sink.replace(items, resourceVersion);
      trouble = undefined;
      return { type: "listed", version: resourceVersion };
    } catch (cause) {
      const error = asKubeError(cause);
      if (!signal.aborted) failed("list", error);
      return { type: "listFailed", error };
    }
  };

  const watch = async (from: string, signal: AbortSignal): Promise<ReflectorOutcome> => {
    const startedAt = clock.now();
    watchingSince = startedAt;
    let version: string | undefined = from;
    try {
      for await (const event of kube.watch(kind, { ...scope, resourceVersion: from, signal })) {
        if (signal.aborted) return { type: "stopped" };
        version = (event.type === "bookmark" ? event.resourceVersion : event.object.metadata.resourceVersion) || undefined;
        if (version === undefined) break;
        trouble = undefined;
        sink.event(event);
      }
      if (!signal.aborted) trouble = undefined;
      return { type: "watchEnded", version, livedMs: clock.now() - startedAt };
    } catch (cause) {
      const error = asKubeError(cause);
      if (!signal.aborted && error.code !== "gone") failed("watch", error);
      return { type: "watchEnded", version, livedMs: clock.now() - startedAt, error };
    } finally {
      watchingSince = undefined;
    }
  };

  const wait = async (delayMs: number, signal: AbortSignal): Promise<ReflectorOutcome> => {
    await clock.sleep(delayMs, signal).catch(() => {});
    return { type: "waited" };
  };

  return {
    run: (signal) => (running ??= follow({ list, watch, wait }, { random, log }, signal)),
    trouble: () => {
      if (watchingSince !== undefined && clock.now() - watchingSince > surelyOpenMs) trouble = undefined;
      return trouble;
    },
  };
}

/** What a reflector does in each phase. */
interface Acts {
  list(signal: AbortSignal): Promise<ReflectorOutcome>;
  watch(from: string, signal: AbortSignal): Promise<ReflectorOutcome>;
  wait(delayMs: number, signal: AbortSignal): Promise<ReflectorOutcome>;
}

/** Acts as `nextReflectorState` says, until the signal aborts. */
async function follow(
  acts: Acts,
  { random, log }: Pick<ReflectorOptions<KubeObject>, "random" | "log">,
  signal: AbortSignal,
): Promise<void> {
  let state: ReflectorState = { phase: "listing", failures: 0 };
  while (state.phase !== "stopped") {
    const outcome: ReflectorOutcome = signal.aborted ? { type: "stopped" } : await act(acts, state, signal);
    state = signal.aborted ? { phase: "stopped" } : nextReflectorState(state, outcome, random());
    tell(log, outcome, state);
  }
}

function act(acts: Acts, state: ReflectorState, signal: AbortSignal): ReflectorOutcome | Promise<ReflectorOutcome> {
  switch (state.phase) {
    case "listing":
      return acts.list(signal);
    case "watching":
      return acts.watch(state.version, signal);
    case "waiting":
      return acts.wait(state.delayMs, signal);
    case "stopped":
    default:
      return { type: "stopped" };
  }
}

/** What is no `KubeError` (a credential that cannot be read, say) may pass as well. */
function asKubeError(error: unknown): KubeError {
  if (isKubeError(error)) return error;
  const message = (error as { message?: unknown } | null)?.message;
  return new KubeError("unreachable", typeof message === "string" ? message : String(error), { cause: error });
}

function tell(log: Logger, outcome: ReflectorOutcome, next: ReflectorState): void {
  if (next.phase === "stopped" || outcome.type === "waited" || outcome.type === "stopped" || outcome.type === "listed") return;
  const fields = {
    next: next.phase === "waiting" ? next.next.phase : next.phase,
    ...(next.phase === "waiting" ? { delayMs: next.delayMs } : {}),
    ...(outcome.error === undefined ? {} : { error: outcome.error.message }),
  };
  if (outcome.error === undefined || outcome.error.code === "gone") log.debug("Watch ended", fields);
  else log.warn(outcome.type === "listFailed" ? "List failed" : "Watch failed", fields);
}
