import type { AskedVersion, CephCall, CephRefusal } from "./ceph-refusals/ceph-refusal.ts";
import { afterwards, stage } from "./ceph-refusals/stage.ts";
import { cephRefusals } from "./ceph-refusals.ts";

/** What Ceph says to a call: the name of its error or `taken`, and its words. */
export type Answer = readonly [verdict: string, words: string];

/** Calls of one row, in order; `wait`: until every pool has been made. */
export type CallRow = readonly (CephCall | "wait")[];

/** Gives rows of calls to a Ceph, all rows at once or one after another, and gives what it says to each. */
export type AskCeph = (rows: readonly CallRow[]) => Promise<readonly (readonly Answer[])[]>;

interface Step {
  readonly call: CephCall | "wait";
  /** Undefined: something that is only taken away again. */
  readonly expected?: { readonly of: string; readonly says: string; readonly names: string };
}

/** Gives the whole table to a Ceph, and tells what it says otherwise. */
export async function askAll(
  version: AskedVersion,
  ask: AskCeph,
): Promise<{ readonly asked: number; readonly differences: readonly string[] }> {
  const cases = cephRefusals.map((row) => row.filter(({ only }) => only === undefined || only === version));
  const differences: string[] = [];
  const give = async (rows: readonly (readonly Step[])[]) => {
    const answers = await ask(rows.map((row) => row.map(({ call }) => call)));
    for (const [at, row] of rows.entries())
      differences.push(...row.flatMap(({ expected }, index) => difference(expected, answers[at]?.[index])));
  };
  await give([[...stage.map((call) => mustBeTaken("the stage", call)), { call: "wait" }]]);
  await give(cases.map((row) => row.flatMap((each) => stepsOf(each, version))));
  await give([afterwards.map((call) => ({ call }))]);
  return { asked: cases.flat().length, differences };
}

function mustBeTaken(of: string, call: CephCall): Step {
  return { call, expected: { of: `${of}: ${JSON.stringify(call.command)}`, says: "taken", names: "" } };
}

function stepsOf({ name, call, says, saysOld, names = "", before = [], after = [] }: CephRefusal, version: AskedVersion): Step[] {
  const expected = { of: name, says: version === "18.2.7" ? (saysOld ?? says) : says, names };
  return [...before.map((each) => mustBeTaken(`before ${name}`, each)), { call, expected }, ...after.map((each) => ({ call: each }))];
}

function difference(expected: Step["expected"], answer: Answer | undefined): string[] {
  if (expected === undefined) return [];
  if (answer === undefined) return [`${expected.of}: no answer`];
  const [verdict, words] = answer;
  if (verdict !== expected.says) return [`${expected.of}: ${verdict} instead of ${expected.says}: ${words}`];
  return words.includes(expected.names) ? [] : [`${expected.of}: says nothing of ${expected.names}: ${words}`];
}
