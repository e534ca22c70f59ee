import type { Meanings } from "../child/child-kind.ts";

/** Reasons of a CephClient's conditions, beside those of every kind. */
export const clientReasons = {
  SecretTaken: {
    meaning: "the Secret for the key exists and belongs to something else",
    helps: "set `secretName` to another name, or remove that Secret",
  },
} as const satisfies Meanings;
