import type { CephStatus } from "../../../ceph/commands/cluster.ts";
import { goRegex } from "../../../schema/go-regex.ts";

/**
 * What the PGs allow: `clean` where every copy is where it should be; `settling` where some only change hands, such as after an OSD came
 * up, which takes seconds and shows whether copies are missing; `unclean` where copies are missing or nobody knows.
 */
export type PgHealth = "clean" | "settling" | "unclean";

/** PG states that count as clean where `disruptionManagement.pgHealthyRegex` says nothing: copies are complete, whatever else is done. */
const completeCopies = /^active\+clean(\+(scrubbing|deep|snaptrim|snaptrim_wait))*$/;

/** Words of states that pass by themselves and say nothing about copies. */
const passing: ReadonlySet<string> = new Set(["creating", "peering", "activating", "active", "clean", "wait", "laggy", "unknown"]);

/** Judges the states that `ceph status` counts; `healthyRegex` is empty where the operator's own holds. */
export function pgHealthOf(states: CephStatus["pgmap"]["pgs_by_state"], healthyRegex: string): PgHealth {
  const isHealthy = healthyRegex === "" ? (state: string) => completeCopies.test(state) : goRegex(healthyRegex);
  const others = states.filter(({ state_name }) => !isHealthy(state_name));
  if (others.length === 0) return "clean";
  return others.every(({ state_name }) => state_name.split("+").every((word) => passing.has(word))) ? "settling" : "unclean";
}
