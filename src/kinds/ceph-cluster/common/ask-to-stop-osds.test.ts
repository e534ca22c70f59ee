import { describe, expect, test } from "@jest/globals";
import { createTestWorld } from "../../../../test/support/test-world.ts";
import type { Ceph } from "../../../ceph/ceph.ts";
import { CephError } from "../../../ceph/ceph-error.ts";
import { clusterStatus } from "../../../ceph/commands/cluster.ts";
import { askToStopOsds } from "./ask-to-stop-osds.ts";
import { whyNotStop } from "./why-not-stop.ts";

const { signal } = new AbortController();

describe("whether OSDs may be stopped", () => {
  const connected = async () => {
    const world = await createTestWorld({ devices: { node1: ["sdb"], node2: ["sdb"], node3: ["sdb"] } });
    await world.settle();
    const connection = world.ceph.admin();
    return { world, ceph: connection, status: await clusterStatus(connection) };
  };

  test("nobody is asked without an mgr, and nobody is said to be silent", async () => {
    const { world, ceph, status } = await connected();
    world.ceph.clearCommands();
    const withoutMgr = { ...status, mgrmap: { ...status.mgrmap, available: false } };

    const verdict = await askToStopOsds({ status: withoutMgr }, { ceph, signal }, [0]);

    expect(verdict.ok ? "" : whyNotStop(verdict.refusal, [])).toBe("no mgr is active, which knows whether it may be stopped");
    expect(world.ceph.commands().map(({ prefix }) => prefix)).not.toContain("osd ok-to-stop");
  });

  test("an mgr that does not answer has not said yes", async () => {
    const { status } = await connected();
    const timedOut = new CephError("timedOut", "osd ok-to-stop", "no answer within 5 s");
    const silent: Ceph = { command: () => Promise.reject(timedOut), close: () => Promise.resolve() };

    const verdict = await askToStopOsds({ status }, { ceph: silent, signal }, [0]);

    expect(verdict.ok ? "" : whyNotStop(verdict.refusal, [])).toBe(
      "the active mgr does not answer whether it may be stopped: no answer within 5 s",
    );
  });
});
