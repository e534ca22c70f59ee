import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../kube/clock.ts";
import { ConfigMap, Deployment } from "../../kube/kinds.ts";
import { createKubeStore, type KubeStore } from "../api/store.ts";
import { typedStore } from "../controllers/sim-kinds.ts";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { jsonPath } from "./json-path.ts";

let store: KubeStore;
let server: ApiServer;

beforeEach(async () => {
  store = createKubeStore();
  server = await startApiServer({ store, clock: systemClock, token: "t" });
});
afterEach(() => server.close());

const ask = (path: string, init: { method?: string; body?: unknown; type?: string; accept?: string; token?: string } = {}) =>
  fetch(`${server.url}${path}`, {
    method: init.method ?? "GET",
    headers: {
      authorization: `Bearer ${init.token ?? "t"}`,
      accept: init.accept ?? "application/json",
      "content-type": init.type ?? "application/json",
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
const json = async (path: string, init?: Parameters<typeof ask>[1]) => (await (await ask(path, init)).json()) as Record<string, unknown>;
const maps = "/api/v1/namespaces/ns/configmaps";
const make = (name: string, labels: Record<string, string> = {}) =>
  typedStore(store).create(ConfigMap, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "ns", name, labels },
    data: { a: "1" },
  });

/** The first lines of a watch. */
async function watch(query: string, count: number): Promise<{ type: string; object: Record<string, unknown> }[]> {
  const answer = await ask(`${maps}?watch=1&${query}`);
  const lines: string[] = [];
  let rest = "";
  for await (const chunk of answer.body ?? []) {
    rest += Buffer.from(chunk as Uint8Array).toString();
    const parts = rest.split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    if (lines.length >= count) break;
  }
  return lines.slice(0, count).map((line) => JSON.parse(line) as { type: string; object: Record<string, unknown> });
}

describe("the simulated API server", () => {
  test("lets nobody in without the token", async () => {
    expect((await ask(maps, { token: "other" })).status).toBe(401);
  });

  test("tells what it serves", async () => {
    expect(await json("/apis/apps/v1")).toMatchObject({
      resources: expect.arrayContaining([expect.objectContaining({ name: "deployments", shortNames: ["deploy"] })]),
    });
    expect((await ask("/apis/no.such/v1")).status).toBe(404);
    expect(await json("/api/v1/namespaces/ns/nothings")).toMatchObject({ kind: "Status", reason: "NotFound", code: 404 });
  });

  test("gives a list in pages", async () => {
    for (const name of ["a", "b", "c"]) make(name);
    const first = await json(`${maps}?limit=2`);
    expect((first["items"] as unknown[]).length).toBe(2);
    const next = jsonPath(".metadata.continue", first) as string;
    const second = await json(`${maps}?limit=2&continue=${next}`);
    expect((second["items"] as { metadata: { name: string } }[]).map((item) => item.metadata.name)).toEqual(["c"]);
    expect(jsonPath(".metadata.continue", second)).toBeUndefined();
  });

  test("shows a Table to who asks for one", async () => {
    make("a");
    const table = await json(maps, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" });
    expect(table).toMatchObject({ kind: "Table", rows: [{ cells: ["a", 1, expect.stringMatching(/^\d+s$/)] }] });
    expect((table["columnDefinitions"] as { name: string }[]).map((column) => column.name)).toEqual(["Name", "Data", "Age"]);
  });

  test("a watch begins with what there is, and a bookmark says where that ends", async () => {
    make("a", { x: "y" });
    make("b");
    const events = await watch("sendInitialEvents=true&allowWatchBookmarks=true&labelSelector=x%3Dy", 2);
    expect(events.map(({ type, object }) => `${type} ${(object["metadata"] as { name?: string }).name ?? ""}`)).toEqual([
      "ADDED a",
      "BOOKMARK ",
    ]);
    expect(jsonPath('.metadata.annotations["k8s.io/initial-events-end"]', events[1]?.object)).toBe("true");
  });

  test("what a change moves out of a selection is deleted to who watches it", async () => {
    const made = make("a", { x: "y" });
    const from = store.version();
    typedStore(store).change(ConfigMap, made, (m) => ({ ...m, metadata: { ...m.metadata, labels: {} } }));
    make("b", { x: "y" });
    const events = await watch(`resourceVersion=${from}&labelSelector=x%3Dy`, 2);
    expect(events.map(({ type }) => type)).toEqual(["DELETED", "ADDED"]);
  });

  test("a version that is forgotten is 410", async () => {
    make("a");
    store.compact();
    expect((await ask(`${maps}?watch=1&resourceVersion=1`)).status).toBe(410);
  });

  test("a dry run changes nothing", async () => {
    const body = { metadata: { name: "a" }, data: {} };
    expect((await ask(`${maps}?dryRun=All`, { method: "POST", body })).status).toBe(201);
    expect((await ask(`${maps}/a`)).status).toBe(404);
  });

  test("an apply that takes a field from somebody else is a conflict, unless it is forced", async () => {
    const type = "application/apply-patch+yaml";
    const body = (a: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { a } });
    const apply = (manager: string, a: string, more = "") =>
      ask(`${maps}/a?fieldManager=${manager}${more}`, { method: "PATCH", type, body: body(a) });
    expect((await apply("one", "1")).status).toBe(201);
    expect((await apply("two", "1")).status).toBe(200);
    const refused = await apply("two", "2");
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ message: 'Apply failed with 1 conflict: conflict with "one": .data.a' });
    expect((await apply("two", "2", "&force=true")).status).toBe(200);
    expect((await ask(`${maps}/a`, { method: "PATCH", type, body: body("3") })).status).toBe(422);
  });

  test("judges fields that a kind does not know as the request asks", async () => {
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "it" }, moon: 1 };
    const create = (query: string) => ask(`${maps}?${query}`, { method: "POST", body });
    const refused = await create("fieldValidation=Strict");
    const warned = await create("dryRun=All");
    make("it");
    const patch = await json(`${maps}/it?fieldValidation=Strict`, {
      method: "PATCH",
      type: "application/merge-patch+json",
      body: { moon: 1 },
    });

    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('strict decoding error: unknown field \\"moon\\"'),
    ]);
    expect([warned.status, warned.headers.get("warning")]).toEqual([201, expect.stringContaining("moon")]);
    expect(patch).toMatchObject({ code: 422, details: { causes: [{ field: "patch" }] } });
  });

  test.each([
    ["another name", { metadata: { name: "other" } }],
    ["another namespace", { metadata: { name: "it", namespace: "other" } }],
    ["another kind", { kind: "Secret", metadata: { name: "it" } }],
  ])("refuses an object of %s than its path", async (_what, body) => {
    make("it");
    expect(await json(`${maps}/it`, { method: "PUT", body })).toMatchObject({ code: 400, reason: "BadRequest" });
  });

  test("scale reads and writes the number", async () => {
    typedStore(store).create(Deployment, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { namespace: "ns", name: "web" },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "none:none" }] } },
      },
    });
    const path = "/apis/apps/v1/namespaces/ns/deployments/web/scale";
    expect(await json(path)).toMatchObject({ kind: "Scale", spec: { replicas: 2 }, status: { selector: "app=web" } });
    const patch = { method: "PATCH", type: "application/merge-patch+json", body: { spec: { replicas: 5 } } };
    expect(await json(path, patch)).toMatchObject({ spec: { replicas: 5 } });
    expect((await ask(path, { ...patch, body: { spec: { replicas: -1 } } })).status).toBe(422);
  });
});

describe("JSONPath of printer columns", () => {
  const object = { spec: { a: [{ b: 1 }, { b: 2 }] }, status: { conditions: [{ type: "Ready", status: "True" }] }, "x.y": 3 };
  test.each([
    [".spec.a[1].b", 2],
    ['.status.conditions[?(@.type=="Ready")].status', "True"],
    ['.status.conditions[?(@.type=="Other")].status', undefined],
    [".x\\.y", 3],
    ['["x.y"]', 3],
    ["{.spec.a[*].b}", 1],
    [".gone.deeper", undefined],
  ])("%s", (path, wanted) => expect(jsonPath(path, object)).toEqual(wanted));
});
