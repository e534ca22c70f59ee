import { type CephVersion, compareCephVersions, formatCephVersion } from "../../../ceph/ceph-version.ts";
import { type CephImage, sayLabel } from "../../../daemons/image/daemon-images.ts";
import type { ConditionReason } from "../common/reasons.ts";
import type { RunningType, VersionRefusal } from "./decide.ts";

/** Why the daemons are not brought to the wanted Ceph: the reason, and the sentence. */
export function explainVersionRefusal(
  refusal: VersionRefusal,
  wanted: CephImage,
): { readonly reason: ConditionReason; readonly message: string } {
  const image = `cephVersion.image ${wanted.image} holds Ceph ${sayLabel(wanted.label)}`;
  switch (refusal.type) {
    case "olderRelease":
    case "olderVersion": {
      const older = `${image}, older than ${sayVersion(refusal.newest)}, which runs`;
      const why =
        refusal.type === "olderRelease"
          ? "Ceph cannot go back to an older release: set the image back"
          : "Ceph does not promise that it can go back: set the image back, or cephVersion.allowUnsupported to try it all the same";
      return { reason: "DowngradeRefused", message: `${older}; ${why}` };
    }
    case "tooNew": {
      const { oldest, next } = refusal;
      return {
        reason: "UpgradeRefused",
        message: `${image}, but ${sayVersion(oldest)} runs, and Ceph can be updated over ${next - oldest.major} releases at most; update to ${next} first`,
      };
    }
    case "requiredRelease": {
      const running = refusal.running ?? "the release that they run";
      return {
        reason: "UpgradeRefused",
        message: `${image}, but require_osd_release is ${refusal.required}, and Ceph lets no OSD start that is more than ${refusal.stride} releases newer than that; when every OSD runs ${running}, ceph osd require-osd-release ${running}`,
      };
    }
    case "unhealthy":
      return {
        reason: "UpgradeRefused",
        message: `The update to Ceph ${sayLabel(wanted.label)} is not begun while Ceph's health is HEALTH_ERR (${refusal.errors.join("; ")}); mend that, or set skipUpgradeChecks`,
      };
  }
}

/** Which versions run of an image that was found to hold another one; empty where none does. */
export function sayOtherVersions(target: CephImage | undefined, others: readonly RunningType[]): string[] {
  if (target === undefined || others.length === 0) return [];
  const run = others.map(({ type, running }) => {
    const each = running.map(({ version, daemons }) => `${daemons} at ${sayVersion(version)}`);
    return `${type} ${each.join(", ")}`;
  });
  const newest = others
    .flatMap(({ running }) => running.map(({ version }) => version))
    .toSorted(compareCephVersions)
    .at(-1);
  const such = newest === undefined ? "" : `, such as v${sayVersion(newest)}`;
  return [
    `cephVersion.image ${target.image} holds different versions of Ceph on different nodes: it was found to hold ${sayLabel(target.label)}, and there run ${run.join("; ")}; name a full version in its tag${such}`,
  ];
}

const sayVersion = (version: CephVersion): string => sayLabel(formatCephVersion(version));
