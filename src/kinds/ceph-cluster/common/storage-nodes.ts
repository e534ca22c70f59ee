import { hostnameOf, isSchedulable } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Node } from "../../../kube/kinds.ts";
import type { NormalizedClusterSpec } from "../../../schema/defaults.ts";

/** Which of a node's devices are to become OSDs. */
export interface DeviceSelection {
  /** By name or path; where there are any, nothing else selects. */
  readonly devices: readonly { readonly name?: string; readonly fullpath?: string; readonly deviceClass?: string }[];
  /** Regular expression on kernel names. */
  readonly deviceFilter: string;
  /** Regular expression on device paths and udev's links. */
  readonly devicePathFilter: string;
  readonly useAllDevices: boolean;
  /** CRUSH device class for devices that do not name one; Ceph's own choice where empty. */
  readonly deviceClass: string;
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
