import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { explainRefusal, readRefusal, refusalCodes } from "./device-refusal.ts";

const scripts = ["../common/devices.py", "./prepare-osds.py"]
  .map((path) => readFileSync(new URL(path, import.meta.url), "utf8"))
  .join("\n");

/** Codes that the scripts answer: in a refusal, of a signature, and beside a device's path. */
const answered = [
  /Refused\("(\w+)"/g,
  /super\(\).__init__\("(\w+)", fsid\)/g,
  /return \(?"(\w+)", /g,
  /refused\.append\(\[[\w.]+, "(\w+)"/g,
].flatMap((pattern) => [...scripts.matchAll(pattern)].flatMap(([, code]) => code ?? []));

describe("why a device is not used", () => {
  test("every code that the scripts answer is known, and no other but that of a removed OSD", () => {
    expect([...new Set(answered)].sort()).toEqual(
      Object.keys(refusalCodes)
        .filter((code) => code !== "removed")
        .sort(),
    );
  });

  test.each([
    ["absent", [], "does not exist on this node", "attach it, or correct its name"],
    ["foreign", ["f-1"], "carries an OSD of another cluster (fsid f-1)", "wipe the device if that cluster is gone for good"],
    ["removed", ["3"], "carries OSD 3 of this cluster, which was removed from it", "wipe the device to use it again"],
    ["loop", [], "is a loop device and not named in devices", "name it in devices, for a test"],
    ["type", ["crypt"], "is a device of type crypt", "give a whole disk or a partition instead"],
    ["mounted", ["/data"], "is mounted at /data", "unmount it for good, and wipe it if nothing on it is needed"],
    ["partitions", ["sdc1, sdc2"], "has partitions (sdc1, sdc2)", "wipe it (wipefs --all) if nothing on it is needed"],
    ["fileSystem", ["ext4"], "has an ext4 file system", "wipe it (wipefs --all) if nothing on it is needed"],
    ["fileSystem", ["btrfs"], "has a btrfs file system", "wipe it (wipefs --all) if nothing on it is needed"],
    ["tooSmall", ["1.0"], "is too small: 1.0 GiB, the least is 5 GiB", "give a larger one"],
    [
      "mkfsFailed",
      ["1", "io_setup(2) failed with EAGAIN"],
      "could not be made an OSD: ceph-osd --mkfs ended with 1: io_setup(2) failed with EAGAIN",
      "raise fs.aio-max-nr on the node, such as sysctl -w fs.aio-max-nr=1048576",
    ],
  ])("%s %j", (code, given, what, help) => {
    const refusal = readRefusal(code, given);
    expect(refusal === undefined ? undefined : explainRefusal(refusal)).toMatchObject({ what, help });
  });

  test("an older script's words are no code", () => {
    expect(readRefusal("has an ext4 file system", [])).toBeUndefined();
  });

  test("a code has words, whatever it is", () => {
    for (const code of Object.keys(refusalCodes)) {
      const refusal = readRefusal(code, ["one", "two"]);
      expect(refusal === undefined ? "" : explainRefusal(refusal).what).toMatch(/^(is|has|carries|could not|cannot|does not) /);
    }
  });
});
