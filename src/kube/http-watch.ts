import type { Clock } from "./clock.ts";
import { errorFromAnswer } from "./error-from-answer.ts";
import type { HttpTransport, TransportRequest } from "./http-transport.ts";
import type { WatchEvent, WatchOptions } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import type { Kind, KubeObject } from "./object.ts";
import { collectionPath } from "./request-path.ts";
import { linesOf, parseWatchLine } from "./watch-stream.ts";

/** Bookmarks come about once a minute; longer silence than this means that the connection is dead. */
const silenceMs = 150_000;
/** The server ends a watch itself; one that outlives its end by this much is ended here. */
const overtimeMs = 5_000;

/**
 * Follows a collection from a version on. Ends without an error when the server ends the stream or the signal aborts.
 *
 * Guarantees: nothing of the connection is left when the iteration ends, however it ends, also while it is still being opened. A
 * connection without a byte for 150 s fails with `unreachable`. `onAnswer` hears the HTTP status, or the error's code.
 *
 * @throws KubeError `gone` where the version is too old; the failure of the connection or of the stream else.
 * @example
 * const deps = { transport, clock: systemClock, random: Math.random, onAnswer: () => {} };
 * for await (const event of httpWatch(deps, Pod, { resourceVersion: "4711", signal })) console.log(event.type);
 */
export async function* httpWatch<T extends KubeObject>(
  deps: { transport: HttpTransport; clock: Clock; random: () => number; onAnswer: (code: string, seconds: number) => void },
  kind: Kind<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { transport, clock } = deps;
  const what = `watch ${kind.plural}${options.namespace === undefined ? "" : ` in ${options.namespace}`}`;
  // Random, so that watches that began together do not all come back together.
  const timeoutSeconds = 300 + Math.floor(deps.random() * 301);
  const abort = new AbortController();
  const onCallerAbort = () => abort.abort(options.signal?.reason);
  const callerAborted = () => options.signal?.aborted === true;
  if (callerAborted()) return;
  options.signal?.addEventListener("abort", onCallerAbort, { once: true });

  const startedAt = clock.now();
  const watchdog = watchOver(clock, startedAt + timeoutSeconds * 1000 + overtimeMs, () => abort.abort());
  const request: TransportRequest = {
    method: "GET",
    path: collectionPath(kind, options.namespace, {
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: options.resourceVersion,
      timeoutSeconds: String(timeoutSeconds),
    }),
    signal: abort.signal,
    what,
  };
  const elapsed = () => (clock.now() - startedAt) / 1000;
  let answered = false;
  try {
    const answer = await transport.watch(request);
    answered = true;
    deps.onAnswer(String(answer.status), elapsed());
    if (answer.status !== 200) {
      throw errorFromAnswer(what, answer.status, await answer.text(), answer.headers["retry-after"]);
    }
    for await (const line of linesOf(answer.body, watchdog.heard)) yield parseWatchLine(kind, line, what);
  } catch (cause) {
    if (callerAborted() || watchdog.ended() === "overtime") return;
    const error =
      watchdog.ended() === "silent"
        ? new KubeError("unreachable", `Cannot ${what}: nothing was heard for ${silenceMs / 1000} s`, { cause })
        : transport.unanswered(request, cause);
    if (!answered) deps.onAnswer(error instanceof KubeError ? error.code : "unreachable", elapsed());
    throw error;
  } finally {
    watchdog.cancel();
    options.signal?.removeEventListener("abort", onCallerAbort);
    abort.abort();
  }
}

/** Ends a connection that is silent for too long or outlives its end, and says which. */
interface Watchdog {
  readonly heard: () => void;
  readonly ended: () => "silent" | "overtime" | undefined;
  readonly cancel: () => void;
}

function watchOver(clock: Clock, overAt: number, end: () => void): Watchdog {
  let heardAt = clock.now();
  let ended: "silent" | "overtime" | undefined;
  let cancelTimer = () => {};
  const arm = (): void => {
    cancelTimer = clock.after(Math.min(heardAt + silenceMs, overAt) - clock.now(), () => {
      const now = clock.now();
      if (now >= heardAt + silenceMs) ended = "silent";
      else if (now >= overAt) ended = "overtime";
      else return arm();
      end();
    });
  };
  arm();
  return {
    heard: () => {
      heardAt = clock.now();
    },
    ended: () => ended,
    cancel: () => cancelTimer(),
  };
}
