import { poolMadeAt } from "./placement-groups.ts";
import type { SimState } from "./sim-state.ts";

/** When a cluster next becomes otherwise by itself, in milliseconds since 1970: a pool is made, an MDS comes out of its state. Undefined: never. */
export function dueAt(state: SimState, now: number): number | undefined {
  const times = [...state.fsMap.mdss.flatMap(({ until }) => until ?? []), ...state.pools.flatMap((pool) => poolMadeAt(pool) ?? [])];
  const coming = times.filter((at) => at > now);
  return coming.length === 0 ? undefined : Math.min(...coming);
}
