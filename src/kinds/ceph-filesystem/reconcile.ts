import { type Filesystem, filesystemIn, fsDump, isServed } from "../../ceph/commands/fs.ts";
import type { ChildFindings, ChildReason } from "../../resource/child-kind.ts";
import { blocked, type StepOutcome } from "../../resource/outcome.ts";
import { sayProblems } from "../../resource/say-problems.ts";
import { type CephFilesystem, isMdsOf, nameOf } from "./ceph-filesystem.ts";
import { isAsSeen } from "./is-as-seen.ts";
import { look, type Pass, type View } from "./look.ts";
import { mdssOf } from "./mds-view.ts";
import { newFilesystemProblems } from "./problems.ts";
import type { FilesystemReason } from "./reasons.ts";
import { budget } from "./steps/budget.ts";
import { ensureCsiGroup } from "./steps/csi-group.ts";
import { mdss } from "./steps/mdss.ts";
import { pools } from "./steps/pools.ts";
import { activeOf, ranks } from "./steps/ranks.ts";
import { surplus } from "./steps/surplus.ts";

type Status = NonNullable<CephFilesystem["status"]>;

/** Every step, in order: the MDSs, which start while the rest is made; the pools and the file system on them; who serves and stands by. */
export async function reconcileFilesystem(pass: Pass): Promise<ChildFindings<Status>> {
  const view = await look(pass);
  const problems = view.filesystem === undefined ? newFilesystemProblems(pass.object) : [];
  if (problems.length > 0) return { outcomes: [blocked("InvalidSpec", sayProblems(problems))], status: {} };
  // asked once: what the pass itself changes afterwards is no sign of an old view
  let asked: Promise<boolean> | undefined;
  const asSeen = () => (asked ??= isAsSeen(pass, view));
  const daemons = await mdss(pass, view, asSeen);
  const made = await pools(pass, view);
  // Ceph's own word on what was just made
  const filesystem = made.hasChanged ? filesystemIn(await fsDump(pass.ceph), nameOf(pass.object)) : view.filesystem;
  const outcomes: StepOutcome<ChildReason<FilesystemReason>>[] = [...made.outcomes, daemons];
  if (filesystem === undefined) return { outcomes, status: {}, remarks: made.remarks };

  const standbys = standbysIn(view, pass);
  outcomes.push(await ranks(pass, filesystem, { versions: view.versions, standbys: standbys.length, asSeen }));
  outcomes.push(await surplus(pass, { ...view, filesystem }));
  await budget(pass, view);
  const group = isServed(filesystem.mdsmap) ? await ensureCsiGroup(pass) : undefined;
  if (group !== undefined) outcomes.push(group.outcome);
  return {
    outcomes,
    status: { info: infoOf(filesystem, standbys) },
    remarks: [...made.remarks, ...(group?.remarks ?? [])],
  };
}

/** Those of its MDSs that stand by, or follow a rank. */
function standbysIn({ map }: View, { object }: Pass): string[] {
  return mdssOf(map)
    .filter(({ name, state, laggy_since }) => state.startsWith("up:standby") && laggy_since === undefined && isMdsOf(object, name))
    .map(({ name }) => name)
    .sort();
}

function infoOf({ id, mdsmap }: Filesystem, standbys: readonly string[]): Status["info"] {
  return {
    id: String(id),
    active: activeOf(mdsmap)
      .filter(({ state }) => state === "up:active")
      .map(({ name }) => name)
      .join(","),
    standby: standbys.join(","),
  };
}
