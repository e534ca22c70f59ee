import type { PoolDetail } from "../../../ceph/commands/pool.ts";
import { timeOfDay } from "../../../daemons/pod/pods.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Node } from "../../../kube/kinds.ts";
import type { OsdStopRefusal } from "../common/osd-stop-verdict.ts";
import { whyNotStop } from "../common/why-not-stop.ts";
import type { DrainRegime } from "./decide.ts";
import type { OsdOutage } from "./osd-outages.ts";

/** What a drain has taken away, for people. */
export interface DrainStory {
  readonly nodes: readonly Node[];
  readonly osds: readonly OsdOutage[];
  /** Mons that are not in quorum, by their node's hostname. */
  readonly monsOut: ReadonlyMap<string, readonly string[]>;
  /** Undefined where budgets are not managed. */
  readonly regime: DrainRegime | undefined;
  /** Why the rest of the domain must not be stopped, and every pool, which that is about. */
  readonly restStaysFor: { readonly refusal: OsdStopRefusal; readonly pools: readonly PoolDetail[] } | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A sentence for each cordoned node whose daemons are away, and for what waits for it; none where none is. */
export function explainDrain(story: DrainStory): string[] {
  const { nodes, osds, monsOut, regime, restStaysFor } = story;
  const sentences = nodes
    .filter((node) => node.spec?.unschedulable === true)
    .map(hostnameOf)
    .sort()
    .flatMap((hostname) => {
      // one that never held data is no drain's doing, and told where OSDs are started
      const away = osds.filter((osd) => osd.hostname === hostname && osd.isAway && osd.data !== "none");
      const gone = [...sayOsds(away), ...(monsOut.get(hostname) ?? []).map((id) => `mon.${id} is out of quorum`)];
      return gone.length === 0 ? [] : [`${hostname} is cordoned: ${gone.join(", ")}${sayData(story, away)}`];
    });
  if (sentences.length === 0) return [];
  if (restStaysFor !== undefined) sentences.push(`no more OSDs may be evicted: ${whyNotStop(restStaysFor.refusal, restStaysFor.pools)}`);
  if (regime?.type === "domain" && regime.waiting.length > 0)
    sentences.push(
      `the OSDs of ${regime.waiting.join(", ")} may be evicted when those of ${regime.domain} are back and every PG is active+clean`,
    );
  return sentences;
}

function sayOsds(away: readonly OsdOutage[]): string[] {
  const down = away.filter((osd) => osd.downSince !== undefined);
  const stopping = away.filter((osd) => osd.downSince === undefined);
  return [
    ...(down.length === 0 ? [] : [`${list(down)} since ${timeOfDay(Math.min(...down.map((osd) => osd.downSince ?? 0)))}`]),
    ...(stopping.length === 0 ? [] : [`${list(stopping)} or about to be`]),
  ];
}

function list(osds: readonly OsdOutage[]): string {
  const names = osds.map(({ id }) => id).sort((a, b) => a - b);
  const shown = names.slice(0, 4).map((id) => `osd.${id}`);
  const more = names.length - shown.length;
  return `${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(", ").replace(/, ([^,]*)$/, " and $1")} ${names.length === 1 ? "is" : "are"} down`;
}

/** What becomes of the data, where something is known of it. */
function sayData({ regime, now }: DrainStory, away: readonly OsdOutage[]): string {
  if (regime?.type !== "domain" || !away.some((osd) => osd.domain === regime.domain)) return "";
  if (regime.noout) return `; its data stays where it is (noout) until ${timeOfDay(regime.until)}`;
  return now < regime.until ? "" : `; its data may be copied elsewhere since ${timeOfDay(regime.until)} (osdMaintenanceTimeout)`;
}
