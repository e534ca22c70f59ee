import { describe, expect, test } from "@jest/globals";
import { parseKeyring, renderKeyring } from "./keyring.ts";

const entries = [
  { entity: "mon.", key: "AQBlrVBnAAAAABAAqq3DmzE1tqmLuALcHs2nFw==", caps: { mon: "allow *" } },
  { entity: "client.rbd", key: "AgA=", caps: { mon: "profile rbd, allow command 'osd blocklist'", osd: 'allow rw tag "cephfs" data=*' } },
];

describe("keyrings", () => {
  test("a keyring is written as ceph auth export writes it", () => {
    expect(renderKeyring(entries.slice(0, 1))).toBe('[mon.]\n\tkey = AQBlrVBnAAAAABAAqq3DmzE1tqmLuALcHs2nFw==\n\tcaps mon = "allow *"\n');
  });

  test("what was written is read back, quotes in capabilities too", () => {
    expect(parseKeyring(renderKeyring(entries))).toEqual(entries);
  });

  test("comments, unknown settings, spaces and missing quotes do no harm, and an entity without a key is left out", () => {
    const text =
      "# made by hand\n [client.a] \r\n  key=K==\n ; more\n auid = 0\n caps mon = allow r\n[client.keyless]\n caps mon = x\nkey without section";

    expect(parseKeyring(text)).toEqual([{ entity: "client.a", key: "K==", caps: { mon: "allow r" } }]);
  });
});
