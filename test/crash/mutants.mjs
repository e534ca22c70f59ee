// Puts known faults into the operator and the harness, one at a time, and shows that the crash plans or the harness's own tests catch each.
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { createJudge } from "./mutants/judge-mutant.mjs";
import { kindsOfFault, unseen } from "./mutants/kinds-of-fault.mjs";
import { mutants, waiting } from "./mutants/list.mjs";

const args = process.argv.slice(2);
const wanted = args.find((arg) => !arg.startsWith("--")) ?? "";
const list = args.includes("--waiting") ? waiting : mutants;
const chosen = list.filter(({ name }) => name.includes(wanted));
const began = performance.now();
const judge = await createJudge();
const verdicts = [];

async function judgeNext(queue) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const start = performance.now();
    const verdict = await judge.judge(mutant).catch((error) => ({ by: [], said: String(error) }));
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
    verdicts.push({ ...verdict, mutant });
    const isCaught = verdict.by.length > 0;
    const place = mutant.test ?? `${mutant.workload} ${verdict.plan ?? mutant.plan}`;
    process.stdout.write(
      `${isCaught ? "caught" : "MISSED"}  ${mutant.name.padEnd(44)} ${seconds} s  ${place}, by ${verdict.by.join(", ") || "nothing"}\n        ${mutant.what}\n        ${verdict.said.slice(0, 160)}\n`,
    );
  }
}

const queue = [...chosen];
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, () => judgeNext(queue)));
await judge.close();

const numberBy = (by) => verdicts.filter((verdict) => verdict.by.includes(by)).length;
const row = (what, number) => process.stdout.write(`  ${what.padEnd(40)} ${String(number).padStart(4)}\n`);
const missed = verdicts.filter(({ by }) => by.length === 0).length;
const isWhole = wanted === "" && list === mutants;
const bare = kindsOfFault.filter((kind) => numberBy(kind) === 0 && !unseen.has(kind));
const idle = [...unseen.keys()].filter((kind) => numberBy(kind) > 0);
process.stdout.write("\n");
row("seeded", verdicts.length);
row("caught", verdicts.length - missed);
row("without an injected fault", numberBy("no fault"));
for (const kind of kindsOfFault) row(`only with ${kind}`, numberBy(kind));
row("by a test in jest", numberBy("a test"));
if (isWhole && waiting.length > 0) row("not run, as they wait for something", waiting.length);
for (const kind of isWhole ? bare : []) process.stdout.write(`\nFAILED  no mutant needs the fault ${kind}\n`);
for (const kind of idle) process.stdout.write(`\nFAILED  a mutant needs the fault ${kind}, which is listed as one that none needs\n`);
const failed = missed + (isWhole ? bare.length : 0) + idle.length;
process.stdout.write(`\n${verdicts.length - missed} passed, ${failed} failed, ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
process.exitCode = failed === 0 && verdicts.length > 0 ? 0 : 1;
