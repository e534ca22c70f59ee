import { describe, expect, test } from "@jest/globals";
import { Lease } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { KubeError } from "../kube/kube-error.ts";
import { silentLogger } from "../kube/logger.ts";
import { createFakeKube, type FakeKube } from "../simkube/api/fake-kube.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { createLeaderElection, type LeaderElection, type LeaderElectionOptions } from "./leader-election.ts";
import { microTime } from "./lease-record.ts";

const key = { namespace: "ns", name: "operator" };

interface World {
  clock: VirtualClock;
  kube: FakeKube;
  member: (identity: string, options?: Partial<LeaderElectionOptions>) => LeaderElection;
  lease: () => Promise<NonNullable<Lease["spec"]>>;
}

function setUp(): World {
  const clock = createVirtualClock();
  const kube = createFakeKube({ now: () => clock.now() });
  return {
    clock,
    kube,
    member: (identity, options = {}) =>
      createLeaderElection({ kube, clock, random: () => 0, log: silentLogger, ...key, identity, ...options }),
    lease: async () => {
      const spec = (await kube.get(Lease, key))?.spec;
      if (spec === undefined) throw new Error("There is no Lease");
      return spec;
    },
  };
}

/** What a promise has become, without waiting for it. */
function watch<T>(promise: Promise<T>): { value?: T } {
  const seen: { value?: T } = {};
  void promise.then((value) => (seen.value = value));
  return seen;
}

const never = new AbortController().signal;

