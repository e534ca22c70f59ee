import { readFileSync } from "node:fs";

/** A row of docs/why-not.md. */
export interface Row {
  readonly cause: string;
  /** The reason of the condition, or the event. */
  readonly reason: string;
  /** With placeholders such as `<time>`. */
  readonly message: string;
}

/** Every row of every table of docs/why-not.md. */
export function whyNotRows(): Row[] {
  const page = readFileSync(new URL("../../docs/why-not.md", import.meta.url), "utf8");
  return page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (---|cause )/.test(line))
    .map((line) => {
      const [, cause = "", told = "", message = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
      return { cause, reason: /([A-Za-z]+)$/.exec(told)?.[1] ?? "", message: message.replace(/^`|`$/g, "") };
    });
}

const time = "(?:\\d{4}-\\d\\d-\\d\\dT)?\\d\\d:\\d\\d:\\d\\dZ";

/** Placeholders for more than one word. */
const wordy: ReadonlySet<string> = new Set(["words", "quota", "others", "partitions", "file system", "error", "names", "images", "time"]);

/** What a message's placeholders stand for in what was said; undefined where it was not said. */
export function find({ message }: Row, said: string): Record<string, string> | undefined {
  const known = new Set<string>();
  const pattern = message
    .split(/(<[a-z ]+>)/)
    .map((part) => {
      const name = /^<([a-z ]+)>$/.exec(part)?.[1];
      if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      if (name === "time" && known.has(name)) return time;
      const group = name.replaceAll(" ", "_");
      const isRepeated = known.has(name);
      known.add(name);
      const what = name === "time" ? time : wordy.has(name) ? ".+?" : "\\S+?";
      return isRepeated ? `\\k<${group}>` : `(?<${group}>${what})`;
    })
    .join("");
  const found = new RegExp(`(?:^|[;:] |said: )${pattern}(?=$|;|\\.|,)`).exec(said);
  return found === null ? undefined : Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, value]));
}
