import { describe, expect, test } from "@jest/globals";
import { connectError, decodeAnswer, encodeCommand } from "./answer.ts";

const ok = (out: string) => ({ ret: 0, out, outs: "" });

describe("answers of Ceph", () => {
  test("a command asks for JSON unless it says otherwise, and leaves out what is undefined", () => {
    expect(encodeCommand({ prefix: "auth get", entity: "client.a", nothing: undefined })).toBe(
      '{"format":"json","prefix":"auth get","entity":"client.a"}',
    );
    expect(encodeCommand({ prefix: "config-key get", format: "plain" })).toBe('{"format":"plain","prefix":"config-key get"}');
  });

  test("JSON is parsed, other text is given as it is, and nothing is the empty text", () => {
    expect(decodeAnswer({ prefix: "status" }, ok('\n{"fsid":"x"}\n'))).toEqual({ fsid: "x" });
    expect(decodeAnswer({ prefix: "config-key get" }, ok("hello"))).toBe("hello");
    expect(decodeAnswer({ prefix: "config set" }, ok(""))).toBe("");
  });

  test("JSON that is cut short is no answer", () => {
    expect(() => decodeAnswer({ prefix: "osd dump" }, { ret: 0, out: '{"osds":[{"os', outs: "" })).toThrow(
      expect.objectContaining({ code: "EIO", prefix: "osd dump" }),
    );
  });

  test("text that looks like JSON stays text where another format was asked for", () => {
    expect(decodeAnswer({ prefix: "config-key get", format: "plain" }, ok("1.0"))).toBe("1.0");
  });

  test.each([
    [-2, "no such thing", "ENOENT", "ceph x: no such thing (ENOENT)"],
    [-16, "", "EBUSY", "ceph x: refused with errno 16 (EBUSY)"],
    [-77, "odd", "EUNKNOWN", "ceph x: odd (EUNKNOWN)"],
    [-110, "", "timedOut", "ceph x: the cluster did not answer in time (timedOut)"],
  ])("%i with the words %j is the error %s", (ret, outs, code, message) => {
    expect(() => decodeAnswer({ prefix: "x" }, { ret, out: "", outs })).toThrow(expect.objectContaining({ code, message }));
  });

  test.each([
    [-110, "timedOut"],
    [-107, "unreachable"],
    [-111, "unreachable"],
    [-2, "unreachable"],
    [-13, "EACCES"],
    [-1, "EPERM"],
    [-22, "EINVAL"],
  ])("not being connected for %i is %s", (ret, code) => {
    expect(connectError("status", ret).code).toBe(code);
  });
});
