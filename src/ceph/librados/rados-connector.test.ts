import { setImmediate as turn } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { silentLogger } from "../../kube/logger.ts";
import { createVirtualClock, type VirtualClock } from "../../simkube/virtual-clock.ts";
import type { CephAnswer } from "../answer.ts";
import type { CephConnector, CephIdentity } from "../ceph.ts";
import type { CephTarget } from "../target.ts";
import type { Rados, RadosHandle } from "./rados.ts";
import { createRadosConnector } from "./rados-connector.ts";

const identity: CephIdentity = { namespace: "rook-ceph", fsid: "f", monHost: "[v2:10.0.0.1:3300]", user: "client.admin", key: "K" };

/** A call into librados that the test ends. */
interface Call<T> {
  end(value: T): void;
}

/** librados under the test's hands: what was made, set and asked, and calls that hang until the test ends them. */
class HandDrivenRados implements Rados {
  readonly handles: HandDrivenHandle[] = [];
  refusedOption: string | undefined;

  create(user: string): RadosHandle {
    const handle = new HandDrivenHandle(user, this.refusedOption);
    this.handles.push(handle);
    return handle;
  }

  get last(): HandDrivenHandle {
    const handle = this.handles.at(-1);
    if (handle === undefined) throw new Error("no handle was made");
    return handle;
  }
}

class HandDrivenHandle implements RadosHandle {
  readonly user: string;
  readonly options = new Map<string, string>();
  readonly connects: Call<number>[] = [];
  readonly commands: (Call<CephAnswer> & { target: CephTarget; json: string; input: string })[] = [];
  isFreed = false;
  readonly #refusedOption: string | undefined;

  constructor(user: string, refusedOption: string | undefined) {
    this.user = user;
    this.#refusedOption = refusedOption;
  }

