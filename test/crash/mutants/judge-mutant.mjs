import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createMutantBundler } from "./bundle-mutant.mjs";
import { kindOf } from "./kinds-of-fault.mjs";

const top = fileURLToPath(new URL("../../..", import.meta.url));
/** A mutant that neither ends nor is caught in this time is missed: the others are to have their turn. */
const longestMs = 180_000;

/** Gives back `judge(mutant)`, which tells by what a mutant is caught: `no fault`, kinds of injected faults, or `a test`; nothing where it is missed. */
export async function createJudge() {
  const folder = `${top}build/mutants`;
  await mkdir(folder, { recursive: true });
  const bundler = await createMutantBundler(new URL("../judge-plans.ts", import.meta.url));
  const sound = `${folder}/sound.mjs`;
  await writeFile(sound, await bundler.bundle([]));
  const soundly = new Map();

  /** What the plan without a fault and some others differ in, one after the other: `{ plan, said }`. */
  async function judged(program, workload, plans) {
    const { code, out, err } = await run(process.execPath, [program, `${top}test/crash/golden`, workload, ...plans]);
    const all = out.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
    return {
      differing: all.filter(({ said }) => said.length > 0),
      failure: code === 0 ? undefined : `exit status ${code}: ${err.slice(-500)}`,
    };
  }

  /** What the operator as it is differs in: no fault is caught by what is said without it, too. */
  function saidAnyway(workload, plan) {
    const key = `${workload} ${plan}`;
    const known = soundly.get(key) ?? judged(sound, workload, [plan]).then(soundOnly(plan));
    soundly.set(key, known);
    return known;
  }

  async function judgeByPlans(mutant) {
    const { name, workload } = mutant;
    const program = `${folder}/${name}.mjs`;
    await writeFile(program, await bundler.bundle(editsOf(mutant)));
    const plans = [mutant.plan].flat();
    const all = await judged(program, workload, plans);
    await rm(program);
    const seen = [];
    for (const plan of new Set(["none", ...plans])) {
      for (const differing of all.differing.filter((each) => `${each.plan}:`.startsWith(`${plan}:`))) {
        const anyway = await saidAnyway(workload, differing.plan);
        const said = differing.said.find((sentence) => !anyway.includes(withoutNumbers(sentence)));
        if (said !== undefined) seen.push({ wanted: plan, plan: differing.plan, said });
      }
    }
    // a fault that only breaks the program says nothing about the harness
    const broken = seen.find(({ said }) => /\w is not defined/.test(said));
    if (broken !== undefined) return { by: [], said: `it is no fault, but breaks the program: ${broken.said}` };
    const [first] = seen;
    if (first?.plan === "none") return { by: ["no fault"], plan: "none", said: first.said };
    const missed = plans.filter((plan) => seen.every(({ wanted }) => wanted !== plan));
    if (first === undefined || missed.length > 0) return { by: [], said: all.failure ?? `nothing is seen by ${missed.join(", ")}` };
    return { by: seen.map(({ plan }) => kindOf(plan)), plan: seen.map(({ plan }) => plan).join(", "), said: first.said };
  }

  /** The first test that fails; undefined where all pass. Throws where the file cannot even be read. */
  async function failureOf(test, edits) {
    const jest = ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--config", "jest.config.json", "--runInBand"];
    const env = { ...process.env, SEEDED_FAULT: JSON.stringify(edits) };
    const { code, err } = await run(process.execPath, [...jest, "--runTestsByPath", test], env);
    const failure = /● (.*)/.exec(err)?.[1];
    if (code === 0) return undefined;
    if (code !== 1 || failure === undefined || failure.includes("Test suite failed to run"))
      throw new Error(`${test}: exit status ${code}: ${err.slice(0, 500)}`);
    return failure;
  }

  async function judgeByTest(mutant) {
    const { test } = mutant;
    const known = soundly.get(test) ?? failureOf(test, []);
    soundly.set(test, known);
    if ((await known) !== undefined) return { by: [], said: `${test} fails without the seeded fault, too` };
    const failure = await failureOf(test, editsOf(mutant));
    return failure === undefined ? { by: [], said: "the test passes" } : { by: ["a test"], said: failure };
  }

  return {
    judge: (mutant) => (mutant.test === undefined ? judgeByPlans(mutant) : judgeByTest(mutant)),
    async close() {
      await bundler.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const soundOnly =
  (plan) =>
  ({ differing, failure }) => {
    if (failure !== undefined) throw new Error(`without a seeded fault: ${failure}`);
    return differing.filter((each) => each.plan === plan).flatMap(({ said }) => said.map(withoutNumbers));
  };
const withoutNumbers = (sentence) => sentence.replaceAll(/\d+/g, "#");
const editsOf = ({ file, find, put, and = [] }) => [{ file, find, put }, ...and];

function run(program, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: top, env, stdio: ["ignore", "pipe", "pipe"], timeout: longestMs });
    const said = { out: "", err: "" };
    child.stdout.on("data", (chunk) => {
      said.out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said.err += chunk;
    });
    child.on("close", (code, signal) => resolve({ code: code ?? signal, ...said }));
  });
}
