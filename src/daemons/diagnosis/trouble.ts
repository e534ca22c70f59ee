import { timeOfDay } from "../pod/pods.ts";

/** Something that is wanted and does not run: what becomes of it instead, since when, in whose words, and what helps. */
export interface Trouble {
  /** What follows the object's name: `cannot be scheduled`. */
  readonly what: string;
  /** Milliseconds since 1970, from the world; undefined where it does not tell. */
  readonly since: number | undefined;
  /** Why, in the words of Kubernetes, Ceph or the container. */
  readonly detail?: string | undefined;
  /** What a person can do. */
  readonly help: string;
}

/** An object that is wanted, such as `mon a on node1`, and its trouble. */
export interface Troubled {
  readonly object: string;
  readonly trouble: Trouble;
}

/** The longest detail: a status is to be read, and has more to say. */
const longestDetail = 240;
const dayMs = 86_400_000;

/** `cannot be scheduled since 12:04:31Z: 0/3 nodes are available: 3 Insufficient memory; free memory on a node`. */
export function sayTrouble({ what, since, detail, help }: Trouble, now?: number): string {
  return `${what}${since === undefined ? "" : ` since ${sayTime(since, now)}`}${sayDetail(detail)}; ${help}`;
}

/** The same without a time and what helps: `keeps ending: exit code 1`. */
export function sayShortly({ what, detail }: Pick<Trouble, "what" | "detail">): string {
  return `${what}${sayDetail(detail)}`;
}

/**
 * One sentence for each trouble: objects with the same one are named together, with the earliest time. At most `most` sentences, and then how
 * many are left.
 */
export function sayTroubles(troubled: readonly Troubled[], now: number, most = 3): string[] {
  const groups = new Map<string, Troubled[]>();
  for (const each of troubled) {
    const id = JSON.stringify([each.trouble.what, each.trouble.detail, each.trouble.help]);
    groups.set(id, [...(groups.get(id) ?? []), each]);
  }
  const sentences = [...groups.values()].map((group) => {
    const [first] = group;
    const times = group.flatMap(({ trouble }) => trouble.since ?? []);
    const since = times.length === 0 ? undefined : Math.min(...times);
    if (first === undefined) return "";
    const others = group.slice(1).map(({ object }) => object);
    return `${first.object}${others.length === 0 ? "" : ` (also ${sayObjects(others)})`} ${sayTrouble({ ...first.trouble, since }, now)}`;
  });
  return sentences.length <= most ? sentences : [...sentences.slice(0, most), `and ${sentences.length - most} more`];
}

/** `a`, `a and b`, `a, b and c`, `a, b, c and 7 more`. */
export function sayObjects(objects: readonly string[]): string {
  if (objects.length <= 1) return objects.join("");
  const named = objects.length > 4 ? objects.slice(0, 3) : objects.slice(0, -1);
  const last = objects.length > 4 ? `${objects.length - 3} more` : (objects.at(-1) ?? "");
  return `${named.join(", ")} and ${last}`;
}

/** The time of day; with the day, where it is not within the last 24 hours. */
export function sayTime(at: number, now: number = at): string {
  return now - at < dayMs ? timeOfDay(at) : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function sayDetail(detail: string | undefined): string {
  const text = (detail ?? "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.;]+$/, "");
  if (text === "") return "";
  return `: ${text.length <= longestDetail ? text : `${text.slice(0, longestDetail - 1)}…`}`;
}
