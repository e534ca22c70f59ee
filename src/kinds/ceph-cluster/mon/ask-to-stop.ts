import { monOkToStop } from "../../../ceph/commands/mon.ts";
import type { Act } from "../common/act.ts";
import type { World } from "../common/world.ts";
import type { MonHold } from "./hold.ts";

/**
 * Why Ceph does not want a mon to be stopped; undefined where it may be. Of fewer than three mons none ever may, in Ceph's eyes: those are
 * stopped one by one all the same, as there is no other way to change them.
 */
export async function askToStopMon(world: World, act: Act, daemon: string, mons: number): Promise<MonHold | undefined> {
  if (mons < 3) return undefined;
  if (world.ceph === undefined) return { type: "silent" };
  const verdict = await monOkToStop(act.ceph, [daemon.slice("mon.".length)]);
  return verdict.ok ? undefined : { type: "refused", words: verdict.why };
}
