import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  plainCredentials,
  type ScriptedApi,
  sendEvents,
  sendJson,
  sendStatus,
  startScriptedApi,
  until,
} from "../../test/support/scripted-api.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { createHttpKube, type HttpKube, type HttpKubeOptions } from "./http-kube.ts";
import { ConfigMap, Node, Pod } from "./kinds.ts";
import type { WatchEvent } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import { silentLogger } from "./logger.ts";
import type { RequestInfo } from "./request-info.ts";

let api: ScriptedApi;
let clock: VirtualClock;
let kubes: HttpKube[];
let seen: RequestInfo[];

beforeEach(async () => {
  api = await startScriptedApi();
  clock = createVirtualClock();
  kubes = [];
  seen = [];
});
afterEach(async () => {
  await Promise.all(kubes.map((kube) => kube.close()));
  await api[Symbol.asyncDispose]();
});

function kubeOf(options: Partial<HttpKubeOptions> = {}): HttpKube {
  const kube = createHttpKube({
    credentials: api.credentials,
    clock,
    log: silentLogger,
    userAgent: "test/1",
    random: () => 0.5,
    onRequest: (info) => seen.push(info),
    ...options,
  });
  kubes.push(kube);
  return kube;
}

const web = { namespace: "default", name: "web" };
const pod = (extra: object = {}) => ({ metadata: { ...web, uid: "u1", resourceVersion: "5", ...extra } });

/** Waits until something waits for the clock, and moves the clock to there. */
async function nextTimer(): Promise<void> {
  await until(() => clock.untilNextTimer() !== undefined, "a timer");
  await clock.advance(clock.untilNextTimer() ?? 0);
}

/** What the promise fails with. */
async function failure(promise: Promise<unknown>): Promise<KubeError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof KubeError) return error;
    throw error;
  }
  throw new Error("It did not fail");
}

async function collect(events: AsyncIterable<WatchEvent<Pod>>, into: WatchEvent<Pod>[]): Promise<void> {
  for await (const event of events) into.push(event);
}

describe("reading", () => {
  test("An object comes with its kind and without what kubectl and the server keep for themselves", async () => {
    api.once((_request, response) =>
      sendJson(
        response,
        pod({ managedFields: [{ manager: "x" }], annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", kept: "yes" } }),
      ),
    );
    const object = await kubeOf().get(Pod, web);
    expect(object).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...web, uid: "u1", resourceVersion: "5", annotations: { kept: "yes" } },
    });
    expect(api.requests[0]).toMatchObject({ method: "GET", path: "/api/v1/namespaces/default/pods/web" });
    expect(api.requests[0]?.headers["user-agent"]).toBe("test/1");
    expect(seen).toEqual([{ verb: "get", kind: "Pod", code: "200", seconds: 0 }]);
  });

  test("An absent object is undefined, but an unknown kind is an error", async () => {
    api.once((_request, response) => sendStatus(response, 404, { reason: "NotFound", details: { name: "web", kind: "pods" } }));
    api.once((_request, response) => response.writeHead(404).end("404 page not found\n"));
    const kube = kubeOf();
    expect(await kube.get(Pod, web)).toBeUndefined();
    expect(await failure(kube.get(Pod, web))).toMatchObject({
      code: "notFound",
      message: "Cannot get Pod default/web: 404 page not found (HTTP 404)",
    });
  });

  test("A list is read in pages and filtered by labels at the server and by owner here", async () => {
    const owned = pod({ ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n", uid: "o1" }] });
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "9", continue: "t1" }, items: [owned] }));
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "9" }, items: [pod({ name: "other" })] }));
    const found = await kubeOf().list(Pod, { namespace: "default", labels: { app: "a", tier: "b" }, ownerUid: "o1" });
    expect(found.map((each) => [each.kind, each.metadata.name])).toEqual([["Pod", "web"]]);
    expect(api.requests.map((each) => Object.fromEntries(each.query))).toEqual([
      { limit: "500", labelSelector: "app=a,tier=b" },
      { limit: "500", labelSelector: "app=a,tier=b", continue: "t1" },
    ]);
  });

  test("A list whose version is compacted between two pages is read again in one piece", async () => {
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "9", continue: "t1" }, items: [pod()] }));
    api.once((_request, response) => sendStatus(response, 410, { reason: "Expired" }));
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "12" }, items: [pod(), pod({ name: "b" })] }));
    const { items, resourceVersion } = await kubeOf().listForWatch(Pod);
    expect([items.length, resourceVersion]).toEqual([2, "12"]);
    expect(api.requests[2]?.query.has("limit")).toBe(false);
  });

  test("A hundred reads share few connections", async () => {
    api.answer((_request, response) => sendJson(response, pod()));
    const kube = kubeOf();
    for (let i = 0; i < 50; i++) await kube.get(Pod, web);
    expect(api.connections.opened).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 50 }, () => kube.get(Pod, web)));
    expect(api.connections.opened).toBeLessThanOrEqual(16);
  });

  test("A server behind a path prefix is reached there", async () => {
    api.once((_request, response) => sendJson(response, { metadata: {} }));
    await kubeOf({ credentials: plainCredentials(`${api.credentials.server}/clusters/c1`) }).get(Node, { name: "n" });
    expect(api.requests[0]?.path).toBe("/clusters/c1/api/v1/nodes/n");
  });
});

