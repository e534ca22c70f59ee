import { isCovered } from "../../kube/is-covered.ts";
import type { Deployment } from "../../kube/kinds.ts";

/** What of a Deployment is not as wanted: all of it, its Pod's template, or only labels and the like, which stop nothing. */
export type Lack = "deployment" | "template" | "labels" | "nothing";

/** Compares a daemon's Deployment with the wanted one. */
export function lackOf(wanted: Deployment, found: Deployment | undefined): Lack {
  if (found === undefined) return "deployment";
  if (isCovered(wanted, found)) return "nothing";
  return isCovered({ ...wanted, metadata: { ...found.metadata } }, found) ? "labels" : "template";
}
