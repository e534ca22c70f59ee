import { poolReasons } from "../../pools/reasons.ts";
import type { Meanings } from "../../resource/meanings.ts";

/** Reasons of a CephBlockPool's conditions, beside those of every kind. */
export const blockPoolReasons = {
  ...poolReasons,
  PoolNameTaken: {
    meaning: "an older CephBlockPool is about the same pool",
    helps: "delete one of the two; the pool stays while one is left",
  },
  ConfiguringStats: {
    meaning: "the pool is to have numbers of its images collected, and no mgr is active to take that setting",
    helps: "–",
  },
  PoolNotEmpty: { meaning: "the pool holds what the message names", helps: "remove it; or see `rook.io/force-deletion`" },
  PoolEmpty: { meaning: "the pool holds nothing that anybody would miss", helps: "–" },
} as const satisfies Meanings;
