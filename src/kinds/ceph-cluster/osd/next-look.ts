import { createHash } from "node:crypto";
import type { Job, Node } from "../../../kube/kinds.ts";
import { type DeviceSelection } from "../common/storage-nodes.ts";
import type { Findings } from "./findings.ts";
import { bootIdAnnotation } from "./prepare-job.ts";

/** Milliseconds after which a device that was asked for by name and refused is looked at again. */
export const refusedAgainMs = 600_000;

/**
 * Whether it is time to look at a node's devices again: where any device may be wanted, after a while, since nobody tells of new disks, and
 * when the machine has started anew; where devices are named, only while some of them could not be used.
 */
export function isLookDue(input: {
  readonly node: Node;
  readonly selection: DeviceSelection;
  readonly job: Job;
  readonly findings: Findings;
  /** Milliseconds between two looks; 0: no look for its age. */
  readonly intervalMs: number;
  readonly now: number;
}): boolean {
  const { node, selection, job, findings, intervalMs, now } = input;
  const age = now - findings.at;
  if (selection.devices.length > 0) return findings.refused.length > 0 && age > refusedAgainMs;
  const [before, bootId] = [job.metadata.annotations?.[bootIdAnnotation], node.status?.nodeInfo?.bootID];
  if (before !== undefined && bootId && before !== bootId) return true;
  return intervalMs > 0 && age >= intervalMs * (1 + spread(node.metadata.name ?? ""));
}

/** 0 to 0.25, always the same for a node: nodes that were looked at together are not looked at together again. */
function spread(name: string): number {
  return createHash("sha256").update(name).digest().readUInt16BE(0) / 65_536 / 4;
}

/** How many nodes are looked at again at the same time. */
export function looksAtATime(nodes: number): number {
  return Math.max(1, Math.ceil(nodes / 20));
}
