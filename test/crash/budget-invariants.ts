import type { Pod } from "../../src/kube/kinds.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { hasQuorum } from "../../src/simceph/observe.ts";
import { pgState, poolsThatNeed } from "../../src/simceph/placement-groups.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { majority, type SimState } from "../../src/simceph/sim-state.ts";
import { allowedBy, budgetsOf } from "../../src/simkube/api/evict.ts";
import type { SimObject } from "../../src/simkube/api/sim-object.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import type { LiveDaemons } from "./live-daemons.ts";
import type { Teller } from "./ready-promises.ts";

/** Evictions that are allowed and must not be. */
export interface DangerousBudgets {
  readonly what: readonly string[];
  /** Who tells of what they follow from. */
  readonly toldBy: Teller;
}

/** What evictions that are allowed now would lose: the quorum of the mons, or PGs of a pool that can spare a copy. */
export function dangerousBudgets(sim: SimCluster, namespace: string, live: LiveDaemons): DangerousBudgets {
  const store = typedStore(sim.store);
  const areManaged = store
    .list(CephCluster, namespace)
    .some(({ metadata, spec }) => metadata.deletionTimestamp === undefined && spec?.disruptionManagement?.managePodBudgets === true);
  const state = sim.ceph.state(namespace);
  if (!areManaged || state === undefined || !hasQuorum(state)) return { what: [], toldBy: "cephToCluster" };
  return {
    what: [...ofMons(sim, state, [...live.of("mon")], namespace), ...ofOsds(sim, state, [...live.of("osd")], namespace)],
    toldBy: live.toldBy,
  };
}

type Serving = readonly (readonly [id: string, pod: Pod])[];

/** How many of these the budgets let go at once: all that no budget selects, and as many others as theirs allow. */
function evictable(sim: SimCluster, serving: Serving): { free: string[]; allowed: number } {
  const free: string[] = [];
  const budgets = new Map<string, number>();
  for (const [id, pod] of serving) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const selecting = budgetsOf(sim.store, pod as unknown as SimObject);
    if (selecting.length === 0) free.push(id);
    // several forbid it
    if (selecting.length === 1) for (const budget of selecting) budgets.set(budget.metadata.name ?? "", allowedBy(budget));
  }
  return { free, allowed: [...budgets.values()].reduce((sum, each) => sum + each, 0) };
}

function ofMons(sim: SimCluster, state: SimState, serving: Serving, namespace: string): string[] {
  // where there are two or fewer, nothing helps
  if (state.mons.length < 3) return [];
  const members = serving.filter(([id]) => state.mons.some(({ name }) => name === id));
  const { free, allowed } = evictable(sim, members);
  const left = members.length - free.length - allowed;
  const wanted = majority(state.mons.length);
  // where there is no quorum to lose, nobody loses it
  if (members.length < wanted || left >= wanted || free.length + allowed === 0) return [];
  return [
    `${free.length + allowed} of ${members.length} mons that run may be evicted, of ${state.mons.length} in the map, in ${namespace}`,
  ];
}

function ofOsds(sim: SimCluster, state: SimState, serving: Serving, namespace: string): string[] {
  const { free, allowed } = evictable(sim, serving);
  if (free.length === 0 && allowed === 0) return [];
  const away = [...state.osds.keys()].filter((id) => !serving.some(([each]) => each === String(id)));
  const lost = poolsThatNeed(state, away);
  /** PGs that these take with them. What has no copy to spare is lost by any eviction, and no drain could ever be. */
  const atRisk = (gone: readonly string[]): number =>
    poolsThatNeed(state, [...away, ...gone.map(Number)])
      .filter((pool) => pool.size > pool.min_size && !lost.includes(pool) && pgState(state, pool).includes("active"))
      .reduce((sum, { pg_num }) => sum + pg_num, 0);
  const together = free.length === 0 ? 0 : atRisk(free);
  if (together > 0) return [`osd.${free.join(" and osd.")} of ${namespace} may be evicted together, which ${together} PGs need`];
  if (allowed === 0) return [];
  const worst = serving.find(([id, pod]) => budgetsOf(sim.store, pod as unknown as SimObject).length === 1 && atRisk([...free, id]) > 0);
  return worst === undefined ? [] : [`osd.${worst[0]} of ${namespace} may be evicted, which ${atRisk([...free, worst[0]])} PGs need`];
}
