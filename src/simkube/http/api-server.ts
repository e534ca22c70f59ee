import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../kube/clock.ts";
import { KubeError } from "../../kube/kube-error.ts";
import type { SimResource } from "../api/resources.ts";
import type { SimObject } from "../api/sim-object.ts";
import type { KubeStore } from "../api/store.ts";
import { readBody } from "./body.ts";
import { apiGroup, groupList, resourceList, serverVersion } from "./discovery.ts";
import { openApiDocument, openApiIndex } from "./openapi.ts";
import { answerResource, type ResourceAnswer, selectorOf } from "./resource-requests.ts";
import { type ResourceRoute, routeOf } from "./route.ts";
import { statusOf } from "./status.ts";
import { tableOf } from "./table.ts";
import { streamWatch } from "./watch.ts";

export interface ApiServerOptions {
  readonly store: KubeStore;
  readonly clock: Clock;
  /** PEM; without it, plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Who has it may do everything; who does not, nothing. Without it, everybody may. */
  readonly token?: string;
  /** 0 unless set: any that is free. */
  readonly port?: number;
}

/** An API server on loopback. */
export interface ApiServer {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends every connection, as a server does that is restarted; clients come again. */
  dropConnections(): void;
  close(): Promise<void>;
}

/**
 * Serves a store as the Kubernetes API: discovery, OpenAPI as far as kubectl reads it, lists with pages and selectors, Tables, watches
 * with bookmarks and 410, patches of all four types, dry runs, and the subresources status, scale, log and eviction.
 *
 * Not served: protobuf, authorization, admission webhooks, conversion between versions, `exec`, `attach` and `port-forward`, metrics;
 * managed fields are not kept; a list's pages are of the newest version each.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { store, clock, tls, token } = options;
  const watches = new Set<{ end: () => void }>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://server");
    if (/^\/(healthz|livez|readyz)/.test(url.pathname)) return void response.end("ok");
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      throw new KubeError("unauthorized", "Unauthorized", { httpStatus: 401 });
    const document = documentAt(url.pathname, store.resources());
    if (document !== undefined) return sendJson(response, 200, document);
    const route = routeOf(url.pathname, store.resources());
    if (route === undefined) throw new KubeError("notFound", "the server could not find the requested resource", { httpStatus: 404 });
    const accept = request.headers.accept ?? "";
    if (request.method === "GET" && ["true", "1"].includes(url.searchParams.get("watch") ?? "")) {
      const watch = openWatch(options, route, url.searchParams, accept, response);
      watches.add(watch);
      response.once("close", () => watches.delete(watch));
      return;
    }
    const { type: bodyType, value: body } = await readBody(request);
    const answer = answerResource(store, {
      method: request.method ?? "GET",
      route,
      query: url.searchParams,
      body,
      bodyType,
      now: clock.now(),
    });
    send(options, response, route.resource, answer, accept);
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const { code, body } = statusOf(error);
      sendJson(response, code, body);
    });
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.keepAliveTimeout = 90_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    dropConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        for (const watch of watches) watch.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Begins to stream changes, or throws where the version asked for is too old. */
function openWatch(
  { store, clock }: ApiServerOptions,
  route: ResourceRoute,
  query: URLSearchParams,
  accept: string,
  response: ServerResponse,
): { end: () => void } {
  const wantsTable = accept.includes("as=Table");
  const full = query.get("includeObject") === "Object";
  const resourceVersion = query.get("resourceVersion") ?? "";
  const sendInitialEvents = query.get("sendInitialEvents") === "true";
  // an old version is refused before the stream begins
  if (!sendInitialEvents && resourceVersion !== "" && resourceVersion !== "0") store.changesSince(route.resource, Number(resourceVersion));
  return streamWatch(
    store,
    clock,
    {
      resource: route.resource,
      selects: selectorOf(route, query),
      resourceVersion,
      sendInitialEvents,
      bookmarks: query.get("allowWatchBookmarks") === "true",
      timeoutMs: Number(query.get("timeoutSeconds") ?? 1800) * 1000,
      show: (object, isFirst) =>
        wantsTable
          ? tableOf(route.resource, [object], {
              now: clock.now(),
              resourceVersion: object.metadata.resourceVersion ?? "",
              full,
              withColumns: isFirst,
            })
          : whole(route.resource, object),
    },
    response,
  );
}

function send(
  { store, clock }: ApiServerOptions,
  response: ServerResponse,
  resource: SimResource,
  answer: ResourceAnswer,
  accept: string,
): void {
  const wantsTable = accept.includes("as=Table");
  const table = (objects: readonly SimObject[], metadata: object) => ({
    ...tableOf(resource, objects, { now: clock.now(), resourceVersion: String(store.version()), full: false }),
    metadata,
  });
  switch (answer.type) {
    case "text":
      response.setHeader("content-type", "text/plain");
      response.end(answer.body);
      return;
    case "document":
      return sendJson(response, answer.code, answer.body);
    case "object":
      for (const warning of answer.warnings) response.appendHeader("warning", `299 - ${JSON.stringify(warning)}`);
      return sendJson(
        response,
        answer.code,
        wantsTable ? table([answer.object], { resourceVersion: answer.object.metadata.resourceVersion }) : whole(resource, answer.object),
      );
    case "list":
      return sendJson(
        response,
        200,
        wantsTable
          ? table(answer.items, answer.metadata)
          : {
              kind: `${resource.kind}List`,
              apiVersion: resource.apiVersion,
              metadata: answer.metadata,
              items: answer.items.map((item) => whole(resource, item)),
            },
      );
  }
}

/** The object with its kind. */
function whole(resource: SimResource, object: SimObject): SimObject {
  return { ...object, kind: resource.kind, apiVersion: resource.apiVersion };
}

function sendJson(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** What is served at paths that name no resource; undefined where nothing is. */
function documentAt(path: string, resources: readonly SimResource[]): object | undefined {
  const clean = path.replace(/\/$/, "");
  if (clean === "/version") return serverVersion;
  if (clean === "/api") return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (clean === "/apis") return groupList(resources);
  if (clean === "/openapi/v3") return openApiIndex(resources);
  const openApi = /^\/openapi\/v3\/(apis?\/.+)$/.exec(clean)?.[1];
  if (openApi !== undefined) return openApiDocument(openApi, resources);
  if (clean === "/api/v1") return resourceList("v1", resources);
  const [, group, version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(clean) ?? [];
  if (group === undefined) return undefined;
  return version === undefined ? apiGroup(group, resources) : resourceList(`${group}/${version}`, resources);
}
