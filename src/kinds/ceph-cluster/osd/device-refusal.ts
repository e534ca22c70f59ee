import { remedyFor } from "../../../daemons/diagnosis/last-words.ts";

/** Codes of prepare-osds.py, and what the arguments of each are. */
export const refusalCodes = {
  absent: [],
  foreign: ["fsid"],
  unfinished: [],
  loop: [],
  lvm: [],
  type: ["kind"],
  mounted: ["folder"],
  swap: [],
  partitions: ["names"],
  held: ["holders"],
  ambivalent: ["words"],
  fileSystem: ["name"],
  signature: ["name"],
  signatureFields: ["names"],
  partitionTable: ["name"],
  readOnly: [],
  tooSmall: ["gib"],
  inUse: [],
  unopenable: ["words"],
  unreadable: ["words"],
  mkfsFailed: ["status", "words"],
  removed: ["id"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Code = keyof typeof refusalCodes;

/** Why a device is not used: what the script found on it, or `removed`, an OSD that Ceph does not know any more. */
export type DeviceRefusal = {
  readonly [C in Code]: { readonly code: C } & { readonly [A in (typeof refusalCodes)[C][number]]: string };
}[Code];

/** A refusal in words: what the device is or has, and what helps. `isOwn`: the help belongs to the sentence about it. */
export interface ExplainedRefusal {
  readonly what: string;
  readonly help: string;
  readonly isOwn: boolean;
}

/** Reads a code of the script and its arguments; undefined for one that is not known, such as an older script's. */
export function readRefusal(code: string, given: readonly string[]): DeviceRefusal | undefined {
  if (!isCode(code)) return undefined;
  const details: Readonly<Record<string, string>> = Object.fromEntries(refusalCodes[code].map((name, index) => [name, given[index] ?? ""]));
  // the shape is the table's
  return { code, ...details } as unknown as DeviceRefusal;
}

function isCode(code: string): code is Code {
  return Object.hasOwn(refusalCodes, code);
}

const wipe = "wipe it (wipefs --all) if nothing on it is needed";
const another = "give a whole disk or a partition instead";

/** The words for a refusal, such as `has an ext4 file system`. */
export function explainRefusal(refusal: DeviceRefusal): ExplainedRefusal {
  const say = (what: string, help: string): ExplainedRefusal => ({ what, help: remedyFor(what) ?? help, isOwn: false });
  switch (refusal.code) {
    case "absent":
      return say("does not exist on this node", "attach it, or correct its name");
    case "foreign":
      return {
        what: `carries an OSD of another cluster (fsid ${refusal.fsid})`,
        help: "wipe the device if that cluster is gone for good",
        isOwn: true,
      };
    case "removed":
      return {
        what: `carries OSD ${refusal.id} of this cluster, which was removed from it`,
        help: "wipe the device to use it again",
        isOwn: true,
      };
    case "unfinished":
      return say("has a BlueStore label without a cluster's fsid, left by an OSD that was never finished", wipe);
    case "loop":
      return say("is a loop device and not named in devices", "name it in devices, for a test");
    case "lvm":
      return say("is an LVM logical volume, which is not supported yet", another);
    case "type":
      return say(`is a device of type ${refusal.kind}`, another);
    case "mounted":
      return say(`is mounted at ${refusal.folder}`, "unmount it for good, and wipe it if nothing on it is needed");
    case "swap":
      return say("is in use as swap", "stop what uses it");
    case "partitions":
      return say(`has partitions (${refusal.names})`, wipe);
    case "held":
      return say(`is held by ${refusal.holders}`, wipe);
    case "ambivalent":
      return say(`has signatures that could not be told apart (blkid: ${refusal.words})`, wipe);
    case "fileSystem":
      return say(`has ${/^[aeioux]/.test(refusal.name) ? "an" : "a"} ${refusal.name} file system`, wipe);
    case "signature":
      return say(`has a signature of ${refusal.name}`, wipe);
    case "signatureFields":
      return say(`has a signature (${refusal.names})`, wipe);
    case "partitionTable":
      return say(`has a partition table (${refusal.name})`, wipe);
    case "readOnly":
      return say("is read-only", "make it writable (blockdev --setrw), or replace it");
    case "tooSmall":
      return say(`is too small: ${refusal.gib} GiB, the least is 5 GiB`, "give a larger one");
    case "inUse":
      return say("is in use by another process of the node", "stop what uses it");
    case "unopenable":
      return say(`cannot be opened: ${refusal.words}`, wipe);
    case "unreadable":
      return say(`could not be looked at: ${refusal.words}`, "see the node's kernel log: the disk may be failing");
    case "mkfsFailed":
      return say(
        `could not be made an OSD: ceph-osd --mkfs ended with ${refusal.status}: ${refusal.words}`,
        "see the log of the Job's Pod",
      );
  }
}
