import { type CephVersion, parseCephVersion } from "../../src/ceph/ceph-version.ts";
import type { CephVersions } from "../../src/ceph/commands/cluster.ts";
import type { CephImage, DaemonImage } from "../../src/daemons/image/daemon-images.ts";

/** `20.2.4` as a version. @throws Error where the text is none */
export function versionOf(text: string): CephVersion {
  const version = parseCephVersion(text);
  if (version === undefined) throw new Error(`${text} is no version`);
  return version;
}

/** The image `ceph:v20.2.4`, which holds just that. */
export function imageOf(text: string): CephImage {
  return { image: `ceph:v${text}`, label: `${text}-0`, version: versionOf(text) };
}

/** Daemons of a type, one for each version: mons a, b and c, OSDs 0, 1 and 2. */
export function daemonsOf(type: string, ...versions: string[]): DaemonImage[] {
  return versions.map((text, index) => ({ type, id: type === "osd" ? String(index) : "abc".charAt(index), ...imageOf(text) }));
}

/** What `ceph versions` answers: how many daemons run which version, by their type. */
export function cephVersionsOf(counts: Readonly<Record<string, Readonly<Record<string, number>>>>, release = "some"): CephVersions {
  const texts = (each: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(each).map(([version, count]) => [`ceph version ${version} (sha) ${release} (stable)`, count]));
  return { ...Object.fromEntries(Object.entries(counts).map(([type, each]) => [type, texts(each)])), overall: {} };
}
