import type { SpecProblem } from "./child-kind.ts";

/** What of a spec cannot be, as a condition tells it. */
export function sayProblems(problems: readonly SpecProblem[]): string {
  return problems.map(({ field, value, message }) => `spec.${field} is ${JSON.stringify(value)}: ${message}`).join("; ");
}
