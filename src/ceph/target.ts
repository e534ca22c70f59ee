import type { CephCommandOptions } from "./ceph.ts";

/** Who answers a command, taken apart. */
export type CephTarget =
  | { readonly type: "mon" }
  | { readonly type: "namedMon"; readonly name: string }
  | { readonly type: "mgr" }
  | { readonly type: "osd"; readonly id: number };

/** Takes `mon`, `mgr`, `osd.3` or `mon.a` apart; absent is `mon`. */
export function parseTarget(target: CephCommandOptions["target"] = "mon"): CephTarget {
  if (target === "mon" || target === "mgr") return { type: target };
  return target.startsWith("mon.")
    ? { type: "namedMon", name: target.slice("mon.".length) }
    : { type: "osd", id: Number(target.slice("osd.".length)) };
}
