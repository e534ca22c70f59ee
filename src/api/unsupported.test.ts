import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { isActing, unsupportedFields } from "./unsupported.ts";

const fieldPaths = JSON.parse(readFileSync(new URL("./ceph-cluster/field-paths.json", import.meta.url), "utf8")) as string[];

/** A spec that sets just this field, to something that is no default. */
function specWith(path: string): CephClusterSpec {
  return path
    .split(".")
    .reverse()
    .reduce<unknown>((value, part) => {
      const name = part.replace(/\[\]|\{\}/, "");
      return { [name]: part.endsWith("[]") ? [value] : part.endsWith("{}") ? { KEY: value } : value };
    }, "something") as CephClusterSpec;
}

describe("fields without effect", () => {
  test.each(fieldPaths)("%s acts or is named", (path) => {
    const named = unsupportedFields(specWith(path));
    const parentOfActing =
      fieldPaths.some((other) => other.startsWith(path) && isActing(other)) ||
      ["annotations", "labels", "placement", "resources", "priorityClassNames"].includes(path);

    expect(named.length > 0 || isActing(path) || parentOfActing).toBe(true);
    if (isActing(path)) expect(named).toEqual([]);
  });

  test("what is left out, switched off or empty is not named", () => {
    expect(
      unsupportedFields({
        external: { enable: false },
        csi: {},
        waitTimeoutForHealthyOSDInMinutes: 0,
        storage: { storageClassDeviceSets: [] },
      }),
    ).toEqual([]);
  });

  test("defaults that the API server fills in are not named", () => {
    expect(unsupportedFields({ monitoring: { exporter: { perfCountersPrioLimit: 5, statsPeriodSeconds: 5 } } })).toEqual([]);
  });

  test("a component that has no such setting is named", () => {
    expect(unsupportedFields({ placement: { cleanup: { tolerations: [{ key: "a" }] } } })).toEqual(["placement.cleanup.tolerations[].key"]);
  });
});
