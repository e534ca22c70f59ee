/** Milliseconds since 1970 of a stamp of Ceph's maps, such as `2026-11-23T19:57:55.084202+0000`; undefined for `0.000000`, which is never. */
export function parseStamp(stamp: string): number | undefined {
  const at = Date.parse(stamp.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(at) ? undefined : at;
}
