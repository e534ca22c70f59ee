import { mutants as answers } from "./answers.mjs";
import { mutants as caches } from "./caches.mjs";
import { mutants as earlier } from "./earlier.mjs";
import { mutants as audited } from "./from-the-audit.mjs";
import { mutants as harness } from "./harness.mjs";
import { mutants as requests } from "./requests.mjs";

const all = [...earlier, ...requests, ...answers, ...caches, ...audited, ...harness];

/**
 * A seeded fault: `what` a developer may get wrong, as places in a file (`file`, `find`, `put`, and `and` for more of them). `workload` and
 * `plan` are what catches it: a plan's name or its beginning, `none` where no fault is needed. Instead of them `test` names the jest file that
 * catches it, which is for faults of the harness itself.
 */
export const mutants = all.filter(({ waitsFor }) => waitsFor === undefined);

/** Those that nothing catches yet, with what they wait for: `make mutants ARGS="--waiting"` runs them. */
export const waiting = all.filter(({ waitsFor }) => waitsFor !== undefined);
