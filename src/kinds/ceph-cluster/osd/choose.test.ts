import { describe, expect, test } from "@jest/globals";
import type { OsdStopRefusal, OsdStopVerdict } from "../common/osd-stop-verdict.ts";
import { chooseOsds, type OsdCandidate } from "./choose.ts";

const refused: OsdStopRefusal = { type: "refused", words: "no", report: {} };
const no: OsdStopVerdict = { ok: false, refusal: refused };
/** OSDs 0, 1, 2 … on hosts a, b, c … with this many each. */
const candidates = (hosts: number, each: number): OsdCandidate[] =>
  Array.from({ length: hosts * each }, (_, id) => ({ id, domain: String.fromCharCode(97 + Math.floor(id / each)), isTrial: false }));

/** Ceph that lets those go together that `allows` allows, and how often it was asked. */
function cephThat(allows: (ids: readonly number[]) => boolean) {
  const asked: (readonly number[])[] = [];
  const ask = (ids: readonly number[]): Promise<OsdStopVerdict> => {
    asked.push(ids);
    return Promise.resolve(allows(ids) ? { ok: true } : no);
  };
  return { asked, ask };
}

describe("which OSDs are stopped together", () => {
  test("as many of one failure domain as may be", async () => {
    const { ask } = cephThat(() => true);

    expect(await chooseOsds({ candidates: candidates(3, 4), most: 20, turn: 0, ask })).toEqual({ stop: [0, 1, 2, 3] });
    expect(await chooseOsds({ candidates: candidates(3, 4), most: 2, turn: 0, ask })).toEqual({ stop: [0, 1] });
    expect(await chooseOsds({ candidates: [], most: 2, turn: 0, ask })).toEqual({ stop: [] });
  });

  test("one alone where nobody knows yet whether the change works for it, and others with their neighbours", async () => {
    const trials = candidates(2, 4).map((each) => ({ ...each, isTrial: each.id < 2 }));
    const all = cephThat(() => true);
    const some = cephThat((ids) => ids.every((id) => id > 1));

    expect(await chooseOsds({ candidates: trials, most: 20, turn: 0, ask: all.ask })).toEqual({ stop: [0] });
    expect(await chooseOsds({ candidates: trials, most: 20, turn: 0, ask: some.ask })).toEqual({ stop: [2, 3] });
  });

  test("half as many each time that Ceph refuses", async () => {
    const { ask, asked } = cephThat((ids) => ids.length <= 2);

    expect(await chooseOsds({ candidates: candidates(1, 9), most: 20, turn: 0, ask })).toEqual({ stop: [0, 1] });
    expect(asked.map((ids) => ids.length)).toEqual([9, 4, 2]);
  });

  test("one of another failure domain where none of the first may be", async () => {
    const { ask } = cephThat((ids) => ids.every((id) => id >= 4));

    expect(await chooseOsds({ candidates: candidates(3, 4), most: 20, turn: 0, ask })).toEqual({ stop: [4, 5, 6, 7] });
    expect(await chooseOsds({ candidates: candidates(3, 4), most: 2, turn: 1, ask })).toEqual({ stop: [9, 10] });
    expect(await chooseOsds({ candidates: candidates(3, 4), most: 1, turn: 0, ask })).toEqual({ stop: [4] });
  });

  test("only as many of another failure domain as may be", async () => {
    const { ask } = cephThat((ids) => ids.length === 1 && ids.every((id) => id >= 4));

    expect(await chooseOsds({ candidates: candidates(2, 4), most: 20, turn: 2, ask })).toEqual({ stop: [6] });
  });

  test("the others of a failure domain where one may not be", async () => {
    const { ask, asked } = cephThat((ids) => !ids.includes(0));

    expect(await chooseOsds({ candidates: candidates(2, 9), most: 20, turn: 0, ask })).toEqual({ stop: [1, 2, 3, 4, 5, 6, 7, 8] });
    expect(asked.map((ids) => ids.length)).toEqual([9, 4, 2, 1, 8]);
  });

  test("each of a failure domain in its turn where several may not be", async () => {
    const { ask } = cephThat((ids) => ids.every((id) => id === 7));
    const chosen = await Promise.all(
      Array.from({ length: 9 }, (_, turn) => chooseOsds({ candidates: candidates(1, 9), most: 20, turn, ask })),
    );

    expect(chosen).toContainEqual({ stop: [7] });
  });

  test("none where Ceph lets none go, with what it says of the first, and few questions however many there are", async () => {
    const { ask, asked } = cephThat(() => false);

    expect(await chooseOsds({ candidates: candidates(100, 20), most: 20, turn: 7, ask })).toEqual({ refused: { id: 0, why: refused } });
    expect(asked.length).toBeLessThanOrEqual(13);
  });

  test.each([0, 1, 2, 5])("none, and asks nothing more, once Ceph gives no answer: after %i others", async (answered) => {
    const silent: OsdStopRefusal = { type: "noAnswer", words: "no answer" };
    const none: OsdStopVerdict = { ok: false, refusal: silent };
    let questions = 0;
    const ask = () => Promise.resolve((questions += 1) > answered ? none : no);

    expect(await chooseOsds({ candidates: candidates(9, 2), most: 2, turn: 0, ask })).toMatchObject({ refused: { why: silent } });
    expect(questions).toBe(answered + 1);
  });

  test.each([
    ["failure domain", 570, 40],
    ["OSD of every failure domain", 573, 140],
  ])("every %s gets its turn where the first ones are refused for long", async (_what, only, turns) => {
    const { ask } = cephThat((ids) => ids.every((id) => id === only));
    const chosen = await Promise.all(
      Array.from({ length: turns }, (_each, turn) => chooseOsds({ candidates: candidates(100, 10), most: 20, turn, ask })),
    );

    expect(chosen).toContainEqual({ stop: [only] });
  });
});
