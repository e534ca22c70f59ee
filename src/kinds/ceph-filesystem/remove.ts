import { isCephError } from "../../ceph/ceph-error.ts";
import { configDump } from "../../ceph/commands/config.ts";
import { type Filesystem, failFilesystem, filesystemIn, fsDump, removeFilesystem } from "../../ceph/commands/fs.ts";
import { poolDetails } from "../../ceph/commands/pool.ts";
import { isKubeError } from "../../kube/kube-error.ts";
import { defineKind, type KubeObject } from "../../kube/object.ts";
import { removePool } from "../../pools/remove-pool.ts";
import type { ChildReason, Dependents } from "../../resource/child-kind.ts";
import { forceDeletion, isForced } from "../../resource/is-forced.ts";
import { blocked, done, type StepOutcome, waiting } from "../../resource/outcome.ts";
import { nameOf } from "./ceph-filesystem.ts";
import { isAsSeen } from "./is-as-seen.ts";
import { look, type Pass } from "./look.ts";
import { outlives } from "./outlives.ts";
import { poolsToRemove } from "./own-pools.ts";
import type { FilesystemReason } from "./reasons.ts";
import { isBeingRemoved, markRemoval } from "./removal-mark.ts";
import { mdssLeft, removeMds } from "./remove-mdss.ts";
import { mdss } from "./steps/mdss.ts";
import { subvolumesOf } from "./subvolumes.ts";

type Outcome = StepOutcome<ChildReason<FilesystemReason>>;

/** As much of that kind as is looked at here: kinds do not know each other. */
const SubvolumeGroup = defineKind<KubeObject & { spec: { filesystemName: string } }>({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephFilesystemSubVolumeGroup",
  plural: "cephfilesystemsubvolumegroups",
  namespaced: true,
});

/** What is in the file system that somebody could miss: groups with an object of their own, and subvolumes unless they may go with it. */
export async function filesystemDependents(pass: Pass): Promise<readonly Dependents[]> {
  const groups = await groupObjects(pass);
  const filesystem = filesystemIn(await fsDump(pass.ceph), nameOf(pass.object));
  const isKept = outlives(pass.object);
  const isAsked = filesystem !== undefined && !isKept && !(await mayGo(pass, filesystem));
  const inside = isAsked ? await subvolumesOf(pass, filesystem) : undefined;
  return [
    ...(groups.length === 0 ? [] : [{ what: SubvolumeGroup.kind, count: groups.length, names: groups }]),
    ...(inside?.state === "known" ? inside.found : []),
  ];
}

/** Whether nobody needs to be asked what is in it: its user has said that all of it may go, or it has been asked. */
async function mayGo(pass: Pass, filesystem: Filesystem): Promise<boolean> {
  return isForced(pass.object) || (await isBeingRemoved(pass, filesystem));
}

async function groupObjects({ deps, namespace, name }: Pass): Promise<string[]> {
  try {
    const all = await deps.live.list(SubvolumeGroup, { namespace });
    return all.filter(({ spec }) => spec.filesystemName === name).map(({ metadata }) => metadata.name ?? "");
  } catch (error) {
    // a cluster without that kind has none of them
    if (isKubeError(error, "notFound")) return [];
    throw error;
  }
}

/**
 * Takes the file system out of Ceph with its pools, as far as the spec lets them go, and ends its MDSs. A file system that is to stay is only
 * left without MDSs: the next CephFilesystem of its name serves it again.
 */
export async function removeFilesystemOf(pass: Pass): Promise<Outcome> {
  const { ceph, object } = pass;
  const name = nameOf(object);
  const isKept = outlives(object);
  const filesystem = filesystemIn(await fsDump(ceph), name);
  if (filesystem !== undefined && !isKept) {
    if (!(await mayGo(pass, filesystem))) {
      const inside = await subvolumesOf(pass, filesystem);
      if (inside.state === "unknown") return unknown(pass, inside.why);
      if (inside.found.length > 0) return waiting("ObjectHasDependents", `File system ${name} has just got subvolumes`, 1000);
    }
    await markRemoval(pass);
    if (filesystem.mdsmap.flags_state.joinable || Object.keys(filesystem.mdsmap.info).length > 0) await failFilesystem(ceph, name);
    try {
      await removeFilesystem(ceph, name);
    } catch (error) {
      if (!isCephError(error, "EINVAL")) throw error;
      return waiting("Deleting", `Removing file system ${name}: ${error.message}`, 1000);
    }
  }
  if (!isKept && object.spec.preservePoolsOnDelete !== true)
    for (const pool of poolsToRemove(object, await poolDetails(ceph), await fsDump(ceph))) {
      const outcome = await removePool(ceph, pool);
      if (outcome.state !== "done") return outcome;
    }
  const config = await configDump(ceph);
  const left = await mdssLeft(pass, config);
  const gone = await Promise.all(left.map((mds) => removeMds(pass, mds, config)));
  const staying = left.filter((_, index) => gone[index] !== true);
  return staying.length === 0 ? done : waiting("Deleting", `Ending MDSs of ${name}: ${staying.join(", ")}`, 1000);
}

/** Nobody can say what is in it: its MDSs are kept alive, so that they can be asked. */
async function unknown(pass: Pass, why: string): Promise<Outcome> {
  const name = nameOf(pass.object);
  const view = await look(pass);
  const daemons = await mdss(pass, view, () => isAsSeen(pass, view));
  const more = "message" in daemons ? `; ${daemons.message}` : "";
  return blocked(
    "SubvolumesUnknown",
    `Nobody can say whether there are subvolumes in file system ${name}, since ${why}${more}; the annotation ${forceDeletion}: "true" says that it may go with all it holds`,
    5000,
  );
}
