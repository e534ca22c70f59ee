import type { Job, Pod } from "../../../kube/kinds.ts";
import { type DeviceRefusal, readRefusal } from "./device-refusal.ts";

/** What a prepare Job found on its node. */
export interface Findings {
  readonly osds: readonly { readonly id: number; readonly uuid: string; readonly device: string; readonly deviceClass: string }[];
  readonly refused: readonly { readonly device: string; readonly refusal: DeviceRefusal }[];
  /** Refused devices that found no room in the answer. */
  readonly more: number;
  /** When it looked, in milliseconds since 1970. */
  readonly at: number;
}

/** What a prepare Job was asked, as it stands in its container. */
export function askedOf(job: Job): string | undefined {
  return job.spec?.template.spec?.containers[0]?.env?.find((e) => e.name === "WANTED")?.value;
}

/** The answer of the Job's Pod; undefined while there is none, or where it was lost. */
export function findingsOf(job: Job, pods: readonly Pod[]): Findings | undefined {
  for (const pod of pods) {
    if (!pod.metadata.ownerReferences?.some((owner) => owner.uid === job.metadata.uid)) continue;
    const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
    if (ended?.exitCode !== 0) continue;
    const parsed = parseFindings(ended.message ?? "");
    if (parsed !== undefined) return { ...parsed, at: Date.parse(ended.finishedAt ?? "") || 0 };
  }
  return undefined;
}

/** Reads `{"osds": [[id, uuid, device, class]], "refused": [[device, code, arguments…]], "more": n}`; undefined where it is anything else. */
export function parseFindings(text: string): Omit<Findings, "at"> | undefined {
  try {
    const raw = JSON.parse(text) as { osds: [number, string, string, string][]; refused: [string, string, ...string[]][]; more?: number };
    const refused = raw.refused.flatMap(([device, code, ...given]) => {
      const refusal = readRefusal(code, given);
      return refusal === undefined ? [] : [{ device, refusal }];
    });
    // an older script answered in words: it looks again
    if (refused.length < raw.refused.length) return undefined;
    return {
      osds: raw.osds.map(([id, uuid, device, deviceClass]) => ({ id, uuid, device, deviceClass })),
      refused,
      more: raw.more ?? 0,
    };
  } catch {
    return undefined;
  }
}
