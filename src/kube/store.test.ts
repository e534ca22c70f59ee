import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ListSelection } from "./kube.ts";
import type { KubeObject } from "./object.ts";
import { createObjectStore, isSelected } from "./store.ts";

const object = (namespace: string, name: string, extra: Partial<KubeObject["metadata"]> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace, name, uid: `${name}-1`, resourceVersion: "1", ...extra },
});

describe("the store", () => {
  test("A put is an addition, a change or nothing, by version", () => {
    const store = createObjectStore();
    const first = object("a", "x");
    const second = object("a", "x", { resourceVersion: "2" });
    expect(store.put(first)).toEqual([{ type: "added", object: first }]);
    expect(store.put({ ...first })).toEqual([]);
    expect(store.put(second)).toEqual([{ type: "modified", object: second, old: first }]);
    expect(store.get({ namespace: "a", name: "x" })).toBe(second);
    expect(store.size).toBe(1);
  });

  test("A new UID under the same name is a deletion and an addition", () => {
    const store = createObjectStore();
    const first = object("a", "x");
    const second = object("a", "x", { uid: "other" });
    store.put(first);
    expect(store.put(second)).toEqual([
      { type: "deleted", object: first },
      { type: "added", object: second },
    ]);
    expect(store.size).toBe(1);
  });

  test("An object of a cluster-scoped kind is found without a namespace", () => {
    const store = createObjectStore();
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n" } };
    store.put(node);
    expect(store.get({ name: "n" })).toBe(node);
    expect(store.list()).toEqual([node]);
    expect(store.remove({ name: "n" })).toEqual([{ type: "deleted", object: node }]);
    expect(store.remove({ name: "n" })).toEqual([]);
  });

  test("Whatever was put and removed, every selection finds exactly the objects that it names", () => {
    const letter = fc.constantFrom("a", "b", "c");
    const meta = fc.record({ namespace: letter, name: letter, app: fc.option(letter), tier: fc.option(letter), owner: fc.option(letter) });
    const act = fc.record({ remove: fc.boolean(), meta });
    const selectionOf = fc.record<ListSelection>(
      { namespace: letter, ownerUid: letter, labels: fc.dictionary(fc.constantFrom("app", "tier"), letter) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), fc.array(selectionOf, { maxLength: 5 }), (acts, selections) => {
        const store = createObjectStore(["app"]);
        const model = new Map<string, KubeObject>();
        for (const [version, { remove, meta }] of acts.entries()) {
          const { namespace, name, app, tier, owner } = meta;
          const each = object(namespace, name, {
            resourceVersion: String(version),
            labels: { ...(app === null ? {} : { app }), ...(tier === null ? {} : { tier }) },
            ...(owner === null ? {} : { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "o", uid: owner }] }),
          });
          if (remove) {
            store.remove({ namespace, name });
            model.delete(`${namespace}/${name}`);
          } else {
            store.put(each);
            model.set(`${namespace}/${name}`, each);
          }
        }
        expect(store.size).toBe(model.size);
        for (const selection of [{}, ...selections]) {
          const wanted = [...model.values()].filter((each) => isSelected(each, selection));
          expect(new Set(store.list(selection))).toEqual(new Set(wanted));
        }
      }),
    );
  });
});
