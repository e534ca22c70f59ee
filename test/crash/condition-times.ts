import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";
import { thingOf } from "./end-state.ts";

/** Watches that the transition time of a condition moves only with its status; the answer names those that did otherwise. */
export function watchConditionTimes(sim: SimCluster): ReadonlySet<string> {
  const moved = new Set<string>();
  sim.store.subscribe((resource, { type, object, before }) => {
    if (!resource.isCustom || type !== "modified" || object["status"] === before?.["status"]) return;
    const was = conditionsOf(before);
    for (const [name, { status, lastTransitionTime }] of conditionsOf(object)) {
      const old = was.get(name);
      if (old !== undefined && old["status"] === status && old["lastTransitionTime"] !== lastTransitionTime)
        moved.add(`${thingOf(resource.kind, object)} ${name}`);
    }
  });
  return moved;
}

function conditionsOf(object: SimObject | undefined): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const { conditions } = fieldsOf(object?.["status"]);
  return new Map((Array.isArray(conditions) ? conditions.map(fieldsOf) : []).map((each) => [String(each["type"]), each]));
}
