import { configDump } from "../../../ceph/commands/config.ts";
import { mdsOkToStop } from "../../../ceph/commands/mds.ts";
import { done, type StepOutcome, waiting } from "../../../resource/outcome.ts";
import { CephFilesystem, mdsNamesOf, nameOf, ranksOf } from "../ceph-filesystem.ts";
import { hasSettled } from "../decide-settings.ts";
import type { Pass, View } from "../look.ts";
import type { FilesystemReason } from "../reasons.ts";
import { mdssLeft, removeMds } from "../remove-mdss.ts";

/**
 * Ends MDSs that are no longer asked for: not before all that are run, and the ranks that are too many have handed over what they had. Those
 * that stand by go at once; one that has a rank when Ceph says that another can take it.
 */
export async function surplus(pass: Pass, view: View): Promise<StepOutcome<FilesystemReason>> {
  const { ceph, object, deps } = pass;
  const config = await configDump(ceph);
  const wanted = mdsNamesOf(object);
  const left = (await mdssLeft(pass, config)).filter((mds) => !wanted.includes(mds) && !view.leftAlone.has(mds));
  if (left.length === 0) return done;
  const wait = (why: string) =>
    waiting<FilesystemReason>(
      "ScalingMDSs",
      `Ending MDSs of ${nameOf(object)} that are no longer asked for: ${left.join(", ")}; ${why}`,
      2000,
    );
  const away = view.mdss.find(({ isBack, name }) => !isBack && !view.leftAlone.has(name));
  if (away !== undefined) return wait(`${away.name} is to run first`);
  const mdsmap = view.filesystem?.mdsmap;
  if (mdsmap !== undefined && (mdsmap.max_mds > ranksOf(object) || !hasSettled(mdsmap, ranksOf(object))))
    return wait("their ranks are to hand over what they have first");
  // the cache may not know yet that they are asked for again
  const now = await deps.live.get(CephFilesystem, { namespace: pass.namespace, name: pass.name });
  if (now?.metadata.generation !== object.metadata.generation) return wait("the CephFilesystem has changed");

  const ranked = new Set(Object.values(mdsmap?.info ?? {}).flatMap(({ name, state }) => (state === "up:active" ? [name] : [])));
  for (const mds of left.filter((each) => !ranked.has(each))) await removeMds(pass, mds, config);
  const [first] = left.filter((each) => ranked.has(each));
  if (first !== undefined) {
    const verdict = await mdsOkToStop(ceph, [first]);
    if (!verdict.ok) return wait(`${first} still has a rank, and Ceph says: ${verdict.why}`);
    await removeMds(pass, first, config);
  }
  return wait("they are on their way");
}
