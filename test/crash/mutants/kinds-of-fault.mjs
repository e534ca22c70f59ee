import { commandFaults, readFaults, watchFaults, writeFaults } from "../fault.ts";

const kindsOf = (type, faults) => Object.keys(faults).map((how) => `${type}:${how}`);

/** Each kind of fault that a plan can have, as the beginning of the plan's name: at least one mutant needs each, unless `unseen` says why not. */
export const kindsOfFault = [
  ...kindsOf("write", writeFaults),
  ...kindsOf("command", commandFaults),
  ...kindsOf("read", readFaults),
  ...kindsOf("watch", watchFaults),
  "wipeStatus",
  "twoOperators",
];

/** Kinds that no mutant was found for, and what was tried. */
export const unseen = new Map([]);

/** `write:kill` of `write:kill:17`. */
export function kindOf(plan) {
  return kindsOfFault.find((kind) => `${plan}:`.startsWith(`${kind}:`));
}
