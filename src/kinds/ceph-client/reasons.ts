import type { Meanings } from "../../resource/meanings.ts";

/** Reasons of a CephClient's conditions, beside those of every kind. */
export const clientReasons = {
  UserTaken: {
    meaning: "an older CephClient is about the same user",
    helps: "delete one of the two; the user stays while one is left",
  },
  KeyTypeRefused: {
    meaning: "Ceph makes or accepts no key of the type that is asked for",
    helps: "set `security.cephx.keyType` to another; the message says how Ceph is told to accept it",
  },
  SecretTaken: {
    meaning: "the Secret for the key exists and belongs to something else",
    helps: "set `secretName` to another name, or remove that Secret",
  },
} as const satisfies Meanings;
