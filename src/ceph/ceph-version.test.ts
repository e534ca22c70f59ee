import { describe, expect, test } from "@jest/globals";
import {
  type CephVersion,
  cephVersionSupport,
  compareCephVersions,
  formatCephVersion,
  knowsAes256k,
  parseCephVersion,
} from "./ceph-version.ts";

const version = (text: string): CephVersion => {
  const parsed = parseCephVersion(text);
  if (parsed === undefined) throw new Error(`no version: ${text}`);
  return parsed;
};

describe("versions of Ceph", () => {
  test.each([
    ["ceph version 20.2.4 (7f793731f1b39eb4f465e960113d2363c311b964) tentacle (stable - RelWithDebInfo)", "20.2.4-0", "tentacle"],
    ["ceph version 18.2.7 (6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad) reef (stable)\n", "18.2.7-0", "reef"],
    ["ceph version 19.2.0-1234-gdeadbee (deadbee) squid (stable)", "19.2.0-1234", "squid"],
    ["ceph version 18.2.1-229.el9cp (ef652b206f2487adfc86613646a4cac946f6b4e0) reef (stable)", "18.2.1-229", "reef"],
    ["20.2.4", "20.2.4-0", ""],
    ["20.2.4-5", "20.2.4-5", ""],
  ])("%s is %s", (text, short, name) => {
    expect(formatCephVersion(version(text))).toBe(short);
    expect(version(text).name).toBe(name);
  });

  test.each(["", "ceph", "v20", "ceph-mon: command not found"])("%j is no version", (text) => {
    expect(parseCephVersion(text)).toBeUndefined();
  });

  test("versions are ordered by each of their numbers", () => {
    const ordered = ["18.2.7", "19.1.0", "19.2.0", "19.2.0-3", "19.2.10", "20.0.0"];

    expect([...ordered].reverse().sort((a, b) => compareCephVersions(version(a), version(b)))).toEqual(ordered);
    expect(compareCephVersions(version("20.2.4"), version("20.2.4-0"))).toBe(0);
  });

  test.each([
    ["17.2.9", "tooOld"],
    ["18.1.9", "tooOld"],
    ["18.2.0", "ok"],
    ["20.2.4", "ok"],
    ["20.3.0", "ok"],
    ["21.0.0", "tooNew"],
  ])("%s is %s", (text, support) => {
    expect(cephVersionSupport(version(text))).toBe(support);
  });

  test.each([
    ["18.2.9", false],
    ["19.2.5", false],
    ["19.2.6", true],
    ["20.2.3", false],
    ["20.2.4", true],
    ["21.0.0", true],
  ])("whether %s knows aes256k: %s", (text, knows) => {
    expect(knowsAes256k(version(text))).toBe(knows);
  });
});
