import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers undefined while all is well, else a sentence. */
export type HealthCheck = () => string | undefined;

export interface HealthServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Named checks of /healthz: a process that fails one should be restarted. */
  readonly live: Readonly<Record<string, HealthCheck>>;
  /** Named checks of /readyz. */
  readonly ready: Readonly<Record<string, HealthCheck>>;
  /** The text of /metrics, and its content type. */
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves /healthz, /readyz and /metrics. @throws Error where the port is taken. */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server: Server = createServer((request, response) => {
    void answer(options, request.url ?? "/").then(({ status, contentType, body }) => {
      response.writeHead(status, { "content-type": contentType });
      response.end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: HealthServerOptions, url: string): Promise<{ status: number; contentType: string; body: string }> {
  switch (url.split("?")[0]) {
    case "/healthz":
      return judge(options.live);
    case "/readyz":
      return judge(options.ready);
    case "/metrics":
      try {
        const { text, contentType } = await options.metrics();
        return { status: 200, contentType, body: text };
      } catch (error) {
        return { status: 500, contentType: "text/plain", body: `${String(error)}\n` };
      }
    default:
      return { status: 404, contentType: "text/plain", body: "There are /healthz, /readyz and /metrics.\n" };
  }
}

function judge(checks: Readonly<Record<string, HealthCheck>>): { status: number; contentType: string; body: string } {
  const failures = Object.entries(checks).flatMap(([name, check]) => {
    const trouble = check();
    return trouble === undefined ? [] : [`${name}: ${trouble}`];
  });
  return { status: failures.length === 0 ? 200 : 503, contentType: "text/plain", body: `${failures.length === 0 ? "ok" : failures.join("\n")}\n` };
}
