import type { Clock } from "../kube/clock.ts";
import { Lease } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { isKubeError } from "../kube/kube-error.ts";
import type { ObjectKey } from "../kube/object.ts";
import { expiryOf, type LeaseTiming, leaseHeldBy } from "./lease-record.ts";

export interface LeaseClaimOptions {
  /** Not a cache: what is read must be what the API server says now. */
  kube: Pick<Kube, "get" | "create" | "update">;
  clock: Clock;
  /** Where the Lease is. */
  key: ObjectKey;
  timing: LeaseTiming;
}

/** One process's claim to a Lease, as single attempts. They throw `KubeError`, `conflict` and `alreadyExists` where another was faster. */
export interface LeaseClaim {
  /** Reads the record and takes it where no other process holds it. */
  tryAcquire(): Promise<"held" | "byAnother">;
  /** Writes over the record as last seen; where another process wrote since, looks at which. */
  tryRenew(): Promise<"held" | "byAnother">;
  /** When the request was about to be sent that last took or renewed the Lease, in milliseconds since 1970; 0 before. */
  renewedAt(): number;
  /** The record as last seen. */
  seen(): Lease | undefined;
}

/**
 * A claim that asks nothing until its first attempt.
 *
 * @example
 * const key = { namespace: "default", name: "widgets" };
 * const claim = createLeaseClaim({ kube, clock: systemClock, key, timing: { identity: "a", leaseDurationMs: 15_000 } });
 * const isMine = (await claim.tryAcquire()) === "held";
 */
export function createLeaseClaim({ kube, clock, key, timing }: LeaseClaimOptions): LeaseClaim {
  const { identity } = timing;
  /** The record as last seen, and when it was first seen so, by our clock. */
  let seen: { lease: Lease; since: number } | undefined;
  /** By our clock, from before the request that renewed was sent. */
  let renewedAt = 0;

  const see = (lease: Lease): void => {
    if (seen?.lease.metadata.resourceVersion !== lease.metadata.resourceVersion || seen?.lease.metadata.uid !== lease.metadata.uid) {
      seen = { lease, since: clock.now() };
    }
  };
  const write = async (verb: "create" | "update", lease: Lease, sentAt: number): Promise<"held"> => {
    see(await kube[verb](Lease, lease));
    renewedAt = sentAt;
    return "held";
  };
  const tryAcquire: LeaseClaim["tryAcquire"] = async () => {
    const sentAt = clock.now();
    const lease = await kube.get(Lease, key);
    if (lease === undefined) return write("create", leaseHeldBy({ metadata: key }, timing, sentAt), sentAt);
    see(lease);
    const mine = lease.spec?.holderIdentity === identity;
    if (!mine && clock.now() < expiryOf(lease, seen?.since ?? clock.now())) return "byAnother";
    return write("update", leaseHeldBy(lease, timing, sentAt), sentAt);
  };

  return {
    tryAcquire,
    tryRenew: async () => {
      const sentAt = clock.now();
      if (seen === undefined) return tryAcquire();
      try {
        return await write("update", leaseHeldBy(seen.lease, timing, sentAt), sentAt);
      } catch (error) {
        if (!isKubeError(error, "conflict", "notFound")) throw error;
        const lease = await kube.get(Lease, key);
        if (lease === undefined) return write("create", leaseHeldBy({ metadata: key }, timing, sentAt), sentAt);
        see(lease);
        return lease.spec?.holderIdentity === identity ? await write("update", leaseHeldBy(lease, timing, sentAt), sentAt) : "byAnother";
      }
    },
    renewedAt: () => renewedAt,
    seen: () => seen?.lease,
  };
}
