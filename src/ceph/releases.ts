/** Ceph's releases from major version 12 on, oldest first. */
const releases: readonly string[] = ["luminous", "mimic", "nautilus", "octopus", "pacific", "quincy", "reef", "squid", "tentacle"];
const firstMajor = 12;

/** The major version of a release, such as 18 of `reef`; undefined for a name that is not known, which is a later one. */
export function majorOf(release: string): number | undefined {
  const index = releases.indexOf(release);
  return index < 0 ? undefined : firstMajor + index;
}
