import type { OsdStopReport } from "../ceph/commands/osd.ts";

/** An OSD that is to be stopped and changed. */
export interface OsdCandidate {
  readonly id: number;
  /** The bucket in CRUSH that a batch must not go beyond, such as its host. */
  readonly domain: string;
}

/** Ceph's word on stopping OSDs together. */
export type OsdStopVerdict = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly report: OsdStopReport };

export interface OsdChoiceInput {
  /** In the order of their ids. */
  readonly candidates: readonly OsdCandidate[];
  /** How many OSDs are stopped together at most. */
  readonly most: number;
  /** Which of the other failure domains are asked about next, where the first may not be stopped: any number that changes with time. */
  readonly turn: number;
  readonly ask: (ids: readonly number[]) => Promise<OsdStopVerdict>;
}

export type OsdChoice =
  | { readonly stop: readonly number[] }
  /** What Ceph said of the first candidate alone. */
  | { readonly refused: { readonly id: number; readonly verdict: Extract<OsdStopVerdict, { ok: false }> } };

/** Failure domains beyond the first that one choice asks about. */
const otherDomains = 3;

/**
 * Which OSDs may be stopped together now: of one failure domain, as many as Ceph allows, from the lowest id on. Asks of the first domain
 * half as many each time that Ceph refuses, then of single OSDs of a few other domains: seven or eight questions at most, however many
 * OSDs there are.
 */
export async function chooseOsds({ candidates, most, turn, ask }: OsdChoiceInput): Promise<OsdChoice> {
  const [domain, ...others] = [...Map.groupBy(candidates, (each) => each.domain).values()];
  if (domain === undefined) return { stop: [] };
  let refused: OsdChoice = { stop: [] };
  for (let count = Math.min(most, domain.length); count >= 1; count = Math.floor(count / 2)) {
    const ids = domain.slice(0, count).map(({ id }) => id);
    const verdict = await ask(ids);
    if (verdict.ok) return { stop: ids };
    refused = { refused: { id: ids[0] ?? 0, verdict } };
  }
  for (let index = 0; index < Math.min(otherDomains, others.length); index += 1) {
    const [first] = others[(turn * otherDomains + index) % others.length] ?? [];
    if (first !== undefined && (await ask([first.id])).ok) return { stop: [first.id] };
  }
  return refused;
}
