import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  type ScriptedAnswer,
  type ScriptedApi,
  type ScriptedRequest,
  sendEvents,
  sendJson,
  sendStatus,
  startScriptedApi,
  until,
} from "../../test/support/scripted-api.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { type CachedKube, type CachedKubeOptions, createCachedKube } from "./cached-kube.ts";
import { createHttpKube, type HttpKube } from "./http-kube.ts";
import { ConfigMap, Pod } from "./kinds.ts";
import { silentLogger } from "./logger.ts";

let api: ScriptedApi;
let clock: VirtualClock;
let stop: AbortController;
let inner: HttpKube;
let told: string[];
/** The watch that the server answers just now. */
let stream: Parameters<ScriptedAnswer>[1] | undefined;

beforeEach(async () => {
  api = await startScriptedApi();
  clock = createVirtualClock();
  stop = new AbortController();
  inner = createHttpKube({ credentials: api.credentials, clock, log: silentLogger, userAgent: "test", random: () => 1 });
  told = [];
  stream = undefined;
});
afterEach(async () => {
  stop.abort();
  await inner.close();
  await api[Symbol.asyncDispose]();
});

const pod = (name: string, version: number, extra: object = {}) => ({
  metadata: { namespace: "default", name, uid: `${name}-uid`, resourceVersion: String(version), ...extra },
});
const isWatch = (request: ScriptedRequest) => request.query.get("watch") === "true";
const lists = () => api.requests.filter((request) => request.method === "GET" && !isWatch(request));
const watches = () => api.requests.filter(isWatch);
const versions = () => watches().map((request) => request.query.get("resourceVersion"));

/** Answers lists with these pods and watches with a stream that stays open. */
function serve(version: number, ...items: object[]): void {
  api.answer((request, response) => {
    if (!isWatch(request)) return sendJson(response, { metadata: { resourceVersion: String(version) }, items });
    stream = response;
    sendEvents(response);
  });
}

function startCache(options: Partial<CachedKubeOptions> = {}): CachedKube {
  const kube = createCachedKube({
    kube: inner,
    clock,
    log: silentLogger,
    random: () => 0,
    freeze: true,
    kinds: [{ kind: Pod, namespace: "default", labelKeys: ["app"] }],
    onChange: (kind, { type, object }) => told.push(`${type} ${kind.kind} ${object.metadata.name} ${object.metadata.resourceVersion}`),
    ...options,
  });
  kube.start(stop.signal);
  return kube;
}

/** Moves the clock over the wait before the next attempt, and tells how long it was. */
async function nextAttempt(): Promise<number> {
  await until(() => (clock.untilNextTimer() ?? Number.POSITIVE_INFINITY) <= 30_000, "a back-off");
  const delay = clock.untilNextTimer() ?? 0;
  await clock.advance(delay);
  return delay;
}

