import type { CephCommand } from "../ceph/ceph.ts";
import { type ArgumentFact, cephFacts } from "./ceph-facts.ts";
import { monVersion, refuse, type SimCall } from "./sim-command.ts";

/** Commands of the mgr's Python modules, which take what they are given. */
const ofModules = /^(fs subvolume|fs volume|fs clone|dashboard )/;

/**
 * Refuses an argument of another type than the command takes. Nothing else is checked by the mons themselves: a whole number is no float to
 * them, anything is a bool, and arguments that they do not know, words that are none of those, and numbers out of range go through.
 */
export function checkArguments(call: SimCall): void {
  const { command } = call;
  if (ofModules.test(command.prefix)) return;
  for (const fact of cephFacts(monVersion(call)).command(command.prefix) ?? []) {
    const value = command[fact.name];
    if (value !== undefined && !fits(fact, value)) throw refuse(call, "EINVAL", `bad or missing field '${fact.name}'`);
  }
}

/**
 * What is wrong with a command by Ceph's own description of it, although Ceph may take it; undefined: nothing. Where one that it needs is
 * missing, a mon ends.
 */
export function misfit(command: CephCommand, version: string): string | undefined {
  const facts = cephFacts(version).command(command.prefix);
  if (facts === undefined) return undefined;
  const said = (why: string) => `ceph ${command.prefix}: ${why}`;
  const unknown = Object.keys(command).find(
    (name) => command[name] !== undefined && !ofAll.includes(name) && !facts.some((fact) => fact.name === name),
  );
  if (unknown !== undefined) return said(`there is no argument ${unknown}`);
  for (const fact of facts) {
    const value = command[fact.name];
    if (value === undefined && !fact.isOptional) return said(`${fact.name} is missing`);
    const why = value === undefined ? undefined : strayed(fact, value);
    if (why !== undefined) return said(`${fact.name} is ${JSON.stringify(value)}: ${why}`);
  }
  return undefined;
}

/** What every command may have. */
const ofAll: readonly string[] = ["prefix", "format", "target"];

type Value = NonNullable<CephCommand[string]>;

function fits({ type, isMany }: ArgumentFact, value: Value): boolean {
  if (type === "bool") return true;
  if (isMany) return typeof value === "object";
  if (type === "text") return typeof value === "string";
  return typeof value === "number" && Number.isInteger(value) === (type === "int");
}

function strayed(fact: ArgumentFact, value: Value): string | undefined {
  if (fact.type === "bool" ? typeof value !== "boolean" : !fits(fact, value))
    return `is to be ${fact.type}${fact.isMany ? ", a list" : ""}`;
  if (fact.words !== undefined && !fact.words.includes(String(value))) return `is to be one of ${fact.words.join(", ")}`;
  if (typeof value === "number" && (value < (fact.min ?? value) || value > (fact.max ?? value))) return `is out of range`;
  if (fact.characters !== undefined && typeof value === "string" && !new RegExp(`^${asClass(fact.characters)}*$`).test(value))
    return `is to be of ${fact.characters}`;
  return undefined;
}

/** `[A-Za-z0-9-_.]` with its lone dash at the end, where a regular expression takes it for itself. */
function asClass(characters: string): string {
  return characters.replace("9-_", "9_").replace(/\]$/, "-]");
}
