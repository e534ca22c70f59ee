import { commonEvents, commonReasons } from "../../src/resource/common-reasons.ts";
import type { EventMeanings, Meanings } from "../../src/resource/meanings.ts";
import type { OperatorKind } from "../../src/resource/operator-kind.ts";

/** The text of docs/kinds.md: what each kind is, and every reason that it may give. */
export function kindsPage(kinds: readonly OperatorKind[]): string {
  return `# Every kind and every reason

Written by \`make manifests\` from the kinds in src; do not edit.

Each kind has the conditions \`Ready\` (all that the spec asks for is so; of a CephCluster: all of it runs, at the wanted version, and serves)
and \`Progressing\`, both always there, Rook's \`phase\` (Ready, Progressing, Failure, Deleting) beside them, and \`DeletionIsBlocked\` while it is
being deleted.
${kinds
  .filter(({ events }) => events !== undefined)
  .map(sectionOf)
  .join("")}
## Every kind that lives in a Ceph cluster

Reasons of the conditions of each of them:

${table(commonReasons)}
Their events:

${eventTable(commonEvents)}${kinds
  .filter(({ events }) => events === undefined)
  .map(sectionOf)
  .join("")}`;
}

function sectionOf({ kind, about, reasons, events }: OperatorKind): string {
  const all = events === undefined ? "Reasons of its own" : "Reasons of its conditions";
  const own = Object.keys(reasons).length === 0 ? "It has no reasons of its own.\n" : `${all}:\n\n${table(reasons)}`;
  return `\n## ${kind.kind}\n\n${about}\n\n${own}${events === undefined ? "" : `\nIts events:\n\n${eventTable(events)}`}`;
}

function table(meanings: Meanings): string {
  const rows = Object.entries(meanings).map(([reason, { meaning, helps }]) => `| ${reason} | ${meaning} | ${helps} |\n`);
  return `| reason | meaning | what helps |\n| --- | --- | --- |\n${rows.join("")}`;
}

function eventTable(meanings: EventMeanings): string {
  const rows = Object.entries(meanings).map(([reason, { type, meaning, helps }]) => `| ${reason} | ${type} | ${meaning} | ${helps} |\n`);
  return `| reason | type | meaning | what helps |\n| --- | --- | --- | --- |\n${rows.join("")}`;
}
