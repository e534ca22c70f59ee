import type { SimState } from "./sim-state.ts";

/** How many PGs are in which state. All PGs of a pool are alike here: what is missing for one is missing for all. */
export function pgStates(state: SimState): { state_name: string; count: number }[] {
  const hosts = hostsThatServe(state).length;
  const counts = new Map<string, number>();
  for (const pool of state.pools) {
    const name =
      hosts >= pool.size ? "active+clean" : hosts >= pool.min_size ? "active+undersized" : hosts > 0 ? "undersized+peered" : "unknown";
    counts.set(name, (counts.get(name) ?? 0) + pool.pg_num);
  }
  return [...counts].map(([state_name, count]) => ({ state_name, count }));
}

/** PGs that could become unavailable without these OSDs: any pool whose copies may all sit on the hosts that then lack an OSD. */
export function pgsThatNeed(state: SimState, stopped: readonly number[]): number {
  const all = hostsOf([...state.osds.values()].filter((osd) => osd.in));
  const lacking = hostsOf([...state.osds.values()].filter((osd) => osd.in && (!osd.up || stopped.includes(osd.id))));
  const isAffected = state.pools.filter((pool) => Math.min(pool.size, all.length) - lacking.length < pool.min_size);
  return stopped.some((id) => state.osds.get(id)?.up) ? isAffected.reduce((sum, pool) => sum + pool.pg_num, 0) : 0;
}

function hostsThatServe(state: SimState): string[] {
  return hostsOf([...state.osds.values()].filter((osd) => osd.up && osd.in));
}

function hostsOf(osds: readonly { location: [string, string][] }[]): string[] {
  return [...new Set(osds.map((osd) => osd.location.find(([type]) => type === "host")?.[1] ?? ""))];
}
