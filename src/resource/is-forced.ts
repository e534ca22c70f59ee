import type { KubeObject } from "../kube/object.ts";

/** Rook's annotation: with the value `true`, what is deleted goes with all that is in it. */
export const forceDeletion = "rook.io/force-deletion";

/** Whether the object's user has said that it goes with all that is in it. */
export function isForced({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[forceDeletion] === "true";
}
