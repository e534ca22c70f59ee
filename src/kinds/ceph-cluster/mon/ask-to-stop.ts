import { monOkToStop } from "../../../ceph/commands/mon.ts";
import type { Act } from "../common/act.ts";
import type { World } from "../common/world.ts";

/**
 * Asks Ceph whether a mon may be stopped. Of fewer than three mons none ever may, in Ceph's eyes: those are stopped one by one all the same,
 * as there is no other way to change them.
 */
export async function askToStopMon(world: World, act: Act, daemon: string, mons: number): Promise<true | string> {
  if (mons < 3) return true;
  if (world.ceph === undefined) return "Ceph does not answer";
  const verdict = await monOkToStop(act.ceph, [daemon.slice("mon.".length)]);
  return verdict.ok ? true : `Ceph says that it is not ok to stop: ${verdict.why}`;
}
