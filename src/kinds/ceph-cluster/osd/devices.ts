import { hostnameOf, isSchedulable } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Job, Node, Pod } from "../../../kube/kinds.ts";
import type { NormalizedClusterSpec } from "../../../schema/defaults.ts";
import type { DeviceSelection } from "./prepare-job.ts";

/** What a prepare Job found on its node. */
export interface Findings {
  readonly osds: readonly { readonly id: number; readonly uuid: string; readonly device: string; readonly deviceClass: string }[];
  readonly refused: readonly { readonly device: string; readonly reason: string }[];
  /** Refused devices that found no room in the answer. */
  readonly more: number;
  /** When it looked, in milliseconds since 1970. */
  readonly at: number;
}

/** A node whose devices the spec selects from. */
export interface StorageNode {
  readonly node: Node;
  readonly hostname: string;
  readonly selection: DeviceSelection;
}

/** The nodes that the spec takes devices from; the names it gives that no node has; and those that take no Pods now. */
export function storageNodes(
  storage: NormalizedClusterSpec["storage"],
  nodes: readonly Node[],
  placement: Parameters<typeof isSchedulable>[1],
): { nodes: StorageNode[]; unknown: string[]; unusable: string[] } {
  const common: DeviceSelection = {
    devices: storage.devices,
    deviceFilter: storage.deviceFilter,
    devicePathFilter: storage.devicePathFilter,
    useAllDevices: storage.useAllDevices,
    deviceClass: storage.config["deviceClass"] ?? "",
  };
  if (storage.useAllNodes) {
    const usable = nodes.filter((node) => isSchedulable(node, placement));
    return {
      nodes: usable
        .map((node) => ({ node, hostname: hostnameOf(node), selection: common }))
        .sort((a, b) => (a.hostname < b.hostname ? -1 : 1)),
      unknown: [],
      unusable: [],
    };
  }
  const unknown: string[] = [];
  const unusable: string[] = [];
  const found = storage.nodes.flatMap((wanted): StorageNode[] => {
    const node = nodes.find((n) => hostnameOf(n) === wanted.name);
    if (node === undefined) {
      unknown.push(wanted.name);
      return [];
    }
    if (!storage.scheduleAlways && !isSchedulable(node, placement)) {
      unusable.push(wanted.name);
      return [];
    }
    // what a node says about its devices replaces what is said for all of them
    const own =
      wanted.devices.length > 0 || wanted.deviceFilter !== "" || wanted.devicePathFilter !== "" || wanted.useAllDevices !== undefined;
    const deviceClass = wanted.config["deviceClass"] ?? common.deviceClass;
    const selection = own
      ? {
          devices: wanted.devices,
          deviceFilter: wanted.deviceFilter,
          devicePathFilter: wanted.devicePathFilter,
          useAllDevices: wanted.useAllDevices === true,
          deviceClass,
        }
      : { ...common, deviceClass };
    return [{ node, hostname: wanted.name, selection }];
  });
  return { nodes: found, unknown, unusable };
}

/** Whether the selection can take any device at all. */
export function selectsAnything(selection: DeviceSelection): boolean {
  return selection.devices.length > 0 || selection.deviceFilter !== "" || selection.devicePathFilter !== "" || selection.useAllDevices;
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

/** Reads `{"osds": [[id, uuid, device, class]], "refused": [[device, reason]], "more": n}`. */
export function parseFindings(text: string): Omit<Findings, "at"> | undefined {
  try {
    const raw = JSON.parse(text) as { osds: [number, string, string, string][]; refused: [string, string][]; more?: number };
    return {
      osds: raw.osds.map(([id, uuid, device, deviceClass]) => ({ id, uuid, device, deviceClass })),
      refused: raw.refused.map(([device, reason]) => ({ device, reason })),
      more: raw.more ?? 0,
    };
  } catch {
    return undefined;
  }
}
