import { describe, expect, test } from "@jest/globals";
import type { Pod } from "../../kube/kinds.ts";
import type { KubeReader } from "../../kube/kube.ts";
import { KubeError } from "../../kube/kube-error.ts";
import { createVirtualClock } from "../../simkube/virtual-clock.ts";
import type { CephIdentity } from "../ceph.ts";
import { createExecConnector } from "./exec-connector.ts";
import type { PodExec } from "./pod-exec.ts";

const identity: CephIdentity = { namespace: "rook-ceph", fsid: "f", monHost: "[v2:10.0.0.1:3300]", user: "client.admin", key: "SECRET" };

function monPod(name: string, phase: string, ready: boolean): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "rook-ceph", labels: { app: "rook-ceph-mon" } },
    status: { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  };
}

const readerOf = (pods: Pod[]): KubeReader => ({
  get: () => Promise.resolve(undefined),
  list: <T>() => Promise.resolve(pods as unknown as T[]),
});

type ExecTarget = Parameters<PodExec>[0];

function setUp(pods: Pod[], reply: (target: ExecTarget) => Awaited<ReturnType<PodExec>>) {
  const targets: ExecTarget[] = [];
  const exec: PodExec = async (target) => {
    targets.push(target);
    return reply(target);
  };
  const clock = createVirtualClock();
  return { targets, clock, connector: createExecConnector({ exec, kube: readerOf(pods), clock }) };
}

const prints = (answer: object) => ({ stdout: `a warning\n${JSON.stringify(answer)}\n`, stderr: "", exitCode: 0 });
const done = (out: string) => prints({ connected: true, ret: 0, out, outs: "" });
const pods = [monPod("mon-a", "Pending", false), monPod("mon-c", "Running", true), monPod("mon-b", "Running", false)];

describe("the exec transport", () => {
  test("asks in a ready mon Pod and gives the parsed answer", async () => {
    const { connector, targets } = setUp(pods, () => done('{"fsid":"f"}'));

    expect(await connector.connect(identity).command({ prefix: "status" })).toEqual({ fsid: "f" });
    expect(targets).toEqual([expect.objectContaining({ namespace: "rook-ceph", pod: "mon-c", container: "mon" })]);
  });

  test("sends all that is to be said through standard input, and the key nowhere else", async () => {
    const { connector, targets } = setUp(pods, () => done(""));

    await connector.connect(identity).command({ prefix: "auth import" }, { input: "[client.a]", target: "osd.3", timeoutMs: 2500 });

    const [target] = targets;
    expect(JSON.parse(target?.stdin ?? "")).toEqual({
      user: "client.admin",
      key: "SECRET",
      monHost: "[v2:10.0.0.1:3300]",
      command: '{"format":"json","prefix":"auth import"}',
      input: "[client.a]",
      target: { type: "osd", id: 3 },
      timeoutSeconds: 3,
    });
    expect(target?.command.join(" ")).not.toContain("SECRET");
  });

  test("a refusal of Ceph is that error", async () => {
    const { connector } = setUp(pods, () => prints({ connected: true, ret: -2, out: "", outs: "no such entity" }));

    await expect(connector.connect(identity).command({ prefix: "auth get" })).rejects.toMatchObject({ code: "ENOENT" });
  });

  test.each([
    [-13, "EACCES"],
    [-110, "timedOut"],
    [-107, "unreachable"],
  ])("a connection that failed with %i there is %s", async (ret, code) => {
    const { connector } = setUp(pods, () => prints({ connected: false, ret, out: "", outs: "why" }));

    await expect(connector.connect(identity).command({ prefix: "status" })).rejects.toMatchObject({ code });
  });

  test("without a running mon Pod the cluster is unreachable", async () => {
    const { connector } = setUp(pods.slice(0, 1), () => done(""));

    await expect(connector.connect(identity).command({ prefix: "status" })).rejects.toMatchObject({
      code: "unreachable",
      message: "ceph status: no mon Pod is running in namespace rook-ceph (unreachable)",
    });
  });

  test("a Pod in which nothing can be run makes the next command go to another one", async () => {
    const { connector, targets } = setUp(pods, ({ pod }) => {
      if (pod === "mon-c") throw new KubeError("unreachable", "reset");
      return done("1");
    });
    const ceph = connector.connect(identity);

    await expect(ceph.command({ prefix: "status" })).rejects.toMatchObject({ code: "unreachable" });
    expect(await ceph.command({ prefix: "status" })).toBe(1);
    expect(targets.map(({ pod }) => pod)).toEqual(["mon-c", "mon-b"]);
  });

  test("a container without Python is said to be that", async () => {
    const { connector } = setUp(pods, () => ({ stdout: "", stderr: "sh: python3: not found\n", exitCode: 127 }));

    await expect(connector.connect(identity).command({ prefix: "status" })).rejects.toMatchObject({
      code: "unreachable",
      message: "ceph status: Pod mon-c gave no answer (exit code 127): sh: python3: not found (unreachable)",
    });
  });

  test("a Pod that does not answer holds nobody longer than the limit", async () => {
    const clock = createVirtualClock();
    const connector = createExecConnector({ exec: () => new Promise(() => {}), kube: readerOf(pods), clock });
    const waiting = connector
      .connect(identity)
      .command({ prefix: "status" }, { timeoutMs: 1000 })
      .catch((error: unknown) => error);

    await clock.advance(1000);

    expect(await waiting).toMatchObject({ code: "timedOut" });
  });

  test("a closed connection takes no commands, and the connector makes another", async () => {
    const { connector } = setUp(pods, () => done("1"));
    const ceph = connector.connect(identity);
    expect(connector.connect({ ...identity })).toBe(ceph);

    await ceph.close();

    await expect(ceph.command({ prefix: "status" })).rejects.toMatchObject({ code: "aborted" });
    expect(await connector.connect(identity).command({ prefix: "status" })).toBe(1);
  });
});