describe("leader election", () => {
  test("makes the Lease where there is none, with times of six decimals", async () => {
    const { member, lease, clock } = setUp();
    expect(await member("a").acquire(never)).toBe(true);
    expect(await lease()).toEqual({
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      acquireTime: microTime(clock.now()),
      renewTime: microTime(clock.now()),
      leaseTransitions: 0,
    });
    expect(microTime(Date.UTC(2026, 0, 1) + 7)).toBe("2026-01-01T00:00:00.007000Z");
  });

  test("renews while it leads, so that another stands by", async () => {
    const { clock, member, lease } = setUp();
    const a = member("a");
    await a.acquire(never);
    const end = watch(a.hold(never));
    const b = watch(member("b").acquire(never));
    await clock.advance(120_000);
    expect(end.value).toBeUndefined();
    expect(b.value).toBeUndefined();
    expect((await lease()).holderIdentity).toBe("a");
    expect((await lease()).renewTime).toBe(microTime(clock.now()));
  });

  test("takes over from a leader that is silent, once the record has stood still for its duration", async () => {
    const { clock, member, lease } = setUp();
    await member("a").acquire(never);
    const b = watch(member("b").acquire(never));
    await clock.advance(14_000);
    expect(b.value).toBeUndefined();
    await clock.advance(3_000);
    expect(b.value).toBe(true);
    expect(await lease()).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  });

  test("believes its own clock and not the times in the record", async () => {
    const { clock, kube, member } = setUp();
    const ancient = microTime(0);
    await kube.create(Lease, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: key,
      spec: { holderIdentity: "a", leaseDurationSeconds: 15, renewTime: ancient, acquireTime: ancient },
    });
    const b = watch(member("b").acquire(never));
    await clock.advance(14_000);
    expect(b.value).toBeUndefined();
    await clock.advance(3_000);
    expect(b.value).toBe(true);
  });

  test("lets another in at once after a release", async () => {
    const { clock, member, lease } = setUp();
    const a = member("a");
    await a.acquire(never);
    const b = watch(member("b").acquire(never));
    await clock.advance(1_000);
    await a.release();
    expect(await lease()).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1 });
    await clock.advance(2_000);
    expect(b.value).toBe(true);
  });

  test("does not touch the Lease on release where it does not lead", async () => {
    const { kube, clock, member } = setUp();
    await member("a").acquire(never);
    const b = member("b");
    const stop = new AbortController();
    const acquired = watch(b.acquire(stop.signal));
    await clock.advance(0);
    stop.abort();
    await clock.advance(0);
    expect(acquired.value).toBe(false);
    kube.clearWrites();
    await b.release();
    expect(kube.writes()).toEqual([]);
  });

  test("lets only one of two win that start together", async () => {
    const { clock, member } = setUp();
    const members = ["a", "b", "c"].map((identity) => watch(member(identity).acquire(never)));
    await clock.advance(10_000);
    expect(members.filter(({ value }) => value === true)).toHaveLength(1);
  });

  test("is lost before the Lease could be taken, when the server fails for too long", async () => {
    const { clock, kube, member } = setUp();
    const a = member("a");
    await a.acquire(never);
    const start = clock.now();
    let lostAt = 0;
    void a.hold(never).then(() => (lostAt = clock.now()));
    kube.intercept(() => new KubeError("serverError", "not now"));
    await clock.advance(15_000);
    expect(lostAt - start).toBe(10_000);
  });

  test("is lost in time also when the server does not answer at all", async () => {
    const { clock, kube, member } = setUp();
    let silent = false;
    const mute: Pick<Kube, "get" | "create" | "update"> = {
      get: (kind, at) => kube.get(kind, at),
      create: (kind, object) => kube.create(kind, object),
      update: (kind, object) => (silent ? new Promise(() => {}) : kube.update(kind, object)),
    };
    const a = member("a", { kube: mute });
    await a.acquire(never);
    silent = true;
    const end = watch(a.hold(never));
    await clock.advance(9_999);
    expect(end.value).toBeUndefined();
    await clock.advance(1);
    expect(end.value).toBe("lost");
  });

  test("outlives a short trouble", async () => {
    const { clock, kube, member } = setUp();
    const a = member("a");
    await a.acquire(never);
    const end = watch(a.hold(never));
    kube.intercept(() => new KubeError("unreachable", "not now"));
    await clock.advance(8_000);
    kube.intercept(undefined);
    await clock.advance(60_000);
    expect(end.value).toBeUndefined();
  });

  test("outlives a lost answer: the record that it wrote is still its own", async () => {
    const { clock, kube, member } = setUp();
    const a = member("a");
    await a.acquire(never);
    const end = watch(a.hold(never));
    kube.intercept(() => "loseReply");
    await clock.advance(6_000);
    kube.intercept(undefined);
    await clock.advance(60_000);
    expect(end.value).toBeUndefined();
  });

  test("is lost at once when another holds the Lease", async () => {
    const { clock, kube, member } = setUp();
    const a = member("a");
    await a.acquire(never);
    const end = watch(a.hold(never));
    await kube.mergePatch(Lease, key, { spec: { holderIdentity: "b" } });
    await clock.advance(5_000);
    expect(end.value).toBe("lost");
  });

  test("makes a Lease anew that somebody deleted", async () => {
    const { clock, kube, member, lease } = setUp();
    const a = member("a");
    await a.acquire(never);
    const end = watch(a.hold(never));
    await kube.delete(Lease, key);
    await clock.advance(5_000);
    expect((await lease()).holderIdentity).toBe("a");
    expect(end.value).toBeUndefined();
  });

  test("stops holding when asked to, and tells when it begins and ends to lead", async () => {
    const { clock, member } = setUp();
    const told: boolean[] = [];
    const a = member("a", { onChange: (isLeader) => told.push(isLeader) });
    await a.acquire(never);
    const stop = new AbortController();
    const end = watch(a.hold(stop.signal));
    stop.abort();
    await clock.advance(0);
    expect(end.value).toBe("stopped");
    await a.release();
    expect(told).toEqual([true, false]);
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test("costs a leader twelve requests a minute", async () => {
    const { clock, kube, member } = setUp();
    const a = member("a");
    await a.acquire(never);
    void a.hold(never);
    kube.clearWrites();
    await clock.advance(60_000);
    expect(kube.writes()).toHaveLength(12);
  });
});