describe("trying again", () => {
  test("A read is tried again after 500, a lost connection and 429, and waits as long as the server asks", async () => {
    api.once((_request, response) => sendStatus(response, 500, { message: "etcd is slow" }));
    api.once((_request, response) => response.destroy());
    api.once((_request, response) => sendStatus(response, 429, { retryAfter: "3" }));
    api.once((_request, response) => sendJson(response, pod()));
    const read = kubeOf().get(Pod, web);
    await until(() => clock.untilNextTimer() !== undefined);
    expect(clock.untilNextTimer()).toBe(300);
    await clock.advance(300);
    await until(() => clock.untilNextTimer() !== undefined);
    expect(clock.untilNextTimer()).toBe(600);
    await clock.advance(600);
    await until(() => clock.untilNextTimer() !== undefined);
    expect(clock.untilNextTimer()).toBe(3000);
    await clock.advance(3000);
    expect(await read).toMatchObject({ kind: "Pod" });
    expect(seen.map((info) => info.code)).toEqual(["500", "unreachable", "429", "200"]);
  });

  test("A read gives up after four attempts with the server's own words", async () => {
    api.answer((_request, response) => sendStatus(response, 503, { message: "apiserver is shutting down" }));
    const failed = failure(kubeOf().list(Pod, { namespace: "default" }));
    for (let attempt = 1; attempt < 4; attempt++) {
      await nextTimer();
    }
    expect(await failed).toMatchObject({
      code: "serverError",
      httpStatus: 503,
      message: "Cannot list pods in default: apiserver is shutting down (HTTP 503)",
    });
    expect(api.requests).toHaveLength(4);
  });

  test("A server that asks for a long wait is not waited for", async () => {
    api.answer((_request, response) => sendStatus(response, 429, { retryAfter: "60" }));
    expect(await failure(kubeOf().get(Pod, web))).toMatchObject({ code: "tooManyRequests", retryAfterSeconds: 60 });
    expect(api.requests).toHaveLength(1);
  });

  test("A write is not tried again after 500 or a lost connection, for it may have been done", async () => {
    api.once((_request, response) => sendStatus(response, 500, { message: ".spec.bogus: field not declared in schema" }));
    api.once((_request, response) => response.destroy());
    const kube = kubeOf();
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: web };
    expect(await failure(kube.apply(ConfigMap, object, { fieldManager: "test" }))).toMatchObject({
      code: "serverError",
      message: "Cannot apply ConfigMap default/web: .spec.bogus: field not declared in schema (HTTP 500)",
    });
    expect(await failure(kube.create(ConfigMap, object))).toMatchObject({ code: "unreachable" });
    expect(api.requests).toHaveLength(2);
  });

  test("A write is tried again after 429", async () => {
    api.once((_request, response) => sendStatus(response, 429));
    api.once((_request, response) => sendJson(response, pod()));
    const written = kubeOf().mergePatch(Pod, web, { metadata: { labels: { a: null } } });
    await nextTimer();
    expect((await written).metadata.name).toBe("web");
  });

  test("A server that is not there is unreachable after four attempts, also for a write", async () => {
    await api[Symbol.asyncDispose]();
    const failed = failure(kubeOf().create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata: web }));
    for (let attempt = 1; attempt < 4; attempt++) {
      await nextTimer();
    }
    const error = await failed;
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/^Cannot create ConfigMap default\/web: no answer from http:.*ECONNREFUSED/);
    expect(seen).toHaveLength(4);
  });

  test("Refused credentials are read again once", async () => {
    let token = "old";
    const credentials = {
      ...api.credentials,
      headers: async () => ({ authorization: `Bearer ${token}` }),
      refresh: () => {
        token = "new";
      },
    };
    api.answer((request, response) =>
      request.headers.authorization === "Bearer new" ? sendJson(response, pod()) : sendStatus(response, 401, { message: "Unauthorized" }),
    );
    const kube = kubeOf({ credentials });
    expect(await kube.get(Pod, web)).toBeDefined();
    api.answer((_request, response) => sendStatus(response, 401, { message: "Unauthorized" }));
    expect(await failure(kube.get(Pod, web))).toMatchObject({ code: "unauthorized" });
    expect(api.requests).toHaveLength(3);
  });
});

