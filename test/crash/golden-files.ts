import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { EndState } from "./end-state.ts";
import { type Golden, readEnd, readGolden, writeEnd, writeGolden } from "./golden.ts";
import type { Totals } from "./totals.ts";

/** The golden ends in a folder: one file a workload, and the standard cluster that they are shown against. Only `make golden` writes. */
export interface GoldenFiles {
  /** The end of the standard cluster; empty where it was never written. */
  standard(): Promise<EndState>;
  /** Undefined where there is none. */
  read(workload: string): Promise<Golden | undefined>;
  writeStandard(end: EndState): Promise<void>;
  write(workload: string, golden: Golden): Promise<void>;
  /** How many workloads and plans there are to be. */
  totals(): Promise<Totals>;
  writeTotals(totals: Totals): Promise<void>;
  /** Removes the files of all but these workloads; answers which. */
  prune(workloads: readonly string[]): Promise<string[]>;
}

const totalFile = "total.txt";
const standardFile = "standard-cluster.txt";

export function createGoldenFiles(folder: string): GoldenFiles {
  let standardEnd: EndState | undefined;
  const textOf = (file: string): Promise<string | undefined> =>
    readFile(`${folder}/${file}`, "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    });
  const standard = async (): Promise<EndState> => (standardEnd ??= readEnd((await textOf(standardFile)) ?? ""));
  return {
    standard,
    read: async (workload) => {
      const text = await textOf(`${workload}.txt`);
      return text === undefined ? undefined : readGolden(text, await standard());
    },
    writeStandard: async (end) => {
      standardEnd = end;
      await mkdir(folder, { recursive: true });
      await writeFile(`${folder}/${standardFile}`, writeEnd(end));
    },
    write: async (workload, golden) => writeFile(`${folder}/${workload}.txt`, writeGolden(workload, golden, await standard())),
    totals: async () => {
      const [, count, plans] = /^(\d+) workloads, (\d+) plans\n$/.exec((await textOf(totalFile)) ?? "") ?? [];
      return { workloads: Number(count ?? 0), plans: Number(plans ?? 0) };
    },
    writeTotals: async ({ workloads, plans }) => writeFile(`${folder}/${totalFile}`, `${workloads} workloads, ${plans} plans\n`),
    prune: async (workloads) => {
      const kept = new Set([standardFile, totalFile, ...workloads.map((name) => `${name}.txt`)]);
      const others = (await readdir(folder)).filter((file) => !kept.has(file));
      for (const file of others) await rm(`${folder}/${file}`);
      return others;
    },
  };
}
