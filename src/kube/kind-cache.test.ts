import { beforeEach, describe, expect, test } from "@jest/globals";
import { createKindCache, type KindCache } from "./kind-cache.ts";
import type { KubeObject } from "./object.ts";
import { createObjectStore, type ObjectStore } from "./store.ts";

const object = (version: number, uid = "u1", name = "x"): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "a", name, uid, resourceVersion: String(version) },
});
const key = { namespace: "a", name: "x" };

let store: ObjectStore<KubeObject>;
let cache: KindCache<KubeObject>;
let told: string[];

beforeEach(() => {
  store = createObjectStore();
  told = [];
  cache = createKindCache({
    store,
    onChange: ({ type, object: { metadata } }) => told.push(`${type} ${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`),
  });
});

const shown = () => store.get(key)?.metadata.resourceVersion;

describe("one's own writes", () => {
  test("A write is there at once and is told once", () => {
    cache.replace([], "10");
    cache.wrote(object(11));
    expect(shown()).toBe("11");
    cache.event({ type: "added", object: object(11) });
    expect(told).toEqual(["added x u1 11"]);
  });

  test("Older news does not undo a write, newer news does", () => {
    cache.replace([object(5)], "10");
    cache.wrote(object(13));
    cache.event({ type: "modified", object: object(12) });
    expect(shown()).toBe("13");
    cache.event({ type: "modified", object: object(13) });
    cache.event({ type: "modified", object: object(14) });
    expect(shown()).toBe("14");
  });

  test("An answer that comes after the watch has told more does nothing", () => {
    cache.replace([], "10");
    cache.event({ type: "added", object: object(11) });
    cache.event({ type: "deleted", object: object(12) });
    cache.wrote(object(11));
    expect(store.size).toBe(0);
    expect(told).toEqual(["added x u1 11", "deleted x u1 11"]);
  });

  test("A list from before a write neither drops nor ages what was written", () => {
    cache.replace([object(5)], "10");
    cache.wrote(object(13));
    cache.wrote(object(14, "u2", "y"));
    cache.replace([object(5)], "12");
    expect(shown()).toBe("13");
    expect(store.size).toBe(2);
    cache.replace([object(13)], "15");
    expect(store.size).toBe(1);
  });

  test("A re-created object survives the late news of its predecessor's end", () => {
    cache.replace([object(5)], "10");
    cache.wrote(object(13, "u2"));
    cache.event({ type: "deleted", object: object(12, "u1") });
    expect(store.get(key)?.metadata.uid).toBe("u2");
    cache.event({ type: "added", object: object(13, "u2") });
    expect(told).toEqual(["added x u1 5", "deleted x u1 5", "added x u2 13"]);
  });

  test("An object that is gone does not come back with late news or an old list", () => {
    cache.replace([object(5)], "10");
    cache.removed(key, "u1");
    expect(store.size).toBe(0);
    cache.event({ type: "modified", object: object(11) });
    cache.replace([object(11)], "11");
    expect(store.size).toBe(0);
    cache.event({ type: "deleted", object: object(12) });
    cache.event({ type: "added", object: object(13, "u2") });
    expect(shown()).toBe("13");
    expect(told).toEqual(["added x u1 5", "deleted x u1 5", "added x u2 13"]);
  });

  test("The end of one object leaves its successor alone", () => {
    cache.replace([object(11, "u2")], "12");
    cache.removed(key, "u1");
    expect(shown()).toBe("11");
  });

  test("Versions are compared as numbers of any length", () => {
    const big = "9007199254740993";
    cache.replace([], "9007199254740992");
    cache.wrote({ ...object(1), metadata: { ...key, uid: "u1", resourceVersion: big } });
    expect(shown()).toBe(big);
  });

  test("A server whose versions are no numbers is followed by the watch alone", () => {
    cache.replace([], "abc");
    cache.wrote(object(11));
    expect(store.size).toBe(0);
    cache.event({ type: "added", object: object(11) });
    expect(shown()).toBe("11");
  });
});

describe("a new list", () => {
  test("It is told as what has changed, by UID, after the store has all of it", () => {
    cache.replace([object(1), object(2, "u2", "y"), object(3, "u3", "z")], "10");
    told.length = 0;
    cache.replace([object(1), object(12, "u2", "y"), object(13, "u4", "z"), object(14, "u5", "new")], "20");
    expect(told).toEqual(["modified y u2 12", "deleted z u3 3", "added z u4 13", "added new u5 14"]);
    cache.replace([], "30");
    expect(store.size).toBe(0);
  });

  test("A version that goes back, as after a restored backup, is believed", () => {
    cache.replace([object(50)], "60");
    cache.replace([object(7)], "10");
    expect(shown()).toBe("7");
  });
});
