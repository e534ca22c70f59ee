import type { Lease } from "../kube/kinds.ts";
import type { ObjectMeta } from "../kube/object.ts";

export interface LeaseTiming {
  identity: string;
  leaseDurationMs: number;
}

/**
 * The record that says that `identity` holds the Lease from `now` on; `resourceVersion` and all else is taken over.
 *
 * @example
 * const timing = { identity: "a", leaseDurationMs: 15_000 };
 * const lease = leaseHeldBy({ metadata: { namespace: "default", name: "widgets" } }, timing, Date.now());
 */
export function leaseHeldBy(
  lease: { metadata: ObjectMeta; spec?: Lease["spec"] },
  { identity, leaseDurationMs }: LeaseTiming,
  now: number,
): Lease {
  const before = lease.spec;
  const time = microTime(now);
  const stays = before?.holderIdentity === identity;
  const transitions = before?.leaseTransitions ?? 0;
  return {
    ...lease,
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    spec: {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: Math.round(leaseDurationMs / 1000),
      acquireTime: stays ? (before.acquireTime ?? time) : time,
      renewTime: time,
      // Counts changes of the holder; the first holder is none.
      leaseTransitions: stays || before === undefined ? transitions : transitions + 1,
    },
  };
}

/**
 * The record that says that no process holds the Lease any more.
 *
 * @example await kube.update(Lease, releasedLease(lease, Date.now()));
 */
export function releasedLease(lease: Lease, now: number): Lease {
  const time = microTime(now);
  return { ...lease, spec: { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1, acquireTime: time, renewTime: time } };
}

/**
 * Until when the holder's claim stands, in milliseconds since 1970, for one who has seen the record unchanged since `since`.
 *
 * @example const mayBeTaken = Date.now() >= expiryOf(lease, seenAt);
 */
export function expiryOf(lease: Lease, since: number): number {
  const holder = lease.spec?.holderIdentity ?? "";
  return holder === "" ? 0 : since + (lease.spec?.leaseDurationSeconds ?? 0) * 1000;
}

/**
 * RFC 3339 with exactly six decimals: the API server refuses any other number of them.
 *
 * @example microTime(0) // "1970-01-01T00:00:00.000000Z"
 */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
