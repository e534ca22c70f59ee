import * as http from "node:http";
import * as https from "node:https";
import type { Readable } from "node:stream";
import { json, text } from "node:stream/consumers";
import { createSecureContext } from "node:tls";
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
  body: Readable;
  json(): Promise<unknown>;
  text(): Promise<string>;
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
/** Without a byte in either direction. */
const silenceTimeoutMs = 30_000;
/** Shorter than the API server's own 90 s, so that no request is written to a connection that it is closing. */
const keepAliveMs = 60_000;
const callConnections = 16;

/**
 * A transport that opens its first connection with its first request.
 *
 * @example
 * const transport = createHttpTransport({ credentials, userAgent: "widgets/1.0" });
 * const answer = await transport.call({ method: "GET", path: "/version", what: "get the version" });
 * const version = await answer.json();
 */
export function createHttpTransport(options: { credentials: ClusterCredentials; userAgent: string }): HttpTransport {
  const { credentials, userAgent } = options;
  const server = new URL(credentials.server);
  const { request: startRequest } = server.protocol === "http:" ? http : https;
  const prefix = server.pathname.replace(/\/+$/, "");
  const agents = agentsOf(credentials);
  const underWay = new Set<http.ClientRequest>();
  let closed = false;

  const send = async (use: "call" | "watch", request: TransportRequest): Promise<TransportAnswer> => {
    try {
      const headers: http.OutgoingHttpHeaders = { accept: "application/json", "user-agent": userAgent, ...(await credentials.headers()) };
      if (request.body !== undefined) {
        headers["content-type"] = request.contentType ?? "application/json";
        headers["content-length"] = Buffer.byteLength(request.body);
      }
      const agent = await agents(use);
      if (closed) throw new Error("the client is closed");
      const outgoing = startRequest({
        hostname: server.hostname.replace(/^\[|\]$/g, ""),
        port: server.port,
        path: prefix + request.path,
        method: request.method,
        headers,
        agent,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      underWay.add(outgoing);
      outgoing.once("close", () => underWay.delete(outgoing));
      const answer = await answerOf(outgoing, request.body);
      // whoever follows a stream knows best how long it may be silent
      if (use === "watch") outgoing.setTimeout(0);
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: answer,
        json: () => json(answer),
        text: () => text(answer),
      };
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
      for (const outgoing of underWay) outgoing.destroy(new Error("the client is closed"));
      for (const use of ["call", "watch"] as const) (await agents(use)).destroy();
    },
  };
}

/** Sends a request; resolves with its answer's head. Later failures are the body's. */
function answerOf(outgoing: http.ClientRequest, body: string | undefined): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.once("response", resolve);
    outgoing.once("socket", (socket) => {
      if (!socket.connecting) return;
      const late = () => outgoing.destroy(new Error(`not connected within ${connectTimeoutMs / 1000} s`));
      const timer = setTimeout(late, connectTimeoutMs).unref();
      for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
    });
    outgoing.setTimeout(silenceTimeoutMs, () => outgoing.destroy(new Error(`nothing was heard for ${silenceTimeoutMs / 1000} s`)));
    outgoing.end(body);
  });
}

/** Several addresses fail with one error that has no message of its own. */
function reasonOf(error: unknown): string {
  const { message, errors, code } = error as { message?: string; errors?: unknown[]; code?: string };
  if (message !== undefined && message !== "") return message;
  return errors?.map(reasonOf).join(", ") ?? code ?? String(error);
}

/** The pools of calls and of watches. New connections use the certificates of their time; older ones end as they come to rest. */
function agentsOf(credentials: ClusterCredentials): (use: "call" | "watch") => Promise<http.Agent> {
  const known: { [use in "call" | "watch"]?: { agent: http.Agent; builtFor: TlsOptions } } = {};
  return async (use) => {
    const builtFor = await credentials.tls();
    const found = known[use];
    if (found?.builtFor === builtFor) return found.agent;
    const agent = newAgent(credentials, builtFor, use === "call" ? callConnections : Number.POSITIVE_INFINITY);
    known[use] = { agent, builtFor };
    return agent;
  };
}

function newAgent(credentials: ClusterCredentials, tls: TlsOptions, maxSockets: number): http.Agent {
  const { proxyUrl } = credentials;
  const common = {
    keepAlive: true,
    maxSockets,
    timeout: keepAliveMs,
    ...(proxyUrl === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl } }),
  };
  if (credentials.server.startsWith("http:")) return new http.Agent(common);
  const { ca, cert, key, servername, rejectUnauthorized } = tls;
  return new https.Agent({
    ...common,
    // one for all connections: each would hold the parsed certificates once more
    secureContext: createSecureContext({ ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  });
}
