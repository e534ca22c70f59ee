import type { WhyNotCase } from "../why-not-case.ts";
import { lookAgain, setDisks } from "./plant.ts";

const sdcToo = {
  storage: { nodes: [1, 2, 3].map((n) => ({ name: `node${n}`, devices: [{ name: "sdb" }, ...(n === 3 ? [{ name: "sdc" }] : [])] })) },
};

/** A disk that is named in the spec and cannot be used. */
const disk = (cause: string, content: string, values: Record<string, string> = {}): WhyNotCase => ({
  cause,
  isThereBefore: true,
  spec: sdcToo,
  disks: (node) => (node === 3 ? `sdb ${content}` : "sdb"),
  plant: () => {},
  cure: (world) => {
    setDisks(world, "node3", "sdb sdc");
    lookAgain(world, "node3");
  },
  values: { node: "node3", device: "/dev/sdc", ...values },
});

/** Causes that lie in a disk. */
export const diskCases: readonly WhyNotCase[] = [
  disk("a file system on the disk", "sdc=ext4", { "file system": "an ext4 file system" }),
  disk("a partition table", "sdc=!table", { table: "gpt" }),
  disk("partitions", "sdc=!partitions", { partitions: "sdc1, sdc2" }),
  disk("an LVM physical volume, or a path of a multipath device", "sdc=!pv", { type: "LVM2_member" }),
  disk("an LVM logical volume", "sdc=!lvm"),
  disk("a device of a kind that is not used", "sdc=!mpath", { type: "mpath_member" }),
  disk("device mapper or md on top of it", "sdc=!held", { holder: "dm-0" }),
  disk("mounted", "sdc=!mounted", { path: "/data" }),
  disk("in use by a process", "sdc=!busy"),
  disk("read-only", "sdc=!read-only"),
  disk("too small", "sdc:3", { size: "3.0" }),
  disk("not there", "sdd", { device: "sdc" }),
  disk("an OSD of another cluster", "sdc=!osd-of-6f6f6f6f-0000-4000-8000-000000000000", { fsid: "6f6f6f6f-0000-4000-8000-000000000000" }),
  disk("an OSD that was begun and never finished", "sdc=!unfinished"),
  disk("a disk that fails", "sdc=!broken", { error: "[Errno 5] Input/output error" }),
  disk("too few asynchronous I/O requests (aio-max-nr)", "sdc=!aio"),
];