describe("writing", () => {
  test.each([
    [400, undefined, "invalid"],
    [403, "Forbidden", "forbidden"],
    [409, "AlreadyExists", "alreadyExists"],
    [409, "Conflict", "conflict"],
    [422, "Invalid", "invalid"],
  ] as const)("HTTP %d with reason %s is %s", async (status, reason, code) => {
    api.once((_request, response) => sendStatus(response, status, reason === undefined ? {} : { reason }));
    expect(await failure(kubeOf().update(Pod, { apiVersion: "v1", kind: "Pod", ...pod() }))).toMatchObject({ code, httpStatus: status });
  });

  test("An apply is forced, names its manager and may go to the status", async () => {
    api.answer((_request, response) => sendJson(response, pod()));
    const kube = kubeOf();
    await kube.apply(Pod, { apiVersion: "v1", kind: "Pod", metadata: web }, { fieldManager: "me", subresource: "status" });
    const [request] = api.requests;
    expect(request).toMatchObject({ method: "PATCH", path: "/api/v1/namespaces/default/pods/web/status" });
    expect(Object.fromEntries(request?.query ?? [])).toEqual({ fieldManager: "me", force: "true" });
    expect(request?.headers["content-type"]).toBe("application/apply-patch+yaml");
    expect(JSON.parse(request?.body ?? "")).toEqual({ apiVersion: "v1", kind: "Pod", metadata: web });
  });

  test("A delete carries its preconditions and tells what became of the object", async () => {
    api.once((_request, response) => sendJson(response, { kind: "Status", status: "Success", details: { name: "web", uid: "u1" } }));
    api.once((_request, response) => sendJson(response, { kind: "Pod", ...pod({ deletionTimestamp: "2026-01-01T00:00:00Z" }) }));
    api.once((_request, response) => sendStatus(response, 404, { details: { name: "web" } }));
    const kube = kubeOf();
    const options = { uid: "u1", resourceVersion: "5", propagationPolicy: "Foreground" } as const;
    expect(await kube.deleteAndTell(Pod, web, options)).toEqual({ type: "gone", uid: "u1" });
    expect(await kube.deleteAndTell(Pod, web)).toMatchObject({ type: "terminating", object: { metadata: { uid: "u1" } } });
    expect(await kube.delete(Pod, web)).toBe(false);
    expect(JSON.parse(api.requests[0]?.body ?? "")).toEqual({
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Foreground",
      preconditions: { uid: "u1", resourceVersion: "5" },
    });
  });

  test("Closing fails what is under way with aborted", async () => {
    api.answer(() => {});
    const kube = kubeOf();
    const failed = failure(kube.get(Pod, web));
    await until(() => api.requests.length === 1);
    await kube.close();
    expect((await failed).code).toBe("aborted");
    expect((await failure(kube.get(Pod, web))).code).toBe("aborted");
  });
});

