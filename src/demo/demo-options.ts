import { readFlags, SettingsError } from "../read-flags.ts";

/** What `jackdaw demo` is asked for. */
export interface DemoOptions {
  readonly nodes: number;
  readonly osdsPerNode: number;
  /** Shows an upgrade of Ceph when the cluster is Ready. */
  readonly upgrade: boolean;
  /** Ends when all has been shown, instead of staying. */
  readonly once: boolean;
  /** After so long without Ready, and again without the upgrade's end, `--once` gives up. */
  readonly timeoutMs: number;
}

/** The demo's flags, as docs/reference.md lists them. */
export const demoFlags = ["nodes", "osds-per-node", "upgrade", "once", "timeout"] as const;

type Given = Partial<Record<(typeof demoFlags)[number], string>>;

/** An upgrade of more OSDs takes longer than a demo should, unless it is asked for. */
const largestUpgrade = 30;

/** Reads `--nodes 5 --osds-per-node=2 --once --timeout 60`. @throws SettingsError */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const given = readFlags(args, "the demo's flags", demoFlags, ["once"]);
  const nodes = whole(given, "nodes", 3, 1, 1000);
  const osdsPerNode = whole(given, "osds-per-node", 2, 0, 60);
  return {
    nodes,
    osdsPerNode,
    upgrade: yesOrNo(given, "upgrade", nodes * osdsPerNode <= largestUpgrade),
    once: given.once === "true",
    timeoutMs: whole(given, "timeout", Math.max(60, Math.ceil((nodes * osdsPerNode) / 2)), 1, 86_400) * 1000,
  };
}

function yesOrNo(given: Given, flag: (typeof demoFlags)[number], usual: boolean): boolean {
  const text = given[flag];
  if (text === undefined) return usual;
  if (text !== "yes" && text !== "no") throw new SettingsError(`--${flag} is "${text}"; it must be yes or no`);
  return text === "yes";
}

function whole(given: Given, flag: (typeof demoFlags)[number], usual: number, least: number, most: number): number {
  const text = given[flag];
  if (text === undefined) return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new SettingsError(`--${flag} is "${text}"; it must be a whole number from ${least} to ${most}`);
  return value;
}
