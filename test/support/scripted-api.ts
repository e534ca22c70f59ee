import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import type { ClusterCredentials } from "../../src/kube/cluster-credentials.ts";

export interface ScriptedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

/** What the server does with one request: answers, streams, destroys the socket, or nothing at all. */
export type ScriptedAnswer = (request: ScriptedRequest, response: ServerResponse) => void;

/** An HTTP server in this process that plays an API server's answers, faults among them. */
export interface ScriptedApi extends AsyncDisposable {
  readonly requests: ScriptedRequest[];
  /** How many TCP connections were opened. */
  readonly connections: { opened: number; open: number };
  readonly credentials: ClusterCredentials;
  /** Answers every request from here on. */
  answer(answer: ScriptedAnswer): void;
  /** Answers the next request only; they queue. */
  once(answer: ScriptedAnswer): void;
}

export async function startScriptedApi(): Promise<ScriptedApi> {
  const requests: ScriptedRequest[] = [];
  const connections = { opened: 0, open: 0 };
  const queue: ScriptedAnswer[] = [];
  let always: ScriptedAnswer = (_request, response) => sendStatus(response, 500, { message: "not scripted" });
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const url = new URL(message.url ?? "/", "http://api");
      const request: ScriptedRequest = {
        method: message.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        headers: message.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(request);
      (queue.shift() ?? always)(request, response);
    });
  });
  server.on("connection", (socket) => {
    connections.opened++;
    connections.open++;
    socket.on("close", () => connections.open--);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    requests,
    connections,
    credentials: plainCredentials(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    answer: (answer) => {
      always = answer;
    },
    once: (answer) => {
      queue.push(answer);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One object for all calls, as `ClusterCredentials` promises. */
const noTls = {};

/** Credentials without any secret. */
export function plainCredentials(server: string): ClusterCredentials {
  return {
    server,
    namespace: undefined,
    headers: async () => ({}),
    tls: async () => noTls,
    refresh: () => {},
    kubeConfig: () => Promise.reject(new Error("no kubeconfig in this test")),
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** An API server's `Status`. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  options: { reason?: string; message?: string; details?: object; retryAfter?: string } = {},
): void {
  const { retryAfter, ...rest } = options;
  response.writeHead(code, { "content-type": "application/json", ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }) });
  response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, ...rest }));
}

/** Begins a watch's answer; more events can be written, and the response ended or destroyed. */
export function sendEvents(response: ServerResponse, ...events: object[]): void {
  if (!response.headersSent) {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
  }
  for (const event of events) response.write(`${JSON.stringify(event)}\n`);
}

/** Yields to what is under way until `condition` holds; fails after many turns, so that a broken test ends. */
export async function until(condition: () => boolean, what = "the condition"): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await turn();
  }
}
