import { describe, expect, test } from "@jest/globals";
import { cephxKeyType, makeCephxKey } from "./cephx-key.ts";

const random = (n: number) => new Uint8Array(n).fill(7);

describe("cephx keys", () => {
  test.each([
    ["aes", 28],
    ["aes256k", 44],
  ] as const)("a new %s key has %i bytes and is known for what it is", (type, length) => {
    const key = makeCephxKey({ type, random, nowSeconds: 1_700_000_000.9 });

    expect(Buffer.from(key, "base64")).toHaveLength(length);
    expect(cephxKeyType(key)).toBe(type);
  });

  test("a key says when it was made, in whole seconds, little-endian", () => {
    const bytes = Buffer.from(makeCephxKey({ type: "aes", random, nowSeconds: 0x01020304 }), "base64");

    expect([...bytes]).toEqual([1, 0, 4, 3, 2, 1, 0, 0, 0, 0, 16, 0, ...random(16)]);
  });

  test("keys that Ceph itself made are known", () => {
    expect(cephxKeyType("AQBlrVBnAAAAABAAqq3DmzE1tqmLuALcHs2nFw==")).toBe("aes");
    expect(cephxKeyType("AgDQBwRrVpaFNSAAdRqZXCSrUvXCJk5fQ3ble7OsUlLRMU+a5emRLFKnG48=")).toBe("aes256k");
  });

  test.each(["", "garbage", "AQBlrVBnAAAAABAAqq3DmzE1tqmLuALc", "AwBlrVBnAAAAABAAqq3DmzE1tqmLuALcHs2nFw=="])("%j is no key", (text) => {
    expect(cephxKeyType(text)).toBeUndefined();
  });
});
