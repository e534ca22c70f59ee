import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const textOf = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("README.md shows a test that is compiled and run", () => {
  const blocks = [...textOf("README.md").matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);

  expect(blocks).toEqual([textOf("src/kinds/ceph-cluster/readme.test.ts")]);
});
