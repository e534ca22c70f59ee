import { remedyFor } from "../../../daemons/diagnosis/last-words.ts";

const wipe = "wipe it (wipefs --all) if nothing on it is needed";

/** What helps against each reason why a device is not used, by the words of the preparing script. */
const remedies: readonly (readonly [reason: RegExp, help: string])[] = [
  [/^does not exist/, "attach it, or correct its name"],
  [/^has an OSD of another cluster/, "wipe it (wipefs --all) if that cluster is gone for good"],
  [/^is a loop device/, "name it in devices, for a test"],
  [/^is (an LVM|a device of type)/, "give a whole disk or a partition instead"],
  [/^is mounted/, "unmount it for good, and wipe it if nothing on it is needed"],
  [/^is in use/, "stop what uses it"],
  [/^is read-only/, "make it writable (blockdev --setrw), or replace it"],
  [/^is too small/, "give a larger one"],
  [/^could not be looked at/, "see the node's kernel log: the disk may be failing"],
  [/^could not be made an OSD/, "see the log of the Job's Pod"],
  [/^(has|carries|is held)/, wipe],
];

/** What helps where a device is not used for this reason. */
export function deviceHelp(reason: string): string {
  return remedyFor(reason) ?? remedies.find(([words]) => words.test(reason))?.[1] ?? wipe;
}
