/** A version of Ceph: `ceph version 20.2.4-7-gabc (sha) tentacle (stable)` is major 20, minor 2, extra 4, build 7, name tentacle. */
export interface CephVersion {
  readonly major: number;
  readonly minor: number;
  readonly extra: number;
  /** Commits after the release; 0 for a release. */
  readonly build: number;
  /** The release's name, such as `tentacle`; empty where the text did not say it. */
  readonly name: string;
}

/** Reads what `ceph --version` and `ceph versions` say, and the short forms `20.2.4` and `20.2.4-0`; undefined for anything else. */
export function parseCephVersion(text: string): CephVersion | undefined {
  const match = /^(?:ceph version )?v?(\d+)\.(\d+)\.(\d+)(?:-(\d+))?(?:[-~+.][\w.~+-]*)?(?: \([^)]*\) (\w+))?/.exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor, extra, build = "0", name = ""] = match;
  return { major: Number(major), minor: Number(minor), extra: Number(extra), build: Number(build), name };
}

/** `20.2.4-0`, the form of the label `ceph-version` and of `status.version.version`. */
export function formatCephVersion(version: CephVersion): string {
  return `${version.major}.${version.minor}.${version.extra}-${version.build}`;
}

/** Negative where `a` is older than `b`, 0 where they are the same, positive where it is newer. */
export function compareCephVersions(a: CephVersion, b: CephVersion): number {
  return a.major - b.major || a.minor - b.minor || a.extra - b.extra || a.build - b.build;
}

const atLeast = (version: CephVersion, major: number, minor: number, extra: number) =>
  compareCephVersions(version, { major, minor, extra, build: 0, name: "" }) >= 0;

/** Whether the operator runs this version: `tooNew` ones run where the spec allows unsupported versions, `tooOld` ones never. */
export function cephVersionSupport(version: CephVersion): "ok" | "tooOld" | "tooNew" {
  if (!atLeast(version, 18, 2, 0)) return "tooOld";
  return version.major > 20 ? "tooNew" : "ok";
}

/** Whether this version knows cephx keys of type aes256k, and so has the settings about key types. */
export function knowsAes256k(version: CephVersion): boolean {
  if (version.major === 19) return atLeast(version, 19, 2, 6);
  return atLeast(version, 20, 2, 4);
}
