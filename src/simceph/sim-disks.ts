import type { Node } from "../kube/kinds.ts";
import { disksAnnotation } from "../simkube/controllers/nodes.ts";

/** What is on a disk. */
export type DiskContent =
  | { readonly type: "empty" }
  | { readonly type: "osd"; readonly fsid: string; readonly uuid: string; readonly id: number }
  /** Somebody else's: a file system, by its name. */
  | { readonly type: "filesystem"; readonly name: string }
  /** Anything else that keeps an OSD from it: a code of the preparing script and its arguments. */
  | { readonly type: "obstacle"; readonly why: readonly string[] };

/** What stands after `=!`: codes of prepare-osds.py with their arguments. */
const obstacles: Readonly<Record<string, readonly string[]>> = {
  table: ["partitionTable", "gpt"],
  partitions: ["partitions", "sdc1, sdc2"],
  lvm: ["lvm"],
  pv: ["signature", "LVM2_member"],
  mpath: ["type", "mpath_member"],
  held: ["held", "dm-0"],
  mounted: ["mounted", "/data"],
  busy: ["inUse"],
  "read-only": ["readOnly"],
  unfinished: ["unfinished"],
  broken: ["unreadable", "[Errno 5] Input/output error"],
  aio: ["mkfsFailed", "1", "bdev(/dev/sdc) _aio_start io_setup(2) failed with EAGAIN; try increasing /proc/sys/fs/aio-max-nr"],
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
