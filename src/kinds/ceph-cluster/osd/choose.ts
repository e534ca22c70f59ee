import type { OsdStopRefusal, OsdStopVerdict } from "../common/osd-stop-verdict.ts";

/** An OSD that is to be stopped and changed. */
export interface OsdCandidate {
  readonly id: number;
  /** The bucket in CRUSH that a batch must not go beyond, such as its host. */
  readonly domain: string;
  /** None has shown yet that the change works for it: it goes alone. */
  readonly isTrial: boolean;
}

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
  /** What Ceph said of the first candidate alone; of any where it gave no answer. */
  | { readonly refused: { readonly id: number; readonly why: OsdStopRefusal } };

/** Failure domains beyond the first that one choice asks about. */
const otherDomains = 3;

/**
 * Which OSDs may be stopped together now: of one failure domain, as many as Ceph allows, from the lowest id on. Asks of the first domain
 * half as many each time that Ceph refuses; then the same of the rest of it, from another OSD each time, so that one that is refused for
 * long holds up none of its neighbours; then of single OSDs of a few other domains, and of more of the first that allows one. With 20 at
 * most together that is 17 questions at most, however many OSDs there are; and none after one that gets no answer.
 */
export async function chooseOsds({ candidates, most, turn, ask }: OsdChoiceInput): Promise<OsdChoice> {
  const [domain, ...others] = groupsOf(candidates, most);
  if (domain === undefined) return { stop: [] };
  const refused = await largest(domain.ids, domain.most, ask);
  if (isLast(refused)) return refused;
  const rest = domain.ids.length > 1 ? await largest(turned(domain.ids.slice(1), turn), domain.most, ask) : undefined;
  if (rest !== undefined && isLast(rest)) return rest;
  for (let index = 0; index < Math.min(otherDomains, others.length); index += 1) {
    const next = turn * otherDomains + index;
    // each time that all domains have had their turn, another OSD of each
    const other = others[next % others.length];
    if (other === undefined) continue;
    const ids = turned(other.ids, Math.floor(next / others.length));
    const one = await largest(ids, 1, ask);
    if (!isLast(one)) continue;
    if (!("stop" in one)) return one;
    const more = await largest(ids, other.most, ask, 2);
    return "stop" in more && more.stop.length > 0 ? more : one;
  }
  return refused;
}

/** OSDs of one failure domain, and how many of them may be stopped together. Those that go alone are apart from the others. */
function groupsOf(candidates: readonly OsdCandidate[], most: number): { readonly ids: readonly number[]; readonly most: number }[] {
  const groups = Map.groupBy(candidates, ({ domain, isTrial }) => `${domain} ${isTrial}`);
  return [...groups.values()].map((each) => ({ ids: each.map(({ id }) => id), most: each.some(({ isTrial }) => isTrial) ? 1 : most }));
}

/** Whether there is nothing more to be asked: some may be stopped, or nobody answers. */
function isLast(choice: OsdChoice): boolean {
  return "stop" in choice || choice.refused.why.type !== "refused";
}

/** As many of these as may be stopped together, from the first on: `most`, or half as many, and so on, down to `fewest`. */
async function largest(ids: readonly number[], most: number, ask: OsdChoiceInput["ask"], fewest = 1): Promise<OsdChoice> {
  let refused: OsdChoice = { stop: [] };
  for (let count = Math.min(most, ids.length); count >= fewest; count = Math.floor(count / 2)) {
    const some = ids.slice(0, count);
    const verdict = await ask(some);
    if (verdict.ok) return { stop: some.toSorted((a, b) => a - b) };
    refused = { refused: { id: some[0] ?? 0, why: verdict.refusal } };
    if (isLast(refused)) break;
  }
  return refused;
}

/** The same, beginning at another one each turn. */
function turned(ids: readonly number[], turn: number): readonly number[] {
  const from = ids.length === 0 ? 0 : turn % ids.length;
  return [...ids.slice(from), ...ids.slice(0, from)];
}
