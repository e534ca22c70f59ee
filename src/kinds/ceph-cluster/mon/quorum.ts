import { isCephError } from "../../../ceph/ceph-error.ts";
import { quorumStatus } from "../../../ceph/commands/mon.ts";
import { parseMonHost } from "../../../ceph/mon-host.ts";
import type { Act } from "../common/act.ts";
import type { World } from "../common/world.ts";
import type { MonQuorum } from "./observe.ts";

/**
 * Monmap and quorum, out of one answer; undefined while Ceph does not answer. Where every mon is in quorum, the pass's own `ceph status`
 * says it all, unless `fresh` asks for more than that.
 */
export async function monQuorum(world: World, act: Act, { fresh }: { fresh: boolean }): Promise<MonQuorum | undefined> {
  const { ceph } = world;
  const { signal } = act;
  if (ceph === undefined) return undefined;
  const { quorum_names: names, quorum_age: age, monmap } = ceph.status;
  if (!fresh && names.length === monmap.num_mons)
    return { map: new Map(names.map((name) => [name, undefined])), inQuorum: new Set(names), ageMs: age * 1000 };
  try {
    const answer = await quorumStatus(act.ceph, { signal, timeoutMs: 5000 });
    return {
      map: new Map(answer.monmap.mons.map((mon) => [mon.name, hostOf(mon.public_addrs.addrvec[0]?.addr ?? mon.addr)])),
      inQuorum: new Set(answer.quorum_names),
      ageMs: answer.quorum_age * 1000,
    };
  } catch (error) {
    // an election may be under way
    if (isCephError(error)) return undefined;
    throw error;
  }
}

/** `10.0.0.1` of `10.0.0.1:3300/0`. */
function hostOf(addr: string): string | undefined {
  return parseMonHost(addr.replace(/\/\d+$/, ""))[0]?.host;
}
