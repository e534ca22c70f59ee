import { isCephError } from "../../ceph/ceph-error.ts";
import {
  createSubvolumeGroup,
  pinSubvolumeGroup,
  resizeSubvolumeGroup,
  type SubvolumeGroup,
} from "../../ceph/commands/subvolume-groups.ts";
import type { ChildFindings } from "../../resource/child-kind.ts";
import { olderOf } from "../../resource/older-of.ts";
import { blocked, done, recheckDelay, type StepOutcome, waiting } from "../../resource/outcome.ts";
import { look, type Pass } from "./look.ts";
import type { GroupReason } from "./reasons.ts";
import { CephFilesystemSubVolumeGroup, clusterIdOf, groupNameOf, pinOf, quotaOf, sayPin } from "./subvolume-group.ts";

type Outcome = StepOutcome<GroupReason>;
type Findings = ChildFindings<NonNullable<CephFilesystemSubVolumeGroup["status"]>>;

/** The group as the status is to tell it. */
interface Result {
  readonly outcome: Outcome;
  /** How it is known to be spread over MDSs; undefined where that is not known. */
  readonly pinning: string | undefined;
}

/** Every step, in order: the group, its quota, and how it is spread over MDSs. */
export async function reconcileGroup(pass: Pass): Promise<Findings> {
  const { deps, object, namespace } = pass;
  const older = olderOf(object, await deps.kube.list(CephFilesystemSubVolumeGroup, { namespace }), fullNameOf);
  const { outcome, pinning } = older === undefined ? await ensureGroup(pass) : { outcome: groupTaken(object, older), pinning: undefined };
  return { outcomes: [outcome], status: { info: { clusterID: clusterIdOf(pass.object), ...(pinning === undefined ? {} : { pinning }) } } };
}

const fullNameOf = (object: CephFilesystemSubVolumeGroup) => `${object.spec.filesystemName}/${groupNameOf(object)}`;

/** Each would set quota and pinning to its own, and so on for ever. */
function groupTaken(object: CephFilesystemSubVolumeGroup, { metadata }: CephFilesystemSubVolumeGroup): Outcome {
  return blocked(
    "GroupTaken",
    `CephFilesystemSubVolumeGroup ${metadata.name ?? ""} is about group ${groupNameOf(object)} of file system ${object.spec.filesystemName} since ${metadata.creationTimestamp ?? "before"}; delete one of the two`,
    10_000,
  );
}

async function ensureGroup(pass: Pass): Promise<Result> {
  const { object, now } = pass;
  const { filesystemName } = object.spec;
  const name = groupNameOf(object);
  const told = object.status?.info?.pinning;
  const later = recheckDelay(Date.parse(object.metadata.creationTimestamp ?? ""), now);
  const view = await look(pass);
  switch (view.state) {
    case "missing":
      return { outcome: waiting("FilesystemMissing", `There is no file system ${filesystemName} in Ceph`, later), pinning: undefined };
    case "unserved": {
      const message = `Nothing can be said of group ${name} of file system ${filesystemName}, since ${view.why}`;
      return { outcome: waiting("FilesystemNotServed", message, later), pinning: told };
    }
    case "served":
      try {
        return await (view.group === undefined ? make(pass) : adjust(pass, view.group));
      } catch (error) {
        // a mgr that has not heard of the file system yet says that there is none
        if (isCephError(error, "ENOENT", "EAGAIN", "timedOut"))
          return {
            outcome: waiting("MakingGroup", `Making group ${name} of file system ${filesystemName}: ${error.message}`, 2000),
            pinning: told,
          };
        if (isCephError(error, "EINVAL", "ERANGE"))
          return {
            outcome: blocked("GroupRefused", `Group ${name} of file system ${filesystemName}: ${error.message}`, 30_000),
            pinning: told,
          };
        throw error;
      }
  }
}

/**
 * How a group is spread over MDSs cannot be asked: what the status tells is all that is known. It has to be true even where the operator ends
 * right behind a change in Ceph, and the spec is changed back before another one looks: so the status is cleared first. Answers whether
 * nothing is told.
 */
async function isNothingTold({ deps, object, namespace, name }: Pass): Promise<boolean> {
  if (object.status?.info?.pinning !== undefined) return false;
  // the cache may be late
  const current = await deps.live.get(CephFilesystemSubVolumeGroup, { namespace, name });
  return current?.status?.info?.pinning === undefined;
}

/** Makes the group; where the status tells of one that was there before, that is cleared first. */
async function make(pass: Pass): Promise<Result> {
  const { ceph, object } = pass;
  const { filesystemName, dataPoolName } = object.spec;
  const group = groupNameOf(object);
  if (!(await isNothingTold(pass))) {
    const message = `Group ${group} of file system ${filesystemName} is gone, and is made anew`;
    return { outcome: waiting("MakingGroup", message, 200), pinning: undefined };
  }
  const quota = quotaOf(object);
  await createSubvolumeGroup(ceph, filesystemName, group, {
    ...(quota === "infinite" ? {} : { size: quota }),
    ...(dataPoolName === undefined || dataPoolName === "" ? {} : { pool_layout: dataPoolName }),
  });
  return { outcome: done, pinning: await pin(pass) };
}

/** A group that is there gets what it lacks; its files are never moved, and a quota is not set below what it holds. */
async function adjust(pass: Pass, found: SubvolumeGroup): Promise<Result> {
  const { ceph, object } = pass;
  const { filesystemName, dataPoolName } = object.spec;
  const name = groupNameOf(object);
  const told = object.status?.info?.pinning;
  if (dataPoolName !== undefined && dataPoolName !== "" && found.data_pool !== dataPoolName) {
    const message = `Group ${name} of file system ${filesystemName} has its files in pool ${found.data_pool}, not in ${dataPoolName}, and Ceph does not move them; set dataPoolName back, or make a group of another name`;
    return { outcome: blocked("GroupConflict", message, 30_000), pinning: told };
  }
  const quota = quotaOf(object);
  if (found.bytes_quota !== quota) await resizeSubvolumeGroup(ceph, filesystemName, name, quota, { noShrink: true });
  const wanted = sayPin(pinOf(object));
  if (told === wanted) return { outcome: done, pinning: told };
  if (await isNothingTold(pass)) return { outcome: done, pinning: await pin(pass) };
  const message = `Group ${name} of file system ${filesystemName} is about to be spread over MDSs anew: ${wanted}`;
  return { outcome: waiting("MakingGroup", message, 200), pinning: undefined };
}

async function pin({ ceph, object }: Pass): Promise<string> {
  const wanted = pinOf(object);
  await pinSubvolumeGroup(ceph, object.spec.filesystemName, groupNameOf(object), wanted);
  return sayPin(wanted);
}