describe("the cached kube", () => {
  test("It reads held kinds from memory and everything else from the server", async () => {
    serve(5, pod("a", 1, { labels: { app: "x" } }), pod("b", 2));
    const kube = startCache();
    await kube.synced();
    const asked = lists().length;
    expect((await kube.get(Pod, { namespace: "default", name: "a" }))?.kind).toBe("Pod");
    expect(await kube.get(Pod, { namespace: "default", name: "none" })).toBeUndefined();
    expect((await kube.list(Pod, { namespace: "default", labels: { app: "x" } })).map((each) => each.metadata.name)).toEqual(["a"]);
    expect(lists()).toHaveLength(asked);
    await kube.list(Pod);
    await kube.list(ConfigMap, { namespace: "default" });
    expect(lists()).toHaveLength(asked + 2);
    expect(told).toEqual(["added Pod a 1", "added Pod b 2"]);
    expect(kube.health()).toEqual({
      synced: true,
      details: [],
      kinds: [{ kind: "Pod", namespace: "default", synced: true, objects: 2 }],
    });
  });

  test("Before the first list is there, reads go to the server", async () => {
    api.once(() => {});
    const kube = startCache();
    await until(() => lists().length === 1);
    api.once((_request, response) => sendJson(response, pod("a", 1)));
    expect((await kube.get(Pod, { namespace: "default", name: "a" }))?.metadata.name).toBe("a");
    expect(kube.health().synced).toBe(false);
  });

  test("Objects that were read cannot be changed in a test", async () => {
    serve(5, pod("a", 1));
    const kube = startCache();
    await kube.synced();
    const object = await kube.get(Pod, { namespace: "default", name: "a" });
    expect(() => Object.assign(object?.metadata ?? {}, { name: "other" })).toThrow(TypeError);
  });

  test("What is trimmed is not kept", async () => {
    serve(5, pod("a", 1, { labels: { big: "x" } }));
    const kube = startCache({
      kinds: [
        {
          kind: Pod,
          trim: (object) => {
            delete object.metadata.labels;
          },
        },
      ],
    });
    await kube.synced();
    expect((await kube.get(Pod, { namespace: "default", name: "a" }))?.metadata.labels).toBeUndefined();
  });

  test("What one wrote one reads at once, and is told once", async () => {
    serve(5, pod("a", 1));
    const kube = startCache();
    await kube.synced();
    await until(() => stream !== undefined);
    const a = { namespace: "default", name: "a" };
    api.once((_request, response) => sendJson(response, pod("a", 6, { labels: { app: "y" } })));
    await kube.mergePatch(Pod, a, { metadata: { labels: { app: "y" } } });
    expect(await kube.list(Pod, { namespace: "default", labels: { app: "y" } })).toHaveLength(1);
    if (stream !== undefined) sendEvents(stream, { type: "MODIFIED", object: pod("a", 6) }, { type: "ADDED", object: pod("b", 7) });
    await until(() => told.includes("added Pod b 7"));
    api.once((_request, response) => sendJson(response, { kind: "Status", details: { name: "a", uid: "a-uid" } }));
    expect(await kube.delete(Pod, a)).toBe(true);
    expect(await kube.get(Pod, a)).toBeUndefined();
    api.once((_request, response) => sendJson(response, { kind: "Pod", ...pod("b", 9, { deletionTimestamp: "2026-01-01T00:00:00Z" }) }));
    expect(await kube.delete(Pod, { namespace: "default", name: "b" })).toBe(true);
    expect((await kube.get(Pod, { namespace: "default", name: "b" }))?.metadata.deletionTimestamp).toBeDefined();
    expect(told).toEqual(["added Pod a 1", "modified Pod a 6", "added Pod b 7", "deleted Pod a 6", "modified Pod b 9"]);
  });

  test("A handler that throws harms nothing", async () => {
    serve(5, pod("a", 1));
    let calls = 0;
    const kube = startCache({
      onChange: () => {
        calls++;
        throw new Error("a fault of the handler");
      },
    });
    await kube.synced();
    await until(() => stream !== undefined);
    if (stream !== undefined) sendEvents(stream, { type: "ADDED", object: pod("b", 7) });
    await until(() => calls === 2);
    expect(await kube.list(Pod, { namespace: "default" })).toHaveLength(2);
  });

  test("Starting twice is starting once", async () => {
    serve(5);
    const kube = startCache();
    kube.start(stop.signal);
    await kube.synced();
    await until(() => watches().length > 0);
    expect([lists().length, watches().length]).toEqual([1, 1]);
  });

  test("Stopping before the first list fails those who wait for it and leaves no connection", async () => {
    api.answer(() => {});
    const kube = startCache();
    await until(() => api.requests.length === 1);
    stop.abort();
    await expect(kube.synced()).rejects.toThrow("aborted");
    await until(() => api.connections.open === 0);
    expect(told).toEqual([]);
  });

  test("Stopping while a watch is open leaves no connection of it and no timer", async () => {
    serve(5);
    const kube = startCache();
    await kube.synced();
    await until(() => stream !== undefined);
    const open = api.connections.open;
    stop.abort();
    await until(() => api.connections.open === open - 1);
    expect(clock.untilNextTimer()).toBeUndefined();
  });
});

