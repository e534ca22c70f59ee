import type { Node } from "../kube/kinds.ts";
import { disksAnnotation } from "../simkube/controllers/nodes.ts";

/** What is on a disk. */
export type DiskContent =
  | { readonly type: "empty" }
  | { readonly type: "osd"; readonly fsid: string; readonly uuid: string; readonly id: number }
  /** Somebody else's: a file system, by its name. */
  | { readonly type: "filesystem"; readonly name: string }
  /** Anything else that keeps an OSD from it: the words of the preparing script. */
  | { readonly type: "obstacle"; readonly why: string };

/** What stands after `=!`: words of cluster/scripts/prepare-osds.py. */
const obstacles: Readonly<Record<string, string>> = {
  table: "has a partition table (gpt)",
  partitions: "has partitions (sdc1, sdc2)",
  lvm: "is an LVM logical volume, which is not supported yet",
  pv: "has a signature of LVM2_member",
  mpath: "is a device of type mpath_member",
  held: "is held by dm-0",
  mounted: "is mounted at /data",
  busy: "is in use by another process of the node",
  "read-only": "is read-only",
  unfinished: "has a BlueStore label without a cluster's fsid, left by an OSD that was never finished",
  broken: "could not be looked at: [Errno 5] Input/output error",
  aio: "could not be made an OSD: bdev(/dev/sdc) _aio_start io_setup(2) failed with EAGAIN; try increasing /proc/sys/fs/aio-max-nr",
};

export interface SimDisk {
  /** `sdb` */
  readonly name: string;
  readonly sizeGiB: number;
  content: DiskContent;
}

/** Something was written to a disk: what was on it then, and what is on it since. */
export interface DiskWrite {
  readonly node: string;
  readonly disk: string;
  readonly before: DiskContent;
  readonly after: DiskContent;
}

/**
 * The disks of all nodes, and what is on them. A disk that its node no longer names is pulled; it
 * keeps what is on it, and comes back with it when it is named again in the same words.
 */
export interface SimDisks {
  on(node: Node): readonly SimDisk[];
  /** Puts an OSD on a disk, or wipes it. */
  write(node: Node, disk: SimDisk, content: DiskContent): void;
  /** Every write so far. */
  writes(): readonly DiskWrite[];
  /** What is on all disks, to begin others with. */
  save(): SimDisksState;
}

/** Disks by node and by the word that names them. */
export type SimDisksState = ReadonlyMap<string, SimDisk>;

/** Reads `sdb sdc:20 sdd=ext4 sde=!mounted`: names, sizes in GiB (10 unless said), file systems, and other obstacles (see `obstacles`). */
export function parseDisks(text: string): SimDisk[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const [, name = word, size, filesystem] = /^([^:=]+)(?::(\d+(?:\.\d+)?))?(?:=(\S+))?$/.exec(word) ?? [];
      return {
        name,
        sizeGiB: size === undefined ? 10 : Number(size),
        content: contentOf(filesystem),
      };
    });
}

function contentOf(word: string | undefined): DiskContent {
  if (word === undefined) return { type: "empty" };
  if (!word.startsWith("!")) return { type: "filesystem", name: word };
  const [, fsid] = /^!osd-of-(.+)$/.exec(word) ?? [];
  if (fsid !== undefined) return { type: "osd", fsid, uuid: fsid, id: 0 };
  const why = obstacles[word.slice(1)];
  if (why === undefined) throw new Error(`a simulated disk cannot be ${word}; known are ${Object.keys(obstacles).join(", ")}`);
  return { type: "obstacle", why };
}

/** The disks that the nodes' annotation names. */
export function createSimDisks(from?: SimDisksState): SimDisks {
  /** By node and by the word that names the disk, also of those that are pulled. */
  const known = new Map<string, SimDisk>(structuredClone(from) ?? []);
  const written: DiskWrite[] = [];
  return {
    on: (node) =>
      (node.metadata.annotations?.[disksAnnotation] ?? "")
        .split(/\s+/)
        .filter(Boolean)
        .flatMap((word) => {
          const id = `${node.metadata.name ?? ""} ${word}`;
          const [disk] = known.has(id) ? [known.get(id)] : parseDisks(word);
          if (disk === undefined) return [];
          known.set(id, disk);
          return [disk];
        }),
    write(node, disk, content) {
      written.push({ node: node.metadata.name ?? "", disk: disk.name, before: disk.content, after: content });
      disk.content = content;
    },
    writes: () => [...written],
    save: () => structuredClone(known),
  };
}
