import { describe, expect, test } from "@jest/globals";
import { silentLogger } from "../kube/logger.ts";
import { createVirtualClock, type VirtualClock } from "../simkube/virtual-clock.ts";
import { startHealthServer } from "./health-server.ts";
import type { LeaderElection } from "./leader-election.ts";
import { createManager, type ManagerEnd, type ManagerOptions } from "./manager.ts";

interface World {
  clock: VirtualClock;
  /** What happened, in order. */
  story: string[];
  stop: AbortController;
  synced: () => void;
  acquire: (leads: boolean) => void;
  lose: () => void;
  /** The pass under way ends. */
  endPass: () => void;
  end: { value?: ManagerEnd };
}

/** A manager of one cache and one controller with a pass under way, which ends when told to, or when it is aborted. */
function setUp(options: Partial<ManagerOptions> & { alone?: boolean; heedsAbort?: boolean } = {}): World {
  const { alone = false, heedsAbort = true, ...rest } = options;
  const clock = createVirtualClock();
  const story: string[] = [];
  const stop = new AbortController();
  const sync = Promise.withResolvers<void>();
  const acquired = Promise.withResolvers<boolean>();
  const lost = Promise.withResolvers<"lost">();
  const pass = Promise.withResolvers<void>();
  const election: LeaderElection = {
    acquire: (signal) => {
      story.push("asks to lead");
      signal.addEventListener("abort", () => acquired.resolve(false), { once: true });
      return acquired.promise;
    },
    hold: (signal) =>
      Promise.race([
        lost.promise,
        new Promise<"stopped">((resolve) => {
          signal.addEventListener("abort", () => {
            story.push("no longer renews");
            resolve("stopped");
          });
        }),
      ]),
    release: async () => void story.push("releases the Lease"),
  };
  const manager = createManager({
    clock,
    log: silentLogger,
    caches: [
      {
        start: (signal) => {
          story.push("caches start");
          signal.addEventListener("abort", () => story.push("caches stop"));
        },
        synced: () => sync.promise,
        health: () => ({ synced: false, details: [], kinds: [] }),
      },
    ],
    controllers: [
      {
        name: "test",
        health: () => undefined,
        run: async (signals) => {
          story.push("works");
          signals.stop.addEventListener("abort", () => story.push("takes no more work"));
          signals.abort.addEventListener("abort", () => {
            story.push("pass is aborted");
            if (heedsAbort) pass.resolve();
          });
          await pass.promise;
          story.push("pass ends");
        },
      },
    ],
    events: { flush: async () => void story.push("events are written") },
    ...(alone ? {} : { election }),
    ...rest,
  });
  const end: World["end"] = {};
  void manager.run(stop.signal).then((value) => (end.value = value));
  return {
    clock,
    story,
    stop,
    synced: () => sync.resolve(),
    acquire: (leads) => acquired.resolve(leads),
    lose: () => lost.resolve("lost"),
    endPass: () => pass.resolve(),
    end,
  };
}

async function leading(options: Parameters<typeof setUp>[0] = {}): Promise<World> {
  const world = setUp(options);
  world.synced();
  world.acquire(true);
  await world.clock.advance(0);
  world.story.length = 0;
  return world;
}

