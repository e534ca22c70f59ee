import { expect, test } from "@jest/globals";
import { nodeObjectName } from "./node-object-name.ts";

const hashed = /^rook-ceph-osd-zone-[0-9a-f]{32}$/;

test.each<[string, string | RegExp]>([
  ["eu-west", "rook-ceph-osd-zone-eu-west"],
  ["node1.example.com", "rook-ceph-osd-zone-node1.example.com"],
  ["2", "rook-ceph-osd-zone-2"],
  ["EU_West.0", hashed],
  ["Rack", hashed],
  ["a_b", hashed],
  ["a.-b", hashed],
  ["x".repeat(60), hashed],
])("what is made for the domain %s has a name that Kubernetes takes", (domain, expected) => {
  const name = nodeObjectName("rook-ceph-osd-zone", domain);

  expect(name).toMatch(expected);
  if (typeof expected === "string") expect(name).toBe(expected);
});

test("two domains never have one name", () => {
  expect(nodeObjectName("rook-ceph-osd-zone", "A_b")).not.toBe(nodeObjectName("rook-ceph-osd-zone", "a_B"));
});