describe("watching", () => {
  test("Events come as they are written, also in pieces, and bookmarks tell the version", async () => {
    api.once((_request, response) => {
      sendEvents(response, { type: "ADDED", object: pod({ managedFields: [] }) });
      const text = JSON.stringify({ type: "MODIFIED", object: pod({ resourceVersion: "6", labels: { name: "grün" } }) });
      const bytes = Buffer.from(`${text}\n`);
      const cut = bytes.indexOf("ü") + 1;
      response.write(bytes.subarray(0, cut), () => {
        response.write(bytes.subarray(cut));
        sendEvents(response, { type: "BOOKMARK", object: { metadata: { resourceVersion: "8" } } }, { type: "DELETED", object: pod() });
        response.end();
      });
    });
    const events: WatchEvent<Pod>[] = [];
    await collect(kubeOf().watch(Pod, { namespace: "default", resourceVersion: "4" }), events);
    expect(events.map((event) => event.type)).toEqual(["added", "modified", "bookmark", "deleted"]);
    expect(events[0]).toEqual({ type: "added", object: { apiVersion: "v1", kind: "Pod", ...pod() } });
    expect(events[1]).toMatchObject({ object: { metadata: { labels: { name: "grün" } } } });
    expect(Object.fromEntries(api.requests[0]?.query ?? [])).toEqual({
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: "4",
      timeoutSeconds: "450",
    });
    expect(seen).toEqual([{ verb: "watch", kind: "Pod", code: "200", seconds: 0 }]);
  });

  test.each([
    ["an ERROR event 410", { type: "ERROR", object: { kind: "Status", code: 410, message: "too old" } }, "gone"],
    ["an ERROR event 500", { type: "ERROR", object: { kind: "Status", code: 500, message: "etcd lost" } }, "serverError"],
    ["an event of an unknown type", { type: "RENAMED", object: pod() }, "serverError"],
    ["an event without an object", { type: "ADDED" }, "serverError"],
  ])("%s ends the watch with its code", async (_name, event, code) => {
    api.once((_request, response) => sendEvents(response, event));
    expect((await failure(collect(kubeOf().watch(Pod, { resourceVersion: "4" }), []))).code).toBe(code);
  });

  test("An unparsable line ends the watch after the events before it", async () => {
    api.once((_request, response) => {
      sendEvents(response, { type: "ADDED", object: pod() });
      response.write("{not json\n");
    });
    const events: WatchEvent<Pod>[] = [];
    expect((await failure(collect(kubeOf().watch(Pod, { resourceVersion: "4" }), events))).code).toBe("serverError");
    expect(events).toHaveLength(1);
  });

  test("HTTP 429, 503 and 410 are told with what the server asks for", async () => {
    api.once((_request, response) => sendStatus(response, 429, { retryAfter: "1" }));
    api.once((_request, response) => sendStatus(response, 503));
    api.once((_request, response) => sendStatus(response, 410));
    const kube = kubeOf();
    const watch = () => failure(collect(kube.watch(Pod, { resourceVersion: "4" }), []));
    expect(await watch()).toMatchObject({ code: "tooManyRequests", retryAfterSeconds: 1 });
    expect((await watch()).code).toBe("serverError");
    expect((await watch()).code).toBe("gone");
  });

  test("A socket that is destroyed in the middle is unreachable", async () => {
    api.once((_request, response) => {
      sendEvents(response, { type: "ADDED", object: pod() });
      setImmediate(() => response.destroy());
    });
    expect((await failure(collect(kubeOf().watch(Pod, { resourceVersion: "4" }), []))).code).toBe("unreachable");
  });

  test("Silence for 150 s ends the watch; every byte puts that off", async () => {
    let write = () => {};
    api.once((_request, response) => {
      sendEvents(response);
      write = () => sendEvents(response, { type: "BOOKMARK", object: { metadata: { resourceVersion: "8" } } });
    });
    const events: WatchEvent<Pod>[] = [];
    const failed = failure(collect(kubeOf().watch(Pod, { resourceVersion: "4" }), events));
    await until(() => seen.length === 1);
    await clock.advance(140_000);
    write();
    await until(() => events.length === 1);
    await clock.advance(149_000);
    expect(api.connections.open).toBe(1);
    await clock.advance(1_000);
    expect(await failed).toMatchObject({ code: "unreachable", message: "Cannot watch pods: nothing was heard for 150 s" });
    await until(() => api.connections.open === 0);
  });

  test("A watch that outlives its time by 5 s ends without an error", async () => {
    let write = () => {};
    api.once((_request, response) => {
      sendEvents(response);
      write = () => sendEvents(response, { type: "BOOKMARK", object: { metadata: { resourceVersion: "8" } } });
    });
    const events: WatchEvent<Pod>[] = [];
    const ended = collect(kubeOf().watch(Pod, { resourceVersion: "4" }), events);
    await until(() => seen.length === 1);
    for (let minute = 1; minute <= 7; minute++) {
      await clock.advance(60_000);
      write();
      await until(() => events.length === minute);
    }
    await clock.advance(35_000);
    await ended;
    expect(events).toHaveLength(7);
  });

  test("An abort ends the watch without an error and leaves no connection, also before the answer", async () => {
    const kube = kubeOf();
    for (const answers of [true, false]) {
      const before = api.requests.length;
      api.once((_request, response) => {
        if (answers) sendEvents(response, { type: "ADDED", object: pod() });
      });
      const stop = new AbortController();
      const events: WatchEvent<Pod>[] = [];
      const ended = collect(kube.watch(Pod, { resourceVersion: "4", signal: stop.signal }), events);
      await until(() => (answers ? events.length === 1 : api.requests.length > before));
      stop.abort();
      await ended;
      await until(() => api.connections.open === 0);
    }
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test("Leaving the loop closes the connection", async () => {
    api.once((_request, response) => sendEvents(response, { type: "ADDED", object: pod() }));
    for await (const event of kubeOf().watch(Pod, { resourceVersion: "4" })) {
      expect(event.type).toBe("added");
      break;
    }
    await until(() => api.connections.open === 0);
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});
