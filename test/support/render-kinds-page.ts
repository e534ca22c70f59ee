import type { ChildKind, ChildObject, Meanings } from "../../src/resource/child-kind.ts";
import { commonEvents, commonReasons } from "../../src/resource/common-reasons.ts";

/** The text of docs/kinds.md: what each kind is, and every reason it may give. */
export function kindsPage(kinds: readonly ChildKind<ChildObject>[]): string {
  return `# What lives in a Ceph cluster: every kind and every reason

Written by \`make manifests\` from the kinds in src; do not edit. CephCluster has a page of its own: [reference.md](reference.md).

Each kind has the conditions \`Ready\` (all that the spec asks for is so) and \`Progressing\`, both always there, Rook's \`phase\` (Ready,
Progressing, Failure, Deleting) beside them, and \`DeletionIsBlocked\` while it is being deleted.

## Reasons of the conditions of every kind

${table(commonReasons)}
## Events of every kind

${table(commonEvents)}${kinds.map(sectionOf).join("")}`;
}

function sectionOf({ kind, about, reasons }: ChildKind<ChildObject>): string {
  const own = Object.keys(reasons).length === 0 ? "It has no reasons of its own.\n" : `Reasons of its own:\n\n${table(reasons)}`;
  return `\n## ${kind.kind}\n\n${about}\n\n${own}`;
}

function table(meanings: Meanings): string {
  const rows = Object.entries(meanings).map(([reason, { meaning, helps }]) => `| ${reason} | ${meaning} | ${helps} |\n`);
  return `| reason | meaning | what helps |\n| --- | --- | --- |\n${rows.join("")}`;
}
