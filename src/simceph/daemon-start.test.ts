import { expect, test } from "@jest/globals";
import { formatMonHost, usualMonAddress } from "../ceph/mon-host.ts";
import type { Pod } from "../kube/kinds.ts";
import { namesOneMonTwice, startFailure } from "./daemon-start.ts";

const monHost = formatMonHost(["10.0.0.1", "10.0.0.2"].map(usualMonAddress));
const version = "20.2.4";

function podOf(daemon: string, ...args: string[]): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: daemon, namespace: "rook-ceph" },
    spec: { containers: [{ name: daemon, image: "ceph:v20.2.4", args }] },
  };
}

test.each(["mon", "mgr", "osd", "mds"])("a %s whose mon_host has one address twice aborts", (daemon) => {
  const twice = `${monHost},${formatMonHost([usualMonAddress("10.0.0.1")])}`;

  expect(startFailure(podOf(daemon), daemon, { monHost: twice, version })).toMatchObject({ exitCode: 134 });
  expect(startFailure(podOf(daemon), daemon, { monHost, version })).toBeUndefined();
});

test("only the same addresses are twice: a mon that speaks one protocol beside one of that host that speaks both is another", () => {
  expect(namesOneMonTwice("[v2:10.0.0.1:3300,v1:10.0.0.1:6789],[v2:10.0.0.1:3300]")).toBe(false);
  expect(namesOneMonTwice("[v2:10.0.0.1:3300],[v2:10.0.0.1:3300]")).toBe(true);
});

test("an MDS whose name begins with a digit ends", () => {
  expect(startFailure(podOf("mds", "--id=1fs-a"), "mds", { monHost, version })?.message).toContain("mds.1fs-a");
  expect(startFailure(podOf("mds", "--id=fs1-a"), "mds", { monHost, version })).toBeUndefined();
});

test.each([
  ["mon", "too many arguments: [--colour]"],
  ["osd", "unrecognized arg --colour"],
])("a %s ends over a flag that is no option; mgrs and MDSs take any", (daemon, message) => {
  const args = ["--foreground", "--default-log-to-file=false", "--ms-bind-ipv4=true"];

  expect(startFailure(podOf(daemon, ...args), daemon, { monHost, version })).toBeUndefined();
  expect(startFailure(podOf(daemon, ...args, "--colour=blue"), daemon, { monHost, version })).toEqual({ exitCode: 1, message });
  expect(startFailure(podOf("mgr", "--colour=blue"), "mgr", { monHost, version })).toBeUndefined();
});
