import older from "./facts/18.2.7.txt";
import newer from "./facts/20.2.4.txt";
import { once } from "./once.ts";

/** One argument of a command, as Ceph describes it. */
export interface ArgumentFact {
  readonly name: string;
  readonly type: "text" | "int" | "float" | "bool";
  readonly isMany: boolean;
  readonly isOptional: boolean;
  /** The only values there are. */
  readonly words?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** The only characters there may be: `[A-Za-z0-9-_.]`. */
  readonly characters?: string;
}

/** An option, as Ceph describes it. */
export interface OptionFact {
  readonly name: string;
  /** `str`, `int`, `uint`, `size`, `float`, `bool`, `secs`, `addr`… */
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly words?: readonly string[];
  /** The mons do not keep it: it is given to each daemon another way. */
  readonly isElsewhere: boolean;
}

/** What one version of Ceph tells of itself; recorded by `make record-ceph`. */
export interface CephFacts {
  command(prefix: string): readonly ArgumentFact[] | undefined;
  option(name: string): OptionFact | undefined;
}

const ofNewer = once(() => parseFacts(newer));
const ofOlder = once((): CephFacts => {
  const facts = parseFacts(older);
  // Debian's build of it, which is recorded, loads no module
  return { ...facts, option: (name) => (name.startsWith("mgr/") ? ofNewer().option(name) : facts.option(name)) };
});

/** The facts of the recorded version that is nearest to this one. */
export function cephFacts(version: string): CephFacts {
  return Number.parseInt(version, 10) < 19 ? ofOlder() : ofNewer();
}

/** Each line is a fact; what it says is taken apart when it is first asked for. */
function parseFacts(text: string): CephFacts {
  const lines = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [kind = "", name = ""] = line.split("\t", 2);
    if (!lines.has(`${kind} ${name}`)) lines.set(`${kind} ${name}`, line);
  }
  const commands = new Map<string, readonly ArgumentFact[] | undefined>();
  return {
    command: (prefix) => {
      if (!commands.has(prefix)) commands.set(prefix, lines.get(`command ${prefix}`)?.split("\t").slice(2).map(argumentFact));
      return commands.get(prefix);
    },
    option: (name) => {
      const line = lines.get(`option ${name}`);
      return line === undefined ? undefined : optionFact(line);
    },
  };
}

function argumentFact(text: string): ArgumentFact {
  const [name = "", type = "text", ...more] = text.split(" ");
  const given = valuesOf(more);
  const [min, max] = given["range"]?.split("..").map(Number) ?? [];
  return {
    name,
    type: type as ArgumentFact["type"],
    isMany: more.includes("many"),
    isOptional: more.includes("optional"),
    ...(given["words"] === undefined ? {} : { words: given["words"].split(",") }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(given["characters"] === undefined ? {} : { characters: given["characters"] }),
  };
}

function optionFact(line: string): OptionFact {
  const [, name = "", type = "", ...more] = line.split("\t");
  const given = valuesOf(more);
  return {
    name,
    type,
    isElsewhere: more.includes("elsewhere"),
    ...(given["words"] === undefined ? {} : { words: given["words"].split(",") }),
    ...(given["min"] === undefined ? {} : { min: Number(given["min"]) }),
    ...(given["max"] === undefined ? {} : { max: Number(given["max"]) }),
  };
}

/** `{"min": "1"}` of `["min=1", "elsewhere"]`. */
function valuesOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.flatMap((word) => (word.includes("=") ? [[word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]] : [])),
  );
}
