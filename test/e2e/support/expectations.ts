import { randomBytes } from "node:crypto";
import { expect } from "@jest/globals";
import { type CephStatus, ceph, toolbox, toolboxBytes } from "./ceph-cluster.ts";
import { eventually } from "./eventually.ts";

/** Expects `ceph status` to become: HEALTH_OK, every mon in quorum, an active mgr, every OSD up and in, every placement group clean. */
export async function expectHealthyCeph(daemons: { mons: number; mgrs: number; osds: number }): Promise<void> {
  await eventually("Ceph is healthy", async () => {
    const status = await ceph<CephStatus>("status");
    const clean = status.pgmap.pgs_by_state.filter((state) => state.state_name === "active+clean");
    expect({
      health: status.health.status,
      checks: Object.entries(status.health.checks).map(([code, check]) => `${code}: ${check.summary.message}`),
      mons: status.monmap.num_mons,
      quorum: status.quorum_names.length,
      mgr: status.mgrmap.available,
      standbys: status.mgrmap.num_standbys,
      osds: status.osdmap.num_osds,
      up: status.osdmap.num_up_osds,
      in: status.osdmap.num_in_osds,
      notClean: status.pgmap.num_pgs - clean.reduce((sum, state) => sum + state.count, 0),
    }).toEqual({
      health: "HEALTH_OK",
      checks: [],
      mons: daemons.mons,
      quorum: daemons.mons,
      mgr: true,
      standbys: daemons.mgrs - 1,
      osds: daemons.osds,
      up: daemons.osds,
      in: daemons.osds,
      notClean: 0,
    });
  });
}

/** Puts an object of random bytes into a new pool, and expects to get the same bytes back. */
export async function expectObjectRoundTrip(pool: string): Promise<void> {
  const bytes = randomBytes(1_000_003);
  await toolbox(["ceph", "osd", "pool", "create", pool, "8"]);
  await toolbox(["ceph", "osd", "pool", "application", "enable", pool, "rados"]);
  await toolbox(["rados", "-p", pool, "put", "keepsake", "-"], { input: bytes });
  const back = await toolboxBytes(["rados", "-p", pool, "get", "keepsake", "-"]);
  expect(back.length).toBe(bytes.length);
  expect(back.equals(bytes)).toBe(true);
}
