import { createHash } from "node:crypto";
import { CephError } from "../ceph/ceph-error.ts";
import type { Node } from "../kube/kinds.ts";
import type { SimDisk, SimDisks } from "./sim-disks.ts";

/** What a prepare Job is asked, in its variable WANTED. */
interface Wanted {
  readonly fsid: string;
  readonly node: string;
  readonly devices: readonly { readonly name?: string; readonly fullpath?: string; readonly deviceClass?: string }[];
  readonly deviceFilter: string;
  readonly devicePathFilter: string;
  readonly useAllDevices: boolean;
  readonly deviceClass: string;
  /** OSDs of other clusters are wiped, but for those of these. */
  readonly wipeOthersBut?: readonly string[];
}

/** Ceph's part of making an OSD: its id for this uuid. */
export type OsdNew = (uuid: string, options: { readonly fsid: string; readonly deviceClass?: string }) => number;

/**
 * Does on simulated disks what prepare-osds.py does on real ones, by the same rules and with the same codes, as far as
 * these disks go: OSDs of this cluster are told, empty disks that are wanted become OSDs, everything else is refused.
 */
export function prepareDisks(
  text: string,
  node: Node,
  disks: SimDisks,
  osdNew: OsdNew,
): { readonly exitCode: number; readonly message: string } {
  const wanted = JSON.parse(text) as Wanted;
  const all = disks.on(node);
  const osds: [number, string, string, string][] = [];
  const refused: (readonly string[])[] = [];
  const seen = new Set<SimDisk>();
  for (const { path, disk, deviceClass } of selected(wanted, all)) {
    if (disk === undefined) {
      refused.push([path, "absent"]);
      continue;
    }
    seen.add(disk);
    const { content } = disk;
    const isForeign = content.type === "osd" && content.fsid !== wanted.fsid;
    if (isForeign && wanted.wipeOthersBut?.includes(content.fsid) === false) disks.write(node, disk, { type: "empty" });
    const why = refusal(disk, wanted);
    if (disk.content.type === "osd" && disk.content.fsid === wanted.fsid) osds.push([disk.content.id, disk.content.uuid, path, ""]);
    else if (why !== undefined) refused.push([path, ...why]);
    else {
      const uuid = freeUuid(wanted, disk, new Set(osds.map(([, taken]) => taken)));
      try {
        const id = osdNew(uuid, { fsid: wanted.fsid, ...(deviceClass ? { deviceClass } : {}) });
        disks.write(node, disk, { type: "osd", fsid: wanted.fsid, uuid, id });
        osds.push([id, uuid, path, deviceClass]);
      } catch (error) {
        if (!(error instanceof CephError)) throw error;
        return { exitCode: 1, message: `osd new: ${error.message}` };
      }
    }
  }
  for (const disk of all)
    if (!seen.has(disk) && disk.content.type === "osd" && disk.content.fsid === wanted.fsid)
      osds.push([disk.content.id, disk.content.uuid, `/dev/${disk.name}`, ""]);
  return { exitCode: 0, message: JSON.stringify({ osds, refused, more: 0 }) };
}

interface Selected {
  readonly path: string;
  readonly disk: SimDisk | undefined;
  readonly deviceClass: string;
}

function selected(wanted: Wanted, all: readonly SimDisk[]): Selected[] {
  if (wanted.devices.length > 0)
    return wanted.devices.map(({ name, fullpath, deviceClass }) => {
      const given = fullpath ?? name ?? "";
      const short = given.replace(/^\/dev\//, "");
      const disk = all.find((each) => each.name === short);
      return { path: disk === undefined ? given : `/dev/${disk.name}`, disk, deviceClass: deviceClass ?? wanted.deviceClass };
    });
  return all
    .filter(({ name }) => {
      if (wanted.deviceFilter !== "") return new RegExp(wanted.deviceFilter, "u").test(name);
      if (wanted.devicePathFilter !== "") return new RegExp(wanted.devicePathFilter, "u").test(`/dev/${name}`);
      return wanted.useAllDevices;
    })
    .map((disk) => ({ path: `/dev/${disk.name}`, disk, deviceClass: wanted.deviceClass }));
}

/** A code and its arguments; undefined for a disk that may be used, or is used already. */
function refusal({ name, content, sizeGiB }: SimDisk, { fsid, devices }: Wanted): readonly string[] | undefined {
  if (content.type === "osd" && content.fsid !== fsid) return ["foreign", content.fsid];
  if (name.startsWith("loop") && devices.length === 0) return ["loop"];
  if (content.type === "filesystem") return ["fileSystem", content.name];
  if (content.type === "obstacle") return content.why;
  return sizeGiB < 5 ? ["tooSmall", sizeGiB.toFixed(1)] : undefined;
}

function freeUuid({ fsid, node }: Wanted, disk: SimDisk, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt += 1) {
    const uuid = nameUuid(fsid, `${node}/${disk.name}/${attempt}`);
    if (!taken.has(uuid)) return uuid;
  }
}

/** The UUID that follows from a name within a namespace (RFC 9562, version 5). */
function nameUuid(namespace: string, name: string): string {
  const bytes = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