describe("the manager", () => {
  test("works only when caches are read and it leads", async () => {
    const { clock, story, synced, acquire } = setUp();
    await clock.advance(60_000);
    expect(story).toEqual(["caches start"]);
    synced();
    await clock.advance(60_000);
    expect(story).toEqual(["caches start", "asks to lead"]);
    acquire(true);
    await clock.advance(0);
    expect(story).toEqual(["caches start", "asks to lead", "works"]);
  });

  test("works at once without an election", async () => {
    const { clock, story, synced } = setUp({ alone: true });
    synced();
    await clock.advance(0);
    expect(story).toEqual(["caches start", "works"]);
  });

  test("ends before it works when it is stopped while it waits for its caches", async () => {
    const { clock, story, stop, end } = setUp();
    await clock.advance(0);
    stop.abort(new Error("got SIGTERM"));
    await clock.advance(0);
    expect(end.value).toEqual({ exitCode: 0, reason: "got SIGTERM" });
    expect(story).toEqual(["caches start", "caches stop"]);
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test("ends before it works when it is stopped while it stands by", async () => {
    const { clock, story, stop, synced, end } = setUp();
    synced();
    await clock.advance(0);
    stop.abort(new Error("got SIGTERM"));
    await clock.advance(0);
    expect(end.value).toEqual({ exitCode: 0, reason: "got SIGTERM" });
    expect(story).toEqual(["caches start", "asks to lead", "caches stop"]);
  });

  test("gives up the Lease only after passes have ended and events are written", async () => {
    const { clock, story, stop, endPass, end } = await leading();
    stop.abort(new Error("got SIGTERM"));
    await clock.advance(5_000);
    expect(story).toEqual(["takes no more work"]);
    endPass();
    await clock.advance(0);
    expect(story).toEqual([
      "takes no more work",
      "pass ends",
      "events are written",
      "no longer renews",
      "releases the Lease",
      "caches stop",
    ]);
    expect(end.value).toEqual({ exitCode: 0, reason: "got SIGTERM" });
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test("aborts passes that take too long to end", async () => {
    const { clock, story, stop, end } = await leading();
    stop.abort(new Error("got SIGTERM"));
    await clock.advance(9_999);
    expect(story).toEqual(["takes no more work"]);
    await clock.advance(1);
    expect(story.slice(1)).toEqual([
      "pass is aborted",
      "pass ends",
      "events are written",
      "no longer renews",
      "releases the Lease",
      "caches stop",
    ]);
    expect(end.value?.exitCode).toBe(0);
  });

  test("leaves the Lease to expire when a pass does not even heed that", async () => {
    const { clock, story, stop, end } = await leading({ heedsAbort: false });
    stop.abort(new Error("got SIGTERM"));
    await clock.advance(12_000);
    expect(story).toEqual(["takes no more work", "pass is aborted", "events are written", "no longer renews", "caches stop"]);
    expect(end.value?.exitCode).toBe(0);
  });

  test("does not wait for ever for events", async () => {
    const { clock, story, stop, endPass, end } = await leading({ events: { flush: () => new Promise(() => {}) } });
    stop.abort(new Error("got SIGTERM"));
    endPass();
    await clock.advance(2_000);
    expect(story).toContain("releases the Lease");
    expect(end.value?.exitCode).toBe(0);
  });

  test("aborts everything at once and fails when the Lease is lost", async () => {
    const { clock, story, lose, end } = await leading({ heedsAbort: false });
    lose();
    await clock.advance(0);
    expect(end.value).toEqual({ exitCode: 1, reason: "The Lease is lost: another process may lead now." });
    expect(story).toContain("pass is aborted");
    expect(story).not.toContain("releases the Lease");
  });

  test("fails when the Lease is lost while passes end", async () => {
    const { clock, story, stop, lose, end } = await leading({ heedsAbort: false });
    stop.abort(new Error("got SIGTERM"));
    await clock.advance(1_000);
    lose();
    await clock.advance(0);
    expect(end.value?.exitCode).toBe(1);
    expect(story).not.toContain("releases the Lease");
  });

  test("is ready once its caches are read, also while it stands by", async () => {
    const free = await startHealthServer({ port: 0, live: {}, ready: {}, metrics: async () => ({ text: "", contentType: "text/plain" }) });
    await free.close();
    let synced = false;
    const sync = Promise.withResolvers<void>();
    const { clock, stop, story, end } = setUp({
      health: { port: free.port, metrics: async () => ({ text: "up 1\n", contentType: "text/plain" }) },
      caches: [
        {
          start: () => {},
          synced: () => sync.promise,
          health: () => ({ synced, details: synced ? [] : ["Not allowed to list pods."], kinds: [] }),
        },
      ],
    });
    const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${free.port}${path}`)).text();
    // The server listens a few turns of the event loop later.
    for (let turn = 0; turn < 20; turn++) await clock.advance(0);
    expect(await get("/readyz")).toBe("caches: Not allowed to list pods.\n");
    expect(await get("/healthz")).toBe("ok\n");
    expect(await get("/metrics")).toBe("up 1\n");
    synced = true;
    sync.resolve();
    await clock.advance(0);
    expect(await get("/readyz")).toBe("ok\n");
    expect(story).toEqual(["asks to lead"]);
    stop.abort();
    while (end.value === undefined) await clock.advance(0);
    await expect(get("/readyz")).rejects.toThrow();
  });

  test("fails, and says so, when a controller breaks", async () => {
    const world = await leading({
      controllers: [{ name: "test", health: () => undefined, run: () => Promise.reject(new Error("broken")) }],
    });
    await world.clock.advance(0);
    expect(world.end.value).toEqual({ exitCode: 1, reason: "A controller failed: broken" });
  });
});
