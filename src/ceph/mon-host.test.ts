import { describe, expect, test } from "@jest/globals";
import { formatMonEndpoints, formatMonHost, parseMonEndpoints, parseMonHost, usualMonAddress } from "./mon-host.ts";

describe("mon_host", () => {
  const both = [usualMonAddress("10.0.0.1"), usualMonAddress("fd00::2")];
  const text = "[v2:10.0.0.1:3300,v1:10.0.0.1:6789],[v2:[fd00::2]:3300,v1:[fd00::2]:6789]";

  test("is written with both protocols, IPv6 in brackets", () => {
    expect(formatMonHost(both)).toBe(text);
  });

  test("is read back", () => {
    expect(parseMonHost(text)).toEqual(both);
  });

  test.each([
    ["v2:10.0.0.1:3300", [{ host: "10.0.0.1", v2: 3300 }]],
    ["[v2:10.0.0.1:3300/0,v1:10.0.0.1:6789/0]", [usualMonAddress("10.0.0.1")]],
    [
      "10.0.0.1:6789, 10.0.0.2:3300",
      [
        { host: "10.0.0.1", v1: 6789 },
        { host: "10.0.0.2", v2: 3300 },
      ],
    ],
    ["mon.example", [usualMonAddress("mon.example")]],
    ["[fd00::1]:6789,[fd00::2]", [{ host: "fd00::1", v1: 6789 }, usualMonAddress("fd00::2")]],
    ["", []],
    [",", []],
  ])("%j, as people write it, is understood", (written, addresses) => {
    expect(parseMonHost(written)).toEqual(addresses);
  });
});

describe("endpoints of mons", () => {
  const endpoints = [
    { id: "a", host: "10.0.0.1", port: 6789 },
    { id: "b", host: "fd00::2", port: 3300 },
  ];

  test("are written and read back", () => {
    expect(formatMonEndpoints(endpoints)).toBe("a=10.0.0.1:6789,b=[fd00::2]:3300");
    expect(parseMonEndpoints("a=10.0.0.1:6789, b=[fd00::2]:3300")).toEqual(endpoints);
  });

  test("parts that are none are left out, and a missing port is the usual one", () => {
    expect(parseMonEndpoints("=x,a=,,c=10.0.0.3")).toEqual([{ id: "c", host: "10.0.0.3", port: 6789 }]);
  });
});
