import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import type { ChildObject } from "../resource/child-kind.ts";
import { childKinds } from "./index.ts";

const folder = new URL("../../manifests/examples/", import.meta.url);

test("each kind that lives in a Ceph cluster has one", () => {
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
  const kinds = texts.flatMap((text) => parseAllDocuments(text).map((document) => String(document.get("kind"))));
  expect(kinds).toEqual(expect.arrayContaining(childKinds.map(({ kind }) => kind.kind)));
});

describe.each(readdirSync(folder))("manifests/examples/%s", (file) => {
  const objects = parseAllDocuments(readFileSync(new URL(file, folder), "utf8")).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as ChildObject;
  });

  test.each(objects.map((object) => [`${object.kind} ${object.metadata.name ?? ""}`, object] as const))(
    "%s can be, has no field that is not known, and all that it says acts",
    async (_name, object) => {
      const kind = childKinds.find((each) => each.kind.kind === object.kind);
      const spec = (await kind?.crd())?.spec.parse(object.spec);

      expect(spec).toEqual(object.spec);
      expect([kind?.problems(object), kind?.withoutEffect(object)]).toEqual([[], []]);
    },
  );
});