  set(option: string, value: string): number {
    if (option === this.#refusedOption) return -22;
    this.options.set(option, value);
    return 0;
  }

  connect(): Promise<number> {
    return new Promise((resolve) => this.connects.push({ end: resolve }));
  }

  command(target: CephTarget, json: string, input: string): Promise<CephAnswer> {
    return new Promise((resolve) => this.commands.push({ end: resolve, target, json, input }));
  }

  shutdown(): Promise<void> {
    this.isFreed = true;
    return Promise.resolve();
  }

  /** Ends the connecting, and waits until the command that wanted it has been sent. */
  async letIn(ret = 0): Promise<void> {
    await turn();
    this.connects[0]?.end(ret);
    await turn();
  }
}

const answer = (out: string): CephAnswer => ({ ret: 0, out, outs: "" });

describe("the librados transport", () => {
  let rados: HandDrivenRados;
  let clock: VirtualClock;
  let connector: CephConnector;
  let connected: string[];

  beforeEach(() => {
    rados = new HandDrivenRados();
    clock = createVirtualClock();
    connected = [];
    connector = createRadosConnector({ clock, log: silentLogger, rados, onConnected: ({ monHost }) => connected.push(monHost) });
  });

  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  test("says nothing to the cluster before the first command", () => {
    connector.connect(identity);

    expect(rados.handles).toEqual([]);
  });

  test("connects as the user, to the mons, with the key, and gives the parsed answer", async () => {
    const status = connector.connect(identity).command({ prefix: "status" });
    await rados.last.letIn();
    rados.last.commands[0]?.end(answer('{"fsid":"f"}'));

    expect(await status).toEqual({ fsid: "f" });
    expect(rados.last.user).toBe("client.admin");
    expect(rados.last.options.get("mon_host")).toBe("[v2:10.0.0.1:3300]");
    expect(rados.last.options.get("key")).toBe("K");
    expect(rados.last.commands[0]).toMatchObject({ target: { type: "mon" }, json: '{"format":"json","prefix":"status"}', input: "" });
    expect(connected).toEqual([identity.monHost]);
  });

  test("lets go of the cluster of a namespace that nobody needs any more, and of no other", async () => {
    const gone = connector.connect(identity);
    const status = gone.command({ prefix: "status" });
    await rados.last.letIn();
    rados.last.commands[0]?.end(answer("1"));
    await status;
    const [handle] = rados.handles;
    const other = connector.connect({ ...identity, namespace: "other" });

    await connector.release("rook-ceph");

    expect(handle?.isFreed).toBe(true);
    expect(await failure(gone.command({ prefix: "status" }))).toMatchObject({ code: "aborted" });
    expect(connector.connect({ ...identity, namespace: "other" })).toBe(other);
    expect(connector.connect(identity)).not.toBe(gone);
  });

  test("an option that this librados does not know is gone without", async () => {
    rados.refusedOption = "ms_async_op_threads";
    const status = connector.connect(identity).command({ prefix: "status" });
    await rados.last.letIn();
    rados.last.commands[0]?.end(answer("1"));

    expect(await status).toBe(1);
  });

  test("a key that librados does not understand is an error, and nothing is sent", async () => {
    rados.refusedOption = "key";

    await expect(connector.connect(identity).command({ prefix: "status" })).rejects.toMatchObject({ code: "EINVAL" });
    expect(rados.last.connects).toEqual([]);
  });

  test.each([
    ["mgr", { type: "mgr" }],
    ["osd.3", { type: "osd", id: 3 }],
    ["mon.a", { type: "namedMon", name: "a" }],
  ] as const)("a command for %s goes there, with its input", async (target, expected) => {
    void failure(connector.connect(identity).command({ prefix: "x" }, { target, input: "data" }));
    await rados.last.letIn();

    expect(rados.last.commands[0]).toMatchObject({ target: expected, input: "data" });
  });

  test("commands share one connection, two at a time to the mons, one to daemons", async () => {
    const ceph = connector.connect(identity);
    for (let i = 0; i < 4; i++) void failure(ceph.command({ prefix: `mon ${i}` }));
    for (let i = 0; i < 2; i++) void failure(ceph.command({ prefix: `osd ${i}` }, { target: "osd.0" }));
    await rados.last.letIn();

    expect(rados.handles).toHaveLength(1);
    expect(rados.last.commands.map(({ json }) => (JSON.parse(json) as { prefix: string }).prefix)).toEqual(["mon 0", "mon 1", "osd 0"]);
  });

  test("no caller is held longer than its limit; the attempt to connect goes on for the next caller", async () => {
    const ceph = connector.connect(identity);
    const first = failure(ceph.command({ prefix: "status" }, { timeoutMs: 300 }));
    await clock.advance(300);
    expect(await first).toMatchObject({ code: "timedOut" });

    const second = ceph.command({ prefix: "status" }, { timeoutMs: 300 });
    await rados.last.letIn();
    rados.last.commands[0]?.end(answer('"there"'));

    expect(await second).toBe("there");
    expect(rados.handles).toHaveLength(1);
    expect(rados.last.commands).toHaveLength(1);
  });

  test.each([
    [-13, "EACCES"],
    [-110, "timedOut"],
    [-111, "unreachable"],
  ])("a connection that fails with %i is the error %s, is freed, and is tried again by the next command", async (ret, code) => {
    const ceph = connector.connect(identity);
    const first = failure(ceph.command({ prefix: "status" }));
    await rados.last.letIn(ret);
    expect(await first).toMatchObject({ code, prefix: "status" });
    expect(rados.last.isFreed).toBe(true);

    const second = ceph.command({ prefix: "status" });
    await rados.last.letIn();
    rados.last.commands[0]?.end(answer("1"));

    expect(await second).toBe(1);
    expect(rados.handles).toHaveLength(2);
  });

  test("mons that did not answer librados in time are connected to anew", async () => {
    const ceph = connector.connect(identity);
    const first = failure(ceph.command({ prefix: "status" }));
    await rados.last.letIn();
    rados.last.commands[0]?.end({ ret: -110, out: "", outs: "" });
    expect(await first).toMatchObject({ code: "timedOut" });

    void failure(ceph.command({ prefix: "status" }));
    await turn();

    expect(rados.handles.map(({ isFreed }) => isFreed)).toEqual([true, false]);
  });

  test("a daemon that did not answer costs no connection", async () => {
    const ceph = connector.connect(identity);
    const first = failure(ceph.command({ prefix: "status" }, { target: "osd.0" }));
    await rados.last.letIn();
    rados.last.commands[0]?.end({ ret: -110, out: "", outs: "" });
    await first;

    expect(rados.last.isFreed).toBe(false);
  });

  test("the same identity gets the same connection; another one gets its own, and the old one is freed when its calls have ended", async () => {
    const ceph = connector.connect(identity);
    const pending = failure(ceph.command({ prefix: "status" }));
    await rados.last.letIn();
    const old = rados.last;
    expect(connector.connect({ ...identity })).toBe(ceph);

    const other = connector.connect({ ...identity, monHost: "[v2:10.0.0.2:3300]" });

    expect(other).not.toBe(ceph);
    expect(await pending).toMatchObject({ code: "aborted" });
    expect(old.isFreed).toBe(false);
    old.commands[0]?.end(answer(""));
    await turn();
    expect(old.isFreed).toBe(true);
  });

  test("a connection of another namespace is another one", () => {
    expect(connector.connect({ ...identity, namespace: "second" })).not.toBe(connector.connect(identity));
  });

  test("closing fails what is under way, frees what has ended, and waits two seconds for the rest", async () => {
    const ceph = connector.connect(identity);
    const pending = failure(ceph.command({ prefix: "status" }));
    await rados.last.letIn();

    let isClosed = false;
    const closing = connector.close().then(() => (isClosed = true));
    expect(await pending).toMatchObject({ code: "aborted" });
    await clock.advance(1999);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closing;

    expect(rados.last.isFreed).toBe(false);
    await expect(ceph.command({ prefix: "status" })).rejects.toMatchObject({ code: "aborted" });
  });

  test("whoever closes a connection gets a new one for the same identity", async () => {
    const ceph = connector.connect(identity);
    await ceph.close();

    expect(connector.connect(identity)).not.toBe(ceph);
  });

  test("a librados that cannot be loaded makes the cluster unreachable, and says what to do", async () => {
    const without = createRadosConnector({ clock, log: silentLogger, library: "libnothere-rados.so.2" });

    await expect(without.connect(identity).command({ prefix: "status" })).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(
        "libnothere-rados.so.2 cannot be loaded, which talking to Ceph in the cluster needs: install librados2",
      ),
    });
  });

  test("no error tells the key", async () => {
    const secret = { ...identity, key: "AQBlrVBnAAAAABAAqq3DmzE1tqmLuALcHs2nFw==" };
    const failed = failure(connector.connect(secret).command({ prefix: "status" }));
    await rados.last.letIn(-13);

    expect(String(await failed)).not.toContain(secret.key);
  });
});
