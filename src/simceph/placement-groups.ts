import { domainsOf } from "./sim-pools.ts";
import type { SimOsd, SimPool, SimState } from "./sim-state.ts";

/** How long Ceph takes to make the PGs of a new pool. */
const creatingMs = 800;

/**
 * How many PGs are in which state. All PGs of a pool are alike here, and each may have a copy in any failure domain: what an OSD lacks that
 * is in but down, every PG lacks.
 */
export function pgStates(state: SimState): { state_name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const pool of state.pools) {
    const name = pgState(state, pool);
    counts.set(name, (counts.get(name) ?? 0) + pool.pg_num);
  }
  return [...counts].map(([state_name, count]) => ({ state_name, count }));
}

/** The state of each PG of a pool. */
export function pgState(state: SimState, pool: SimPool): string {
  const copies = copiesLeft(state, pool, (osd) => !osd.up);
  if (copies >= pool.size) return "active+clean";
  if (copies >= pool.min_size) return "active+undersized";
  return copies > 0 ? "undersized+peered" : "unknown";
}

/** PGs that could become unavailable without these OSDs: how many. */
export function pgsThatNeed(state: SimState, stopped: readonly number[]): number {
  return poolsThatNeed(state, stopped).reduce((sum, pool) => sum + pool.pg_num, 0);
}

/** Pools any of whose PGs could become unavailable without these OSDs: their copies may all sit in the failure domains that then lack an OSD. */
export function poolsThatNeed(state: SimState, stopped: readonly number[]): readonly SimPool[] {
  if (!stopped.some((id) => state.osds.get(id)?.up)) return [];
  return state.pools.filter((pool) => copiesLeft(state, pool, (osd) => !osd.up || stopped.includes(osd.id)) < pool.min_size);
}

/** Pools that were made a while ago, and have an OSD to be on, are no longer being made. */
export function finishPools(state: SimState, now: number): void {
  for (const [index, pool] of state.pools.entries()) {
    const madeAt = poolMadeAt(pool);
    if (madeAt !== undefined && madeAt <= now && pgState(state, pool) !== "unknown")
      state.pools[index] = { ...pool, flags_names: pool.flags_names.replace(",creating", "") };
  }
}

/** When the PGs of a pool that is being made are there, in milliseconds since 1970; undefined for one that is made. */
export function poolMadeAt({ flags_names, create_time }: SimPool): number | undefined {
  return flags_names.includes("creating") ? Date.parse(create_time.replace("+0000", "Z")) + creatingMs : undefined;
}

function copiesLeft(state: SimState, pool: SimPool, lacks: (osd: SimOsd) => boolean): number {
  const all = [...state.osds.values()].filter((osd) => osd.in);
  return Math.min(pool.size, domainsOf(state, pool, all).length) - domainsOf(state, pool, all.filter(lacks)).length;
}
