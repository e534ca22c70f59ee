import type { Node } from "../../kube/kinds.ts";
import { disksAnnotation } from "../controllers/nodes.ts";

/** What is on a disk. */
export type DiskContent =
  | { readonly type: "empty" }
  | { readonly type: "osd"; readonly fsid: string; readonly uuid: string; readonly id: number }
  /** Somebody else's: a file system, by its name. */
  | { readonly type: "filesystem"; readonly name: string };

export interface SimDisk {
  /** `sdb` */
  readonly name: string;
  readonly sizeGiB: number;
  content: DiskContent;
}

/** Something was written to a disk; `before` is what was on it then. */
export interface DiskWrite {
  readonly node: string;
  readonly disk: string;
  readonly before: DiskContent;
}

/**
 * The disks of all nodes, and what is on them. A disk that its node no longer names is pulled; it
 * keeps what is on it, and comes back with it when it is named again in the same words.
 */
export interface SimDisks {
  on(node: Node): readonly SimDisk[];
  /** Puts an OSD on a disk. */
  write(node: Node, disk: SimDisk, content: DiskContent): void;
  /** Every write so far. */
  writes(): readonly DiskWrite[];
}

/** Reads `sdb sdc:20 sdd=ext4`: names, sizes in GiB (10 unless said), and file systems. */
export function parseDisks(text: string): SimDisk[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      const [, name = word, size, filesystem] = /^([^:=]+)(?::(\d+(?:\.\d+)?))?(?:=(\S+))?$/.exec(word) ?? [];
      return {
        name,
        sizeGiB: size === undefined ? 10 : Number(size),
        content: filesystem === undefined ? { type: "empty" } : { type: "filesystem", name: filesystem },
      };
    });
}

/** The disks that the nodes' annotation names. */
export function createSimDisks(): SimDisks {
  /** By node and by the word that names the disk, also of those that are pulled. */
  const known = new Map<string, SimDisk>();
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
      written.push({ node: node.metadata.name ?? "", disk: disk.name, before: disk.content });
      disk.content = content;
    },
    writes: () => [...written],
  };
}
