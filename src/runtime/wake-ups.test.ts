import { describe, expect, test } from "@jest/globals";
import { ConfigMap, Deployment, Pod } from "../kube/kinds.ts";
import { defineKind, type KubeObject, type ObjectMeta } from "../kube/object.ts";
import { wakeMapped, wakeOwner, wakeSelf, wakeViewed } from "./wake-ups.ts";

const Widget = defineKind<KubeObject>({ apiVersion: "example.com/v1", kind: "Widget", plural: "widgets", namespaced: true });
const one = { namespace: "ns", name: "one" };

function widget(metadata: ObjectMeta = {}, rest: object = {}): KubeObject {
  return {
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { ...one, uid: "u", generation: 1, resourceVersion: "1", ...metadata },
    ...rest,
  };
}

describe("an object's own change", () => {
  const wakeUp = wakeSelf(Widget);

  test("wakes it when it appears and when it goes", () => {
    expect(wakeUp.requestsFor({ type: "added", object: widget() })).toEqual([one]);
    expect(wakeUp.requestsFor({ type: "deleted", object: widget() })).toEqual([one]);
  });

  test.each<[string, ObjectMeta]>([
    ["its generation", { generation: 2 }],
    ["its deletion time", { deletionTimestamp: "2026-01-01T00:00:00Z" }],
    ["a label", { labels: { a: "b" } }],
    ["an annotation", { annotations: { a: "b" } }],
    ["a finalizer", { finalizers: ["example.com/a"] }],
    ["its UID", { uid: "another" }],
  ])("wakes it when %s changes", (_what, metadata) => {
    expect(wakeUp.requestsFor({ type: "modified", old: widget(), object: widget(metadata) })).toEqual([one]);
  });

  test.each<[string, KubeObject]>([
    ["version", widget({ resourceVersion: "2" })],
    ["managed fields", widget({ managedFields: [{}] })],
  ])("does not wake it when only its %s changes", (_what, object) => {
    expect(
      wakeUp.requestsFor({
        type: "modified",
        old: widget({}, { status: { phase: "New" } }),
        object: { status: { phase: "New" }, ...object } as KubeObject,
      }),
    ).toEqual([]);
  });

  test.each([
    ["does not wake it", true, []],
    ["wakes it where somebody else has", false, [one]],
  ] as const)("%s when this process has written its status: %s", (_what, isOwn, woken) => {
    const [old, object] = ["New", "Ready"].map((phase) => widget({}, { status: { phase } }));
    if (old === undefined || object === undefined) throw new Error("there are two");
    expect(wakeUp.requestsFor({ type: "modified", old, object, ...(isOwn ? { isOwn } : {}) })).toEqual(woken);
  });

  test("wakes it when its status vanishes, since somebody has to say it again", () => {
    expect(wakeUp.requestsFor({ type: "modified", old: widget({}, { status: { phase: "Ready" } }), object: widget() })).toEqual([one]);
  });

  test("wakes an object without a generation by any change of its content", () => {
    const old = { ...widget(), metadata: one, data: { a: "1" } };
    expect(wakeSelf(ConfigMap).requestsFor({ type: "modified", old, object: { ...old, data: { a: "2" } } as KubeObject })).toEqual([one]);
    expect(wakeSelf(ConfigMap).requestsFor({ type: "modified", old, object: { ...old, data: { a: "1" } } as KubeObject })).toEqual([]);
  });
});

describe("an owned object's change", () => {
  const ownedBy = (...owners: [apiVersion: string, kind: string, name: string][]): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      namespace: "ns",
      name: "d",
      ownerReferences: owners.map(([apiVersion, kind, name]) => ({ apiVersion, kind, name, uid: name })),
    },
  });
  const wakeUp = wakeOwner(Deployment, Widget);

  test("wakes owners of the kind in any version of its group, and no others", () => {
    const object = ownedBy(["example.com/v2", "Widget", "one"], ["example.org/v1", "Widget", "two"], ["example.com/v1", "Gadget", "three"]);
    expect(wakeUp.requestsFor({ type: "added", object })).toEqual([one]);
    expect(wakeUp.requestsFor({ type: "deleted", object })).toEqual([one]);
  });

  test("wakes the old and the new owner when it changes hands", () => {
    const change = {
      type: "modified",
      old: ownedBy(["example.com/v1", "Widget", "one"]),
      object: ownedBy(["example.com/v1", "Widget", "two"]),
    } as const;
    expect(wakeUp.requestsFor(change)).toEqual([one, { namespace: "ns", name: "two" }]);
  });
});

test("a mapped change wakes what the mapping answers for the object as it was and as it is", () => {
  const pod = (node: string): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "ns", name: "p" },
    spec: { nodeName: node, containers: [] },
  });
  const wakeUp = wakeMapped(Pod, ({ spec }) => [{ namespace: "nodes", name: spec?.nodeName ?? "" }]);
  expect(wakeUp.requestsFor({ type: "modified", old: pod("a"), object: pod("b") })).toEqual([
    { namespace: "nodes", name: "a" },
    { namespace: "nodes", name: "b" },
  ]);
});

test("a viewed change wakes only where the view is another, or the object came or went", () => {
  const pod = (phase: string, resourceVersion: string): Pod => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "ns", name: "p", resourceVersion },
    status: { phase },
  });
  const wakeUp = wakeViewed(
    Pod,
    ({ status }) => ({ phase: status?.phase }),
    () => [one],
  );
  expect(wakeUp.requestsFor({ type: "added", object: pod("Pending", "1") })).toEqual([one]);
  expect(wakeUp.requestsFor({ type: "modified", old: pod("Pending", "1"), object: pod("Pending", "2") })).toEqual([]);
  expect(wakeUp.requestsFor({ type: "modified", old: pod("Pending", "2"), object: pod("Running", "3") })).toEqual([one]);
  expect(wakeUp.requestsFor({ type: "deleted", object: pod("Running", "3") })).toEqual([one]);
});
