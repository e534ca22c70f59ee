import { describe, expect, test } from "@jest/globals";
import { actingFields, deadFields, usualValues, wholeSettings } from "./acting-fields.ts";
import { clusterSpec } from "./ceph-cluster/spec.ts";
import type { CephClusterSpec } from "./ceph-cluster.ts";
import { withDefaults } from "./defaults.ts";
import { type Structural, structuralSchema } from "./structural-schema.ts";
import { unsupportedFields } from "./unsupported.ts";

const schema = structuralSchema(clusterSpec);

/** Paths of all that a user can set; `other` is a name in a map that means nothing in particular. */
function leaves(node: Structural, path = ""): [path: string, node: Structural][] {
  if (node.properties)
    return Object.entries(node.properties).flatMap(([name, child]) => leaves(child, path === "" ? name : `${path}.${name}`));
  if (node.items) return leaves(node.items, `${path}[]`);
  return node.additionalProperties ? leaves(node.additionalProperties, `${path}.other`) : [[path, node]];
}

/** The schema of what is at a path; undefined where the API has no such field. */
function at(path: string): Structural | undefined {
  return path.split(".").reduce<Structural | undefined>((node, part) => {
    const child = node?.properties?.[part.replace("[]", "")] ?? node?.additionalProperties;
    return part.endsWith("[]") ? child?.items : child;
  }, schema);
}

/** Values that a field may have and that are not nothing. */
function valuesFor(node: Structural): unknown[] {
  if (Array.isArray(node["enum"])) return node["enum"].filter((word) => word !== "");
  // nothing, or this one word
  const word = /^\^\$\|\^([a-z-]+)\$$/.exec(typeof node["pattern"] === "string" ? node["pattern"] : "")?.[1];
  if (word !== undefined) return [word];
  const values: Readonly<Record<string, unknown>> = { boolean: true, integer: 7, number: 0.5, object: { some: "7s" } };
  return [values[node.type ?? ""] ?? "7s"];
}

/** A spec that sets just this field; what is in a list has a name, too. Without a value it sets all around the field. */
function specWith(path: string, value?: unknown): CephClusterSpec {
  return path
    .split(".")
    .reverse()
    .reduce<unknown>((inner, part) => {
      if (!part.endsWith("[]")) return inner === undefined ? {} : { [part]: inner };
      return { [part.replace("[]", "")]: [typeof inner === "string" ? inner : { name: "one", ...(inner as object) }] };
    }, value) as CephClusterSpec;
}

const covers = (known: string, path: string) => path === known || path.startsWith(`${known}.`) || path.startsWith(`${known}[]`);

describe("fields without effect", () => {
  test.each(leaves(schema))("%s acts, or is named", (path, node) => {
    const isKnown = [...actingFields, ...deadFields].some((known) => covers(known, path));

    for (const value of valuesFor(node).filter((v) => v !== usualValues.get(path))) {
      const named = unsupportedFields(specWith(path, value));
      expect(named.filter((name) => covers(name, path))).toHaveLength(isKnown ? 0 : 1);
    }
  });

  test.each(actingFields)("%s is in the API and reaches the reconciler", (path) => {
    const node = at(path);
    expect(node).toBeDefined();
    const values = valuesFor(node ?? {});

    expect(values.flatMap((value) => unsupportedFields(specWith(path, value)))).toEqual([]);
    const without = JSON.stringify(withDefaults(specWith(path)));
    expect(values.some((value) => JSON.stringify(withDefaults(specWith(path, value))) !== without)).toBe(true);
  });

  test.each([...deadFields, ...wholeSettings.map((path) => path.replace("*", "other"))])("%s is in the API", (path) => {
    expect(at(path)).toBeDefined();
  });

  test("what is left out, switched off or empty is not named", () => {
    expect(
      unsupportedFields({
        external: { enable: false },
        csi: {},
        waitTimeoutForHealthyOSDInMinutes: 0,
        storage: { storageClassDeviceSets: [] },
        network: null,
        cleanupPolicy: { confirmation: "", sanitizeDisks: null },
      }),
    ).toEqual([]);
  });

  test("what Rook's users write out although it is usual is not named", () => {
    expect(
      unsupportedFields({
        monitoring: { exporter: { perfCountersPrioLimit: 5, statsPeriodSeconds: 5 } },
        healthCheck: { daemonHealth: { mon: { disabled: false, interval: "45s", timeout: "600s" }, status: { interval: "1m0s" } } },
        cleanupPolicy: { sanitizeDisks: { method: "quick", dataSource: "zero", iteration: 1 } },
        storage: { config: { osdsPerDevice: "1" }, store: { type: "bluestore" } },
        waitTimeoutForHealthyOSDInMinutes: 10,
      }),
    ).toEqual([]);
  });

  test("a mgr module that cannot work here is named where it is to be enabled", () => {
    const modules = (enabled: boolean) => [
      { name: "rook", enabled },
      { name: "balancer", enabled: true },
    ];
    expect(unsupportedFields({ mgr: { modules: modules(true) } })).toEqual(["mgr.modules[rook]"]);
    expect(unsupportedFields({ mgr: { modules: modules(false) } })).toEqual([]);
  });

  test("a setting that acts only as a whole is named once, by its own name", () => {
    expect(
      unsupportedFields({
        placement: { keyrotation: { tolerations: [{ key: "a", operator: "Exists" }] } },
        storage: { storageClassDeviceSets: [{ name: "set", count: 3, volumeClaimTemplates: [{ spec: { storageClassName: "fast" } }] }] },
        mon: { volumeClaimTemplate: { spec: { storageClassName: "fast", accessModes: ["ReadWriteOnce"] } } },
      }),
    ).toEqual(["mon.volumeClaimTemplate", "placement.keyrotation", "storage.storageClassDeviceSets"]);
  });

  test("a field of several list elements is named once", () => {
    expect(unsupportedFields({ storage: { nodes: [{ config: { walSizeMB: "1" } }, { config: { walSizeMB: "2" } }] } })).toEqual([
      "storage.nodes[].config.walSizeMB",
    ]);
  });
});
