/** What a reason or an event tells, by its name; docs/kinds.md is written from it. */
export type Meanings = Readonly<Record<string, Meaning>>;

/** The same of events. */
export type EventMeanings = Readonly<Record<string, Meaning & { readonly type: "Normal" | "Warning" }>>;

interface Meaning {
  readonly meaning: string;
  /** What a user does about it; a dash where nothing has to be done. */
  readonly helps: string;
}
