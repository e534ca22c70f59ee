import { describe, expect, test } from "@jest/globals";
import type { Job, Node } from "../../../kube/kinds.ts";
import type { DeviceSelection } from "../common/storage-nodes.ts";
import { isLookDue, looksAtATime } from "./next-look.ts";

const hour = 3_600_000;
const now = Date.UTC(2026, 0, 1, 12);
const any: DeviceSelection = { devices: [], deviceFilter: "", devicePathFilter: "", useAllDevices: true, deviceClass: "" };
const named: DeviceSelection = { ...any, devices: [{ name: "sdb" }], useAllDevices: false };
const node = (bootID?: string) => ({ metadata: { name: "node1" }, status: { nodeInfo: { bootID } } }) as unknown as Node;
const job = (bootId?: string) =>
  ({ metadata: { name: "look", annotations: bootId === undefined ? {} : { "ceph.rook.io/boot-id": bootId } } }) as unknown as Job;
const found = (hoursAgo: number, refused = 0) => ({
  osds: [],
  refused: Array.from({ length: refused }, () => ({ device: "/dev/sda", refusal: { code: "mounted", folder: "/" } as const })),
  more: 0,
  at: now - hoursAgo * hour,
});

describe("when a node's devices are looked at again", () => {
  test.each<[string, boolean, Partial<Parameters<typeof isLookDue>[0]>]>([
    ["not while the last look is young", false, {}],
    ["when it is old", true, { findings: found(1.3) }],
    ["never for its age, where that is asked for", false, { findings: found(1000), intervalMs: 0 }],
    ["when the machine has started anew", true, { node: node("second"), intervalMs: 0 }],
    ["not where nobody knows whether it has", false, { node: node(), job: job("first") }],
    ["not for a Job that does not say", false, { job: job() }],
    ["not where devices are named and all are OSDs", false, { selection: named, findings: found(1000), node: node("second") }],
    ["where devices are named and one is refused, after ten minutes", true, { selection: named, findings: found(0.2, 1) }],
    ["but not before", false, { selection: named, findings: found(0.1, 1) }],
  ])("%s", (_what, expected, more) => {
    expect(
      isLookDue({ node: node("first"), selection: any, job: job("first"), findings: found(0.5), intervalMs: hour, now, ...more }),
    ).toBe(expected);
  });

  test("nodes that were looked at together are looked at again within a quarter of the interval, each at its own time", () => {
    const dueAfter = (name: string) => {
      for (let minutes = 60; ; minutes += 0.5)
        if (
          isLookDue({
            node: { ...node("first"), metadata: { name } },
            selection: any,
            job: job("first"),
            findings: found(minutes / 60),
            intervalMs: hour,
            now,
          })
        )
          return minutes;
    };
    const times = Array.from({ length: 20 }, (_, index) => dueAfter(`node${index}`));
    expect(Math.max(...times)).toBeLessThanOrEqual(75);
    expect(new Set(times).size).toBeGreaterThan(10);
  });

  test.each([
    [1, 1],
    [20, 1],
    [21, 2],
    [1000, 50],
  ])("of %d nodes, %d at a time", (nodes, atATime) => {
    expect(looksAtATime(nodes)).toBe(atATime);
  });
});
