import type { OsdOutage } from "./osd-outages.ts";
import type { PgHealth } from "./pg-health.ts";

/** Which OSDs may be evicted, and whose data stays where it is. */
export type DrainRegime =
  /** Any OSD, as many at a time; 0: none. */
  | { readonly type: "any"; readonly maxUnavailable: number }
  /** The PGs are about to show what may be: what there is stays. */
  | { readonly type: "asItIs" }
  /** Those of one failure domain, all of them; no other. */
  | {
      readonly type: "domain";
      readonly domain: string;
      /** Whether its data is to stay where it is. */
      readonly noout: boolean;
      /** Until when it was or is to stay, in milliseconds since 1970. */
      readonly until: number;
      /** Domains whose nodes are cordoned too, and which wait for this one, in the order of their names. */
      readonly waiting: readonly string[];
    };

/** All that decides it. */
export interface DrainFacts {
  readonly osds: readonly OsdOutage[];
  readonly pgs: PgHealth;
  /** The domain that the budgets in place leave open, where they do. */
  readonly open: string | undefined;
  /** OSDs whose Pods Kubernetes counts as missing. */
  readonly missingPods: number;
  /** Whether what is left of the domain may be stopped: undefined where nobody had to ask Ceph, else what it says. */
  readonly restMayStop: boolean | undefined;
  /** How long data stays where it is, in milliseconds. */
  readonly maintenanceMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Milliseconds after an OSD went down from which on PGs that are clean are believed: before that, they may not have noticed. */
export const believedAfterMs = 60_000;

/**
 * One failure domain at a time, the first to come. A domain is being drained from when an OSD of a cordoned node of it is away until all
 * its OSDs are back. Where the PGs are clean although OSDs are away, their data is elsewhere, and nothing is held back any more.
 */
export function decideDrain(facts: DrainFacts): DrainRegime {
  const away = facts.osds.filter((osd) => osd.isAway);
  if (away.length === 0)
    switch (facts.pgs) {
      case "clean":
        return { type: "any", maxUnavailable: 1 };
      case "settling":
        return { type: "asItIs" };
      case "unclean":
        return { type: "any", maxUnavailable: 0 };
    }
  const isLong = away.every(({ downSince }) => downSince !== undefined && facts.now - downSince >= believedAfterMs);
  if (facts.pgs === "clean" && isLong) return { type: "any", maxUnavailable: 1 + facts.missingPods };

  const domain = drainedDomain(facts);
  if (domain === undefined) return facts.pgs === "unclean" ? { type: "any", maxUnavailable: 0 } : { type: "asItIs" };
  if (facts.restMayStop === false) return { type: "any", maxUnavailable: 0 };
  const since = drainedSince(facts, domain);
  const until = since === undefined ? facts.now : since + facts.maintenanceMs;
  const domains = new Set(facts.osds.map((osd) => osd.domain));
  return {
    type: "domain",
    domain,
    // where there is no other domain, nothing could take the data
    noout: facts.now < until && domains.size > 1,
    until,
    waiting: [...new Set(facts.osds.flatMap((osd) => (isCordoned(osd) && !isGone(osd) && osd.domain !== undefined ? [osd.domain] : [])))]
      .filter((name) => name !== domain)
      .sort(),
  };
}

/** The domain that is being drained, the first where there are several; undefined where none is. */
export function drainedDomain({ osds, open, now }: Pick<DrainFacts, "osds" | "open" | "now">): string | undefined {
  // a cluster whose labels do not tell every OSD's domain has no domain that could be left open alone
  if (osds.some((osd) => osd.domain === undefined)) return undefined;
  if (open !== undefined && osds.some((osd) => osd.domain === open && isMissed(osd))) return open;
  const [first] = osds
    .flatMap(({ domain, ...osd }) =>
      isMissed(osd) && isCordoned(osd) && domain !== undefined ? [{ domain, isHere: osd.data === "here", at: goneSince(osd) ?? now }] : [],
    )
    // a node that has been gone for days, whose data is elsewhere, is not the one that is being drained
    .sort((a, b) => Number(b.isHere) - Number(a.isHere) || a.at - b.at || (a.domain < b.domain ? -1 : 1));
  return first?.domain;
}

/**
 * OSDs of the domain that still serve, where others than its own are away or rely on single OSDs, or where copies were missing before the
 * domain is opened, as after another one's drain: Ceph has to say whether they may go. `wereClean`: the budgets in place let an OSD go, as they
 * do only while every copy is there, so that what is missing now is what the domain itself took along.
 */
export function questionableRest(
  { osds, pgs, open, wereClean }: Pick<DrainFacts, "osds" | "pgs" | "open"> & { readonly wereClean: boolean },
  domain: string,
  poolsOverOsds: readonly string[],
): number[] {
  const others = osds.filter((osd) => osd.domain !== domain);
  const isSure = poolsOverOsds.length === 0 && !others.some((osd) => osd.isAway) && (pgs === "clean" || open === domain || wereClean);
  if (others.length === 0 || isSure) return [];
  return osds.filter((osd) => osd.domain === domain && !osd.isAway).map(({ id }) => id);
}

/**
 * When the last OSD of the domain that is away went: an OSD that was broken long before says nothing about the drain. Undefined where all of
 * them are on their way back: Ceph has them up, and their nodes take Pods again.
 */
function drainedSince({ osds, now }: DrainFacts, domain: string): number | undefined {
  const away = osds.filter((osd) => osd.domain === domain && osd.isAway);
  const drained = away.some(isCordoned) ? away.filter(isCordoned) : away;
  const times = drained.flatMap((osd) => goneSince(osd) ?? (isCordoned(osd) ? now : []));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Away, and nobody waits for its data. */
const isGone = (osd: OsdOutage) => osd.isAway && osd.data !== "here";

/** Away, and holding data: one that never held any is no drain's doing. */
const isMissed = ({ isAway, data }: Pick<OsdOutage, "isAway" | "data">) => isAway && data !== "none";

const isCordoned = (osd: Pick<OsdOutage, "cordonedSince">) => osd.cordonedSince !== undefined;

/** When an OSD went for the sake of its node: not before that was cordoned. Undefined where Ceph has not noticed yet. */
function goneSince(osd: Pick<OsdOutage, "downSince" | "cordonedSince">): number | undefined {
  return osd.downSince === undefined ? undefined : Math.max(osd.downSince, osd.cordonedSince ?? 0);
}
