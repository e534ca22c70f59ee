import type { Readable } from "node:stream";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import type { ClusterCredentials, TlsOptions } from "./cluster-credentials.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { KubeError } from "./kube-error.ts";

/** One HTTP request to the API server. */
export interface TransportRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the server's root, with the query. */
  path: string;
  /** JSON text. */
  body?: string;
  contentType?: string;
  signal?: AbortSignal;
  /** For errors: what was being done, such as `get Pod default/web`. */
  what: string;
}

export interface TransportAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable & { json(): Promise<unknown>; text(): Promise<string> };
}

/**
 * Sends requests over few kept connections: at most 16 for calls, and one for each watch, which wait for no time limit between
 * bytes. HTTP/1.1 throughout, so that one dead TCP connection is one dead watch and not all of them.
 *
 * An answer with any status is an answer; no answer is a `KubeError` `unreachable`, or `aborted` where the signal did it.
 */
export interface HttpTransport {
  call(request: TransportRequest): Promise<TransportAnswer>;
  watch(request: TransportRequest): Promise<TransportAnswer>;
  /** What a failure while a request was sent or its answer was read is to the caller. */
  unanswered(request: TransportRequest, error: unknown): KubeError | ConfigurationError;
  /** Ends every connection; requests under way fail with `aborted`. */
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const answerTimeoutMs = 30_000;
/** Shorter than the API server's own 90 s, so that no request is written to a connection that it is closing. */
const keepAliveMs = 60_000;
const callConnections = 16;

export function createHttpTransport(options: { credentials: ClusterCredentials; userAgent: string }): HttpTransport {
  const { credentials, userAgent } = options;
  const server = new URL(credentials.server);
  const prefix = server.pathname.replace(/\/+$/, "");
  let closed = false;
  const connect = connectorOf(credentials);
  const dispatcherOf = async (limits: Agent.Options): Promise<Dispatcher> => {
    const common = { ...limits, allowH2: false, headersTimeout: answerTimeoutMs, keepAliveTimeout: keepAliveMs };
    if (credentials.proxyUrl === undefined) return new Agent({ ...common, connect });
    return new ProxyAgent({ ...common, uri: credentials.proxyUrl, requestTls: await credentials.tls() });
  };
  const dispatchers = new Map<"call" | "watch", Promise<Dispatcher>>();
  const dispatcher = (use: "call" | "watch"): Promise<Dispatcher> => {
    const known = dispatchers.get(use);
    if (known !== undefined) return known;
    const made = dispatcherOf(use === "call" ? { connections: callConnections, bodyTimeout: answerTimeoutMs } : { bodyTimeout: 0 });
    dispatchers.set(use, made);
    return made;
  };

  const send = async (use: "call" | "watch", request: TransportRequest): Promise<TransportAnswer> => {
    try {
      if (closed) throw new Error("the client is closed");
      const headers: Record<string, string> = { accept: "application/json", "user-agent": userAgent, ...(await credentials.headers()) };
      if (request.body !== undefined) headers["content-type"] = request.contentType ?? "application/json";
      const answer = await (await dispatcher(use)).request({
        origin: server.origin,
        path: prefix + request.path,
        method: request.method,
        headers,
        body: request.body ?? null,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      throw unanswered(request, error);
    }
  };

  const unanswered = (request: TransportRequest, error: unknown): KubeError | ConfigurationError => {
    if (error instanceof KubeError || error instanceof ConfigurationError) return error;
    const { what, signal } = request;
    if (closed || signal?.aborted === true) return new KubeError("aborted", `Cannot ${what}: aborted`, { cause: error });
    return new KubeError("unreachable", `Cannot ${what}: no answer from ${credentials.server}: ${reasonOf(error)}`, { cause: error });
  };

  return {
    call: (request) => send("call", request),
    watch: (request) => send("watch", request),
    unanswered,
    close: async () => {
      closed = true;
      const made = await Promise.allSettled(dispatchers.values());
      await Promise.all(made.filter((each) => each.status === "fulfilled").map((each) => each.value.destroy()));
    },
  };
}

/** Several addresses fail with one error that has no message of its own. */
function reasonOf(error: unknown): string {
  const { message, errors, code } = error as { message?: string; errors?: unknown[]; code?: string };
  if (message !== undefined && message !== "") return message;
  return errors?.map(reasonOf).join(", ") ?? code ?? String(error);
}

/** New connections use the certificates of their time; sessions are kept as long as those are the same. */
function connectorOf(credentials: ClusterCredentials): buildConnector.connector {
  let builtFor: TlsOptions | undefined;
  let build: buildConnector.connector | undefined;
  return (options, callback) => {
    credentials.tls().then(
      (tls) => {
        if (build === undefined || builtFor !== tls) {
          build = buildConnector({ ...tls, allowH2: false, timeout: connectTimeoutMs });
          builtFor = tls;
        }
        build(tls.servername === undefined ? options : { ...options, servername: tls.servername }, callback);
      },
      (error: unknown) => callback(error as Error, null),
    );
  };
}
