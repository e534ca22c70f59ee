import type { CephCommand } from "../../src/ceph/ceph.ts";
import { releaseMajor, type SimState } from "../../src/simceph/sim-state.ts";

/** Why Ceph must not be told yet that every OSD has a release: it would let no OSD start that is older. */
export function tooEarlyRelease({ prefix, ...command }: CephCommand, state: SimState | undefined): string | undefined {
  if (prefix !== "osd require-osd-release") return undefined;
  const asked = releaseMajor(String(command["release"]));
  const osds = [...(state?.osds.values() ?? [])];
  if (asked === undefined || osds.length === 0) return `require-osd-release ${String(command["release"])} is said of no OSD`;
  // one that never ran makes its data with the version that it first has
  const behind = osds.filter(({ version, up, upFrom }) => upFrom > 0 && (!up || Number.parseInt(version, 10) < asked));
  return behind.length === 0
    ? undefined
    : `require-osd-release ${String(command["release"])} is said while ${behind.map(({ id, up, version }) => `osd.${id} ${up ? `runs ${version}` : "is down"}`).join(", ")}`;
}
