import type { Clock } from "./clock.ts";
import type { ClusterCredentials } from "./cluster-credentials.ts";
import { errorFromAnswer } from "./error-from-answer.ts";
import type { HttpTransport, TransportAnswer, TransportRequest } from "./http-transport.ts";
import { isKubeError, KubeError } from "./kube-error.ts";
import type { Logger } from "./logger.ts";
import type { Kind } from "./object.ts";
import type { RequestInfo } from "./request-info.ts";
import { readRetryable, withRetries, writeRetryable } from "./retry.ts";

/** Sends a request and answers the parsed body of a success; everything else is thrown as a `KubeError`. */
export type Send = (verb: RequestInfo["verb"], kind: Kind, request: TransportRequest) => Promise<unknown>;

/** The two ways to send. Both read the credentials again, once, where the server does not accept them. */
export interface HttpSender {
  /** Tries again what may pass: reads after every such failure, writes only where the server surely has not done them. */
  readonly send: Send;
  /** Tries nothing again. */
  readonly sendOnce: Send;
}

/**
 * A sender over one transport. `onRequest` hears of every request that was sent, retries among them.
 *
 * @example
 * const { send } = createHttpSender({ transport, credentials, clock: systemClock, log: silentLogger, random: Math.random });
 * await send("get", Pod, { method: "GET", path: objectPath(Pod, { namespace: "default", name: "web" }), what: "get Pod default/web" });
 */
export function createHttpSender(options: {
  transport: HttpTransport;
  credentials: ClusterCredentials;
  clock: Clock;
  log: Logger;
  /** Uniform in [0, 1). */
  random: () => number;
  onRequest?: ((info: RequestInfo) => void) | undefined;
}): HttpSender {
  const { transport, credentials, clock, log, random, onRequest } = options;

  const sendAndParse: Send = async (verb, kind, request) => {
    const startedAt = clock.now();
    let answer: TransportAnswer | undefined;
    let code = "unreachable";
    try {
      answer = await transport.call(request);
      code = String(answer.status);
      if (answer.status >= 200 && answer.status < 300) return await answer.json();
      throw errorFromAnswer(request.what, answer.status, await answer.text(), answer.headers["retry-after"]);
    } catch (cause) {
      const error = transport.unanswered(request, cause);
      if (answer === undefined && error instanceof KubeError) code = error.code;
      throw error;
    } finally {
      onRequest?.({ verb, kind: kind.kind, code, seconds: (clock.now() - startedAt) / 1000 });
    }
  };

  const sendOnce: Send = async (verb, kind, request) => {
    const before = (await credentials.headers())["authorization"];
    try {
      return await sendAndParse(verb, kind, request);
    } catch (error) {
      if (!isKubeError(error, "unauthorized")) throw error;
      credentials.refresh();
      if ((await credentials.headers())["authorization"] === before) throw error;
      log.debug("Credentials were refused and have been read again");
      return sendAndParse(verb, kind, request);
    }
  };

  const send: Send = (verb, kind, request) =>
    withRetries(() => sendOnce(verb, kind, request), {
      clock,
      random,
      retryable: verb === "get" || verb === "list" ? readRetryable : writeRetryable,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });

  return { send, sendOnce };
}