describe("faults of the server", () => {
  test("Lists that fail are tried again for ever, with growing delays", async () => {
    api.answer((_request, response) => sendStatus(response, 500, { message: "etcd is away" }));
    const kube = startCache();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) delays.push(await nextAttempt());
    expect(delays).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
    await until(() => lists().length === 9);
    expect(kube.health()).toMatchObject({ synced: false, details: ["Cannot list pods in default: etcd is away (HTTP 500)"] });
    serve(5, pod("a", 1));
    await nextAttempt();
    await kube.synced();
    expect(kube.health().details).toEqual([]);
  });

  test.each([
    ["503", (response: Parameters<ScriptedAnswer>[1]) => sendStatus(response, 503), 800],
    ["429 with Retry-After", (response: Parameters<ScriptedAnswer>[1]) => sendStatus(response, 429, { retryAfter: "5" }), 5000],
  ])("A watch that answers %s waits and goes on from the same version", async (_name, fault, delay) => {
    serve(5, pod("a", 1));
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "5" }, items: [pod("a", 1)] }));
    api.once((_request, response) => fault(response));
    await startCache().synced();
    expect(await nextAttempt()).toBe(delay);
    await until(() => watches().length === 2);
    expect(versions()).toEqual(["5", "5"]);
    expect(lists()).toHaveLength(1);
  });

  test("A destroyed connection is opened again at once from the last version, then with delays", async () => {
    serve(5, pod("a", 1));
    await startCache().synced();
    await until(() => stream !== undefined);
    if (stream !== undefined) sendEvents(stream, { type: "MODIFIED", object: pod("a", 6) });
    await until(() => told.includes("modified Pod a 6"));
    await clock.advance(20_000);
    stream?.destroy();
    await until(() => watches().length === 2);
    expect(versions()).toEqual(["5", "6"]);
    await clock.advance(20_000);
    stream?.destroy();
    expect(await nextAttempt()).toBe(1600);
    await until(() => watches().length === 3);
    expect(lists()).toHaveLength(1);
  });

  test("A clean end goes on at once from the last bookmark", async () => {
    serve(5);
    await startCache().synced();
    await until(() => stream !== undefined);
    if (stream !== undefined) sendEvents(stream, { type: "BOOKMARK", object: { metadata: { resourceVersion: "77" } } });
    await clock.advance(60_000);
    stream?.end();
    await until(() => watches().length === 2);
    expect(versions()).toEqual(["5", "77"]);
  });

  test("Watches that end at once do not become a storm", async () => {
    serve(5);
    const kube = startCache();
    await kube.synced();
    // the first watch is open before the server turns bad
    await until(() => stream !== undefined);
    api.answer((request, response) => {
      if (isWatch(request)) sendEvents(response);
      response.end();
    });
    stream?.end();
    expect([await nextAttempt(), await nextAttempt(), await nextAttempt()]).toEqual([800, 1600, 3200]);
  });

  test("A quiet collection with bookmarks is watched over one connection until its time is over", async () => {
    serve(5);
    await startCache().synced();
    for (let minute = 1; minute <= 9; minute++) {
      await until(() => stream !== undefined);
      if (stream !== undefined) sendEvents(stream, { type: "BOOKMARK", object: { metadata: { resourceVersion: String(100 + minute) } } });
      await clock.advance(60_000);
    }
    expect(watches()).toHaveLength(1);
    expect(api.connections.opened).toBeLessThanOrEqual(2);
  });

  test("An ERROR event 410 lists anew, and tells only what has changed", async () => {
    serve(50, pod("a", 1), pod("c", 40));
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "5" }, items: [pod("a", 1), pod("b", 2)] }));
    api.once((_request, response) => sendEvents(response, { type: "ERROR", object: { kind: "Status", code: 410, message: "too old" } }));
    await startCache().synced();
    await until(() => watches().length === 2);
    expect(versions()).toEqual(["5", "50"]);
    expect(told).toEqual(["added Pod a 1", "added Pod b 2", "added Pod c 40", "deleted Pod b 2"]);
  });

  test("Another ERROR event and a line that is no event wait and go on from the last version", async () => {
    serve(5);
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "5" } }));
    api.once((_request, response) => sendEvents(response, { type: "ERROR", object: { kind: "Status", code: 500, message: "etcd lost" } }));
    api.once((_request, response) => {
      sendEvents(response, { type: "ADDED", object: pod("a", 8) });
      response.write("<html>\n");
    });
    const kube = startCache();
    await kube.synced();
    await until(() => kube.health().details.length === 1);
    expect(kube.health().details).toEqual(["Cannot watch pods in default: etcd lost (ERROR event, code 500)"]);
    expect(await nextAttempt()).toBe(800);
    expect(await nextAttempt()).toBe(1600);
    await until(() => watches().length === 3);
    expect(versions()).toEqual(["5", "5", "8"]);
    expect(lists()).toHaveLength(1);
  });

  test("An event without a version lists anew", async () => {
    serve(5);
    await startCache().synced();
    await until(() => stream !== undefined);
    if (stream !== undefined) sendEvents(stream, { type: "ADDED", object: { metadata: { name: "x", namespace: "default" } } });
    await until(() => watches().length === 2);
    expect(lists()).toHaveLength(2);
  });

  test("An object that was re-created while nobody watched is a deletion and an addition", async () => {
    serve(50, pod("a", 40, { uid: "second" }));
    api.once((_request, response) => sendJson(response, { metadata: { resourceVersion: "5" }, items: [pod("a", 1)] }));
    api.once((_request, response) => sendStatus(response, 410, { message: "too old" }));
    await startCache().synced();
    await until(() => told.length === 3);
    expect(told).toEqual(["added Pod a 1", "deleted Pod a 1", "added Pod a 40"]);
  });

  test("A missing permission is named with its verb and resource, and tried each 30 s", async () => {
    serve(5);
    api.once((_request, response) => sendStatus(response, 403, { reason: "Forbidden", message: "no" }));
    const kube = startCache();
    await until(() => kube.health().details.length === 1);
    expect(kube.health().details).toEqual([
      'Not allowed to list pods in the namespace default: give this user a role with the verb "list" on pods.',
    ]);
    expect(kube.health().kinds[0]?.trouble?.since).toBe(clock.now());
    expect(await nextAttempt()).toBe(30_000);
    await kube.synced();
    expect(kube.health().details).toEqual([]);
  });

  test("A kind that is not installed is named, and found when it is", async () => {
    serve(5);
    api.once((_request, response) => response.writeHead(404).end("404 page not found\n"));
    const kube = startCache();
    await until(() => kube.health().details.length === 1);
    expect(kube.health().details).toEqual(["Cannot list pods, which the API server does not know: install its CustomResourceDefinition."]);
    await nextAttempt();
    await kube.synced();
    expect(kube.health().synced).toBe(true);
  });
});
