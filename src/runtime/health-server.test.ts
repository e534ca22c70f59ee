import { afterEach, describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../kube/configuration-error.ts";
import { type HealthServer, type HealthServerOptions, startHealthServer } from "./health-server.ts";

const servers: HealthServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: Partial<HealthServerOptions> = {}): Promise<HealthServer> {
  const server = await startHealthServer({
    port: 0,
    live: {},
    ready: {},
    metrics: async () => ({ text: "up 1\n", contentType: "text/plain; version=0.0.4" }),
    ...options,
  });
  servers.push(server);
  return server;
}

async function get(server: HealthServer, path: string, method = "GET"): Promise<{ status: number; type: string | null; body: string }> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
}

describe("the health server", () => {
  test("says ok while all checks do, and a sentence for each that does not", async () => {
    let trouble: string | undefined;
    const server = await start({ live: { a: () => undefined }, ready: { caches: () => trouble, other: () => undefined } });
    expect(await get(server, "/readyz")).toMatchObject({ status: 200, body: "ok\n" });
    trouble = "Pods are not read yet.";
    expect(await get(server, "/readyz?verbose")).toMatchObject({ status: 503, body: "caches: Pods are not read yet.\n" });
    expect(await get(server, "/healthz")).toMatchObject({ status: 200, body: "ok\n" });
  });

  test("takes a check that throws for trouble", async () => {
    const server = await start({
      live: {
        a: () => {
          throw new Error("no way to tell");
        },
      },
    });
    expect(await get(server, "/healthz")).toMatchObject({ status: 503, body: "a: no way to tell\n" });
  });

  test("serves the metrics with their content type, and their failure as 500", async () => {
    let broken = false;
    const server = await start({
      metrics: async () => {
        if (broken) throw new Error("no metrics today");
        return { text: "up 1\n", contentType: "text/plain; version=0.0.4" };
      },
    });
    expect(await get(server, "/metrics")).toEqual({ status: 200, type: "text/plain; version=0.0.4", body: "up 1\n" });
    broken = true;
    expect(await get(server, "/metrics")).toMatchObject({ status: 500, body: "no metrics today\n" });
  });

  test("tells what there is where there is nothing", async () => {
    const server = await start();
    expect(await get(server, "/")).toMatchObject({ status: 404, body: "There are /healthz, /readyz and /metrics.\n" });
    expect(await get(server, "/healthz", "POST")).toMatchObject({ status: 405 });
  });

  test("says in one sentence that its port is in use", async () => {
    const { port } = await start();
    const second = start({ port });
    await expect(second).rejects.toThrow(ConfigurationError);
    await expect(second).rejects.toThrow(`The port ${port} for health and metrics is in use: choose another one, or 0 for none.`);
  });

  test("gives its port back when it is closed", async () => {
    const first = await start();
    await get(first, "/healthz");
    await first.close();
    expect((await start({ port: first.port })).port).toBe(first.port);
  });
});
