import type { Ceph } from "../../ceph/ceph.ts";
import { isCephError } from "../../ceph/ceph-error.ts";
import type { CephStatus } from "../../ceph/commands/cluster.ts";
import { omapKeys } from "../../ceph/commands/object.ts";
import { type PoolDetail, poolUsage } from "../../ceph/commands/pool.ts";
import { hasFlag } from "../../pools/plan-settings.ts";
import type { Dependents } from "../../resource/dependents.ts";
import { whyUncounted } from "./why-uncounted.ts";

/** Objects by which RBD and its CSI driver keep their books: they are there in a pool whose last image is gone, too. */
const books: readonly string[] = [
  ...["rbd_directory", "rbd_info", "rbd_trash", "rbd_children", "rbd_namespace", "rbd_task", "rbd_group_directory"],
  ...["rbd_trash_purge_schedule", "rbd_mirroring", "rbd_mirror_leader", "rbd_mirror_snapshot_schedule"],
  ...["csi.volumes.default", "csi.snaps.default", "csi.groups.default"],
];

/** More than RBD's book takes in an erasure coded pool, which is one stripe; in bytes. */
const bookBytes = 65_536;

/**
 * What is in a pool that somebody could miss: RBD images, those in the trash, RADOS namespaces, and all other objects. Empty: nothing is.
 * Images are read from where RBD lists them, so that one made a moment ago counts; other objects are as the mgr last counted them, some
 * seconds ago. What cannot be read, as no OSD serves it, counts, and so does what the mgr cannot have counted.
 */
export async function poolContents(pass: { readonly ceph: Ceph; readonly status: CephStatus }, pool: PoolDetail): Promise<Dependents[]> {
  const { ceph } = pass;
  const name = pool.pool_name;
  const usage = (await poolUsage(ceph)).find(({ id }) => id === (pool.pool_id ?? pool.pool));
  const { objects, stored } = usage?.stats ?? { objects: 0, stored: 0 };
  const why = await whyUncounted(pass, pool, usage);
  /** Those beside the books. */
  const others = (left: number) =>
    why === undefined || left > 0 ? named("objects", Math.max(0, left), []) : named(`objects that cannot be told yet, since ${why}`, 1, []);
  if (pool.type === 3) return others(objects - (why === undefined && hasOnlyItsBook(pool, objects, stored) ? 1 : 0));
  const found = new Map<string, readonly string[]>();
  // the lists of images come first; the other books only count, and only where there is something to count
  try {
    for (const book of objects > 0 ? books : books.slice(0, 5)) {
      const keys = await omapKeys(ceph, name, book);
      if (keys !== undefined) found.set(book, keys);
    }
  } catch (error) {
    if (!isCephError(error, "EAGAIN")) throw error;
    // a pool that never served anybody has nothing in it
    return why === undefined && objects === 0 && hasFlag(pool, "creating")
      ? []
      : named("objects that no OSD serves", Math.max(1, objects), []);
  }
  const listed = (book: string, prefix: string) =>
    (found.get(book) ?? []).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const lists = [
    ...namesOf("images", listed("rbd_directory", "name_")),
    ...namesOf("images in the trash", listed("rbd_trash", "id_")),
    ...namesOf("RADOS namespaces", listed("rbd_namespace", "name_")),
  ];
  return lists.length > 0 ? lists : others(objects - found.size);
}

/**
 * An erasure coded pool has data of images that another pool lists, and one small object, `rbd_info`, that RBD puts there before the first
 * of them and leaves behind. It cannot be asked for by its name, as it has no omap.
 */
function hasOnlyItsBook({ application_metadata }: PoolDetail, objects: number, stored: number): boolean {
  return objects === 1 && stored <= bookBytes && application_metadata["rbd"] !== undefined;
}

const namesOf = (what: string, names: readonly string[]) => named(what, names.length, names);

function named(what: string, count: number, names: readonly string[]): Dependents[] {
  return count === 0 ? [] : [{ what, count, names }];
}
