import type { Ceph } from "../ceph.ts";
import { CephError, isCephError } from "../ceph-error.ts";

/** Where an object is, and who serves it. */
export interface ObjectPlace {
  readonly pgid: string;
  /** -1: nobody. */
  readonly acting_primary: number;
}

/** `osd map`: which OSD serves an object, be it there or not. */
export function objectPlace(ceph: Ceph, pool: string, object: string): Promise<ObjectPlace> {
  return ceph.command({ prefix: "osd map", pool, object });
}

/**
 * The keys of an object's omap; undefined where there is no such object. The mons know nothing of objects: the OSD that
 * serves it is asked, by the command that Ceph's own tests look with (`tell osd.N getomap`, in every version from 12 to 20). Of a replicated
 * pool only: an erasure coded one has no omaps. Throws `CephError`: also `EAGAIN` where no OSD serves the object's PG now.
 */
export async function omapKeys(ceph: Ceph, pool: string, object: string): Promise<readonly string[] | undefined> {
  const { acting_primary: primary, pgid } = await objectPlace(ceph, pool, object);
  if (primary < 0) throw new CephError("EAGAIN", "osd map", `no OSD serves placement group ${pgid}`);
  const answer = await ask(ceph, primary, pool, object);
  if (/^error=-2\b/.test(answer)) return undefined;
  if (!answer.startsWith("header=")) throw new CephError("EIO", "getomap", `osd.${primary} says ${answer.slice(0, 80)}`);
  // values are bytes of any kind; a key has none of its own form in it
  return [...answer.matchAll(/ key=(.*?) val=/gs)].map(([, key = ""]) => key);
}

async function ask(ceph: Ceph, osd: number, pool: string, object: string): Promise<string> {
  try {
    return await ceph.command<string>({ prefix: "getomap", pool, objname: object, format: "plain" }, { target: `osd.${osd}` });
  } catch (error) {
    // the collection is elsewhere by now, or the OSD has just gone
    if (isCephError(error, "ENOENT", "EUNKNOWN")) throw new CephError("EAGAIN", "getomap", error.message, { cause: error });
    throw error;
  }
}
