import type { Clock } from "../kube/clock.ts";
import { Lease } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { Logger } from "../kube/logger.ts";
import { createLeaseClaim } from "./lease-claim.ts";
import { releasedLease } from "./lease-record.ts";

export interface LeaderElectionOptions {
  /** Not a cache: what is read must be what the API server says now. */
  kube: Pick<Kube, "get" | "create" | "update">;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  log: Logger;
  namespace: string;
  /** Of the Lease. */
  name: string;
  /** Who this process is; no other process may ever have had the same. */
  identity: string;
  /** How long a leader that is silent stays leader in the eyes of others; 15 s where absent. */
  leaseDurationMs?: number;
  /** A leader that could not renew for so long steps down; must be shorter than the duration; 10 s where absent. */
  renewDeadlineMs?: number;
  /** How often is tried: to become leader, or to renew after a failure; 2 s where absent. */
  retryPeriodMs?: number;
  /** How often a leader renews while all is well; 5 s where absent, which leaves two more attempts before the deadline. */
  renewIntervalMs?: number;
  /** Hears when this process becomes leader and when it no longer is. */
  onChange?: (isLeader: boolean) => void;
}

/**
 * Lets one of several processes work, by a Lease.
 *
 * Guarantees: a leader that cannot renew in time says so before another can take over, whatever the clocks of the machines say:
 * both sides only measure how long a record has stood still by their own clock. Two that write at the same time are told apart by
 * `resourceVersion`.
 * Assumptions: clocks run at about the same speed; who hears `lost` stops at once.
 * Cost: 12 requests a minute for the leader, 20 to 30 for each one who stands by.
 */
export interface LeaderElection {
  /** Resolves true when this process leads, false when `signal` aborts before. Failures are logged and tried again. */
  acquire(signal: AbortSignal): Promise<boolean>;
  /** After `acquire`: renews until `signal` aborts (`stopped`; the Lease is still held) or the Lease is lost. */
  hold(signal: AbortSignal): Promise<"stopped" | "lost">;
  /** Lets another take over at once. To be called when nothing works any more. Failures are logged. */
  release(): Promise<void>;
}

type Attempt = "held" | "byAnother" | "failed";

/**
 * A member of the election that does nothing until `acquire`.
 *
 * @example
 * const where = { namespace: "default", name: "widgets", identity: randomUUID() };
 * const election = createLeaderElection({ kube, clock: systemClock, random: Math.random, log, ...where });
 * if (await election.acquire(signal)) console.log(await election.hold(signal));
 */
export function createLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const { kube, clock, random, namespace, name, identity, onChange } = options;
  const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2_000, renewIntervalMs = 5_000 } = options;
  if (renewDeadlineMs >= leaseDurationMs) throw new RangeError("renewDeadlineMs must be less than leaseDurationMs");
  const log = options.log.child({ lease: `${namespace}/${name}`, identity });
  const claim = createLeaseClaim({ kube, clock, key: { namespace, name }, timing: { identity, leaseDurationMs } });
  let leads = false;

  const lead = (isLeader: boolean): void => {
    if (leads === isLeader) return;
    leads = isLeader;
    onChange?.(isLeader);
  };
  const renew = (): Promise<Attempt> => attempt(() => claim.tryRenew(), log);

  return {
    acquire: async (signal) => {
      let waitsFor: string | undefined;
      while (!signal.aborted) {
        const result = await attempt(() => claim.tryAcquire(), log);
        if (result === "held") {
          lead(true);
          log.info("Leading");
          return true;
        }
        const holder = claim.seen()?.spec?.holderIdentity;
        if (result === "byAnother" && holder !== waitsFor) log.info("Standing by", { holder });
        waitsFor = holder;
        await pause(clock, retryPeriodMs * (1 + random()), signal);
      }
      return false;
    },
    hold: async (signal) => {
      let delayMs = renewIntervalMs;
      for (;;) {
        const deadline = claim.renewedAt() + renewDeadlineMs;
        await pause(clock, Math.min(delayMs, Math.max(0, deadline - clock.now())), signal);
        if (signal.aborted) return "stopped";
        const result = clock.now() >= deadline ? "failed" : await answerBy(clock, deadline, renew);
        if (result === "byAnother" || (result === "failed" && clock.now() >= deadline)) {
          lead(false);
          log.error("Lease is lost", { holder: claim.seen()?.spec?.holderIdentity });
          return "lost";
        }
        delayMs = result === "held" ? renewIntervalMs : retryPeriodMs;
      }
    },
    release: async () => {
      const seen = claim.seen();
      if (!leads || seen === undefined) return;
      lead(false);
      try {
        await kube.update(Lease, releasedLease(seen, clock.now()));
        log.info("Lease released");
      } catch (error) {
        log.warn("Lease could not be released; another process takes over when it expires", { error });
      }
    },
  };
}

async function attempt(act: () => Promise<Attempt>, log: Logger): Promise<Attempt> {
  try {
    return await act();
  } catch (error) {
    const expected = isKubeError(error, "conflict", "alreadyExists");
    log[expected ? "debug" : "warn"]("Lease could not be written", { error });
    return "failed";
  }
}

/** An answer that comes after the deadline is as bad as none. */
async function answerBy(clock: Clock, deadline: number, act: () => Promise<Attempt>): Promise<Attempt> {
  const late = new AbortController();
  const timeout = clock.sleep(Math.max(0, deadline - clock.now()), late.signal).then(
    () => "failed" as const,
    () => "failed" as const,
  );
  const result = await Promise.race([act(), timeout]);
  late.abort();
  return result;
}

/** Sleeps, and wakes early where the signal aborts. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => {});
}
