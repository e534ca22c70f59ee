import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "../kube/clock.ts";
import { ConfigurationError } from "../kube/configuration-error.ts";

/** Answers undefined while all is well, else a sentence. What it throws counts as trouble. */
export type HealthCheck = () => string | undefined;

export interface HealthServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Named checks of /healthz: a process that fails one should be restarted. */
  readonly live: Readonly<Record<string, HealthCheck>>;
  /** Named checks of /readyz. */
  readonly ready: Readonly<Record<string, HealthCheck>>;
  /** The text of /metrics, and its content type. */
  readonly metrics: () => Promise<MetricsText>;
  /** The machine's where absent. */
  readonly clock?: Clock;
}

export interface MetricsText {
  readonly text: string;
  readonly contentType: string;
}

export interface HealthServer {
  readonly port: number;
  /** Lets answers under way end, for a second at most. */
  close(): Promise<void>;
}

const closeGraceMs = 1_000;
const plain = "text/plain; charset=utf-8";

/**
 * Serves /healthz, /readyz and /metrics.
 *
 * @throws ConfigurationError where the port cannot be had.
 * @example
 * const metrics = async () => ({ text: await registry.metrics(), contentType: registry.contentType });
 * const server = await startHealthServer({ port: 8080, live: {}, ready: { cache: () => cache.health().details[0] }, metrics });
 * await server.close();
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { port, clock = systemClock } = options;
  const server = createServer((request, response) => {
    void answer(options, request.method ?? "GET", request.url ?? "/").then((given) => send(response, given));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is in use" : `cannot be had (${cause.message})`;
      reject(new ConfigurationError(`The port ${port} for health and metrics ${why}: choose another one, or 0 for none.`, { cause }));
    });
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const cancel = clock.after(closeGraceMs, () => server.closeAllConnections());
        server.close(() => {
          cancel();
          resolve();
        });
      }),
  };
}

interface Answer {
  status: number;
  contentType: string;
  body: string;
}

async function answer(options: HealthServerOptions, method: string, url: string): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") return { status: 405, contentType: plain, body: "Only GET is answered.\n" };
  switch (url.replace(/\?.*$/, "")) {
    case "/healthz":
      return judge(options.live);
    case "/readyz":
      return judge(options.ready);
    case "/metrics":
      try {
        const { text, contentType } = await options.metrics();
        return { status: 200, contentType, body: text };
      } catch (error) {
        return { status: 500, contentType: plain, body: `${messageOf(error)}\n` };
      }
    default:
      return { status: 404, contentType: plain, body: "There are /healthz, /readyz and /metrics.\n" };
  }
}

function send(response: ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, { "content-type": contentType });
  response.end(body);
}

function judge(checks: Readonly<Record<string, HealthCheck>>): Answer {
  const failures = Object.entries(checks).flatMap(([name, check]) => {
    const trouble = troubleOf(check);
    return trouble === undefined ? [] : [`${name}: ${trouble}`];
  });
  return { status: failures.length === 0 ? 200 : 503, contentType: plain, body: `${failures.length === 0 ? "ok" : failures.join("\n")}\n` };
}

function troubleOf(check: HealthCheck): string | undefined {
  try {
    return check();
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
