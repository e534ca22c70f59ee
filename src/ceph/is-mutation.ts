import type { CephCommand } from "./ceph.ts";

const reads =
  /^(status|fsid|quorum_status|versions|version|health|df|log last)$|( |^)(dump|ls|get|get-key|exists|stat|tree|metadata|services|ok-to-stop|safe-to-destroy|show|ac-user-show|info|find|osd map|getomap|dump_stuck)$/;

/** Whether a command is of those that write. What is not known to read counts as writing. */
export function isMutation(command: CephCommand): boolean {
  return !reads.test(command.prefix);
}
