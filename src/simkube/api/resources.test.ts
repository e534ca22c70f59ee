import { expect, test } from "@jest/globals";
import { defineKind, type KubeObject } from "../../kube/object.ts";
import { createFakeKube } from "./fake-kube.ts";

interface Greeting extends KubeObject {
  spec: { text: string };
}
const Greeting = defineKind<Greeting>({ apiVersion: "example.org/v1", kind: "Greeting", plural: "greetings", namespaced: true });

test("a kind that no definition describes keeps its fields", async () => {
  const kube = createFakeKube();
  const key = { namespace: "default", name: "hello" };
  await kube.create(Greeting, { apiVersion: Greeting.apiVersion, kind: Greeting.kind, metadata: key, spec: { text: "Hello" } });
  expect((await kube.get(Greeting, key))?.spec).toEqual({ text: "Hello" });
});
