import { type ParseArgsConfig, parseArgs } from "node:util";

/** A flag or a setting that cannot be; the message is a sentence for the user. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Whether a command line asks for the usage: `jackdaw help`, or `--help` or `-h` with any command. */
export function asksForHelp(args: readonly string[]): boolean {
  return args[0] === "help" || args.some((arg) => arg === "--help" || arg === "-h");
}

/**
 * Reads `--name=value` and `--name value`. A flag in `switches` needs no value, and is `true` without one. Of a flag that is given
 * twice the last counts.
 *
 * @throws SettingsError for anything else, and for a flag without its value
 * @example readFlags(["--nodes", "5", "--once"], "the demo's flags", ["nodes", "once"], ["once"]) // { nodes: "5", once: "true" }
 */
export function readFlags<Flag extends string>(
  args: readonly string[],
  what: string,
  flags: readonly Flag[],
  switches: readonly Flag[] = [],
): Partial<Record<Flag, string>> {
  const options: ParseArgsConfig["options"] = {};
  for (const flag of flags) options[flag] = { type: switches.includes(flag) ? "boolean" : "string" };
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const given: Partial<Record<Flag, string>> = {};
  for (const token of tokens) {
    const flag = token.kind === "option" ? flags.find((name) => token.rawName === `--${name}`) : undefined;
    if (token.kind !== "option" || flag === undefined)
      throw new SettingsError(`unknown argument "${args[token.index] ?? ""}"; ${what} are ${flags.map((name) => `--${name}`).join(", ")}`);
    const value = token.value ?? (switches.includes(flag) ? "true" : undefined);
    if (value === undefined) throw new SettingsError(`--${flag} needs a value`);
    given[flag] = value;
  }
  return given;
}
