import type { Clock } from "../../src/kube/clock.ts";

/** Something that is not as it should be. */
export interface Wrong {
  /** A sentence; the same as long as it is the same thing. */
  readonly what: string;
  /** How long it may last, in milliseconds. */
  readonly forMs: number;
}

/**
 * Says what is wrong for longer than it may be; time in which no operator was there does not count. The answer is to be called with what is
 * wrong whenever that may have changed, and at the end.
 */
export function watchLasting(
  clock: Clock,
  isNobodyThere: () => boolean,
  say: (violation: string) => void,
): (wrongs: readonly Wrong[]) => void {
  const since = new Map<string, { readonly from: number; readonly forMs: number }>();
  /** Time that does not count, all in all. */
  let pardonedMs = 0;
  let last = clock.now();
  let wasNobodyThere = false;
  return (wrongs) => {
    const now = clock.now();
    const isSo = isNobodyThere();
    if (isSo || wasNobodyThere) pardonedMs += now - last;
    last = now;
    wasNobodyThere = isSo;
    if (wrongs.length === 0 && since.size === 0) return;
    const counted = now - pardonedMs;
    for (const [what, { from, forMs }] of since) if (counted - from > forMs) say(`for more than ${forMs / 1000} s: ${what}`);
    const stays = new Set(wrongs.map(({ what }) => what));
    for (const what of [...since.keys()]) if (!stays.has(what)) since.delete(what);
    for (const { what, forMs } of wrongs) {
      const known = since.get(what);
      since.set(what, { from: known?.from ?? counted, forMs: Math.max(forMs, known?.forMs ?? 0) });
    }
  };
}
