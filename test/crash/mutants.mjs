// Puts known faults into the operator, one at a time, and shows that the crash plans catch each of them.
import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundle } from "../support/bundle.mjs";
import { mutants } from "./mutants/earlier.mjs";

const top = fileURLToPath(new URL("../..", import.meta.url));
const folder = `${top}build/mutants`;
const wanted = process.argv[2] ?? "";
/** A mutant that neither ends nor is caught in this time is missed: the others are to have their turn. */
const longestMs = 300_000;

/** Changes one place of one file on its way into the bundle; fails where the place is not there exactly once. */
function mutate({ name, file, find, put }) {
  return {
    name,
    setup(build) {
      build.onLoad({ filter: new RegExp(`${file.replaceAll(".", "\\.")}$`) }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const places = text.split(find).length - 1;
        if (places !== 1) throw new Error(`mutant ${name}: ${file} has ${places} places that read ${find}`);
        return { contents: text.replace(find, () => put), loader: "ts" };
      });
    },
  };
}

function run(program, workload) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, workload, "--stop-at-first"], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: longestMs,
    });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.on("close", (code, signal) => resolve({ code: code ?? signal, out }));
  });
}

await mkdir(folder, { recursive: true });
let passed = 0;
let failed = 0;
for (const mutant of mutants.filter(({ name }) => name.includes(wanted))) {
  const began = performance.now();
  const program = `${folder}/${mutant.name}.mjs`;
  await bundle(fileURLToPath(new URL("crash.ts", import.meta.url)), program, [mutate(mutant)]);
  const { code, out } = await run(program, mutant.workload);
  const [, plan, said] = /DIFFERENCE {2}(\S+ \S+)\n {4}(.*)/.exec(out) ?? [];
  const isCaught = code === 1 && plan !== undefined;
  if (isCaught) passed += 1;
  else failed += 1;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `${isCaught ? "caught" : "MISSED"}  ${mutant.name.padEnd(36)} ${seconds.padStart(5)} s  ${plan ?? `exit status ${code}`}\n        ${mutant.what}\n        ${(said ?? "").slice(0, 160)}\n`,
  );
}
await rm(folder, { recursive: true, force: true });
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
