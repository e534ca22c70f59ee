import { isCephError } from "../../../ceph/ceph-error.ts";
import { type Filesystem, type MdsInfo, type MdsMap, setFilesystem, takenAway } from "../../../ceph/commands/fs.ts";
import { blocked, done, recheckDelay, type StepOutcome, waiting } from "../../../resource/outcome.ts";
import { nameOf, ranksOf, standbysOf } from "../ceph-filesystem.ts";
import { type FilesystemSettings, hasSettled, type MdsVersions, missingSettings, wantedSettings } from "../decide-settings.ts";
import type { Pass } from "../look.ts";
import type { FilesystemReason } from "../reasons.ts";

type Outcome = StepOutcome<FilesystemReason>;

const settingNames = ["allow_standby_replay", "max_mds", "standby_count_wanted"] as const satisfies readonly (keyof FilesystemSettings)[];

/**
 * How many ranks there are, and who stands by; done when as many as asked for are served and standbys are there. `asSeen`: asked before any of
 * that is changed.
 */
export async function ranks(
  pass: Pass,
  filesystem: Filesystem,
  { versions, standbys, asSeen }: { readonly versions: MdsVersions; readonly standbys: number; readonly asSeen: () => Promise<boolean> },
): Promise<Outcome> {
  const { ceph, object, now } = pass;
  const name = nameOf(object);
  const { mdsmap } = filesystem;
  // first of all: setting max_mds would give it back
  const taken = takenAway(mdsmap);
  if (taken !== undefined) return blocked("FilesystemFailed", `File system ${name} ${taken}`, 10_000);
  if (mdsmap.damaged.length > 0)
    return blocked(
      "FilesystemDamaged",
      `File system ${name}: rank ${mdsmap.damaged.join(", ")} is damaged, so that nobody can serve it; ceph health detail says what is lost`,
      10_000,
    );
  const wanted = wantedSettings({ ranks: ranksOf(object), standbys: standbysOf(object) }, versions, mdsmap);
  const missing = missingSettings(wanted, mdsmap);
  const reason: FilesystemReason = versions === "alike" ? "ScalingMDSs" : "UpdatingMDSs";
  if (Object.keys(missing).length > 0 && !(await asSeen())) return waiting(reason, sentence(pass, mdsmap, standbys, versions), 1000);
  const refused: string[] = [];
  for (const setting of settingNames) {
    const value = missing[setting];
    if (value === undefined) continue;
    try {
      // an MDS with a warning is not helped by fewer MDSs than the spec asks for, nor may it hold up an update
      const isSure = setting === "max_mds" && (versions === "updating" || wanted.max_mds > mdsmap.max_mds);
      await setFilesystem(ceph, name, setting, value, { isSure });
    } catch (error) {
      if (!isCephError(error, "EPERM")) throw error;
      refused.push(`${setting} is not ${String(value)} yet, since Ceph says: ${error.words}`);
    }
  }
  const isAsked = versions === "alike" && mdsmap.in.length === ranksOf(object) && hasSettled(mdsmap, ranksOf(object));
  if (isAsked && Object.keys(missing).length === 0 && standbys >= standbysOf(object)) return done;
  return waiting(reason, [sentence(pass, mdsmap, standbys, versions), ...refused].join("; "), recheckDelay(changedAt(mdsmap), now));
}

function sentence({ object }: Pass, mdsmap: MdsMap, standbys: number, versions: MdsVersions): string {
  const serving = Object.values(mdsmap.info).filter(({ state }) => state !== "up:standby-replay");
  const active = serving.filter(({ state }) => state === "up:active");
  const moving = serving.filter(({ state }) => state !== "up:active").map((mds) => `rank ${mds.rank} is ${mds.state} (mds ${mds.name})`);
  const without = mdsmap.in.filter((rank) => !serving.some((mds) => mds.rank === rank)).map((rank) => `rank ${rank} has no MDS`);
  const wanted = standbysOf(object);
  return [
    `File system ${nameOf(object)}: ${active.length} ranks active of ${ranksOf(object)}`,
    ...(wanted === 0 || standbys >= wanted ? [] : [`${standbys} MDSs stand by of ${wanted}`]),
    ...moving,
    ...without,
    ...(versions === "mixed" ? ["ranks and followers come back when all its MDSs run one version of Ceph"] : []),
  ].join("; ");
}

function changedAt({ modified }: MdsMap): number | undefined {
  const at = Date.parse(modified.replace(/\+0000$/, "Z"));
  return Number.isNaN(at) ? undefined : at;
}

/** Who serves which rank, in their order. */
export function activeOf({ info }: MdsMap): MdsInfo[] {
  return Object.values(info)
    .filter(({ state }) => state !== "up:standby-replay")
    .sort((a, b) => a.rank - b.rank);
}
