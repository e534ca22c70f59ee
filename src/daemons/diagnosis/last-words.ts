/** Words of daemons that tell what helps. */
const remedies: readonly (readonly [words: RegExp, help: string])[] = [
  [/aio-max-nr|io_setup.*(EAGAIN|\(11\))/i, "raise fs.aio-max-nr on the node, such as sysctl -w fs.aio-max-nr=1048576"],
  [/read-only file ?system/i, "make it writable: the kernel mounts a failing disk read-only, and its log says why"],
  [/no space left on device/i, "free space there"],
  [
    /no device (on|of) (this )?node/i,
    "bring the disk back; if its data is lost for good, purge the OSD (ceph osd purge) and delete its Deployment",
  ],
  [/belongs to another cluster/i, "or give this CephCluster another dataDirHostPath"],
  [/cannot allocate memory|std::bad_alloc/i, "give it more memory"],
  [/(parse|read).*(ceph\.conf|config)|ceph\.conf.*(parse|error)/i, "correct ConfigMap rook-config-override"],
];

/** Lines that say more than the others, the most telling first. */
const telling: readonly RegExp[] = [
  ...remedies.map(([words]) => words),
  /\b(error|failed|failure|cannot|could not|unable|refus\w+|denied|invalid)\b/i,
];

/** The time, thread and level that Ceph's daemons begin a line with, and the marks of its dump of recent events. */
const prefix = /^(debug )?\s*(-?\d+> )?\d{4}-\d\d-\d\dT[\d:.+]+\s+[0-9a-f]{6,}\s+-?\d+\s+/;

/** The line that tells most about why a container ended, out of its termination message or the end of its log; undefined where it said nothing. */
export function lastWords(message: string | undefined): string | undefined {
  const lines = (message ?? "")
    .split("\n")
    .map((line) => line.replace(prefix, "").trim())
    .filter((line) => line !== "");
  for (const words of telling) {
    const found = lines.findLast((line) => words.test(line));
    if (found !== undefined) return found;
  }
  return lines.at(-1);
}

/** What helps against what a container said at its end; undefined where its words are not known. */
export function remedyFor(words: string | undefined): string | undefined {
  return words === undefined ? undefined : remedies.find(([known]) => known.test(words))?.[1];
}
