import type { Ceph, CephCommandOptions } from "../ceph.ts";

export type HealthStatus = "HEALTH_OK" | "HEALTH_WARN" | "HEALTH_ERR";

/** `ceph health`. Muted checks do not count in `status`. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly mutes: readonly HealthMute[];
}

export interface HealthCheck {
  readonly severity: HealthStatus;
  readonly summary: { readonly message: string; readonly count: number };
  /** Only where details were asked for. */
  readonly detail?: readonly { readonly message: string }[];
  readonly muted: boolean;
}

export interface HealthMute {
  readonly code: string;
  readonly sticky: boolean;
  readonly summary: string;
  readonly count: number;
  /** When it ends; absent: never. */
  readonly ttl?: string;
}

/** The cluster's health with the details of each check. */
export function healthDetail(ceph: Ceph, options?: CephCommandOptions): Promise<HealthReport> {
  return ceph.command({ prefix: "health", detail: "detail" }, options);
}

/** Silences a check, known now or not. `sticky` keeps it so when the check goes and comes back; `ttl` is such as `1h`. */
export async function muteHealth(ceph: Ceph, code: string, mute: { readonly ttl?: string; readonly sticky?: boolean } = {}): Promise<void> {
  await ceph.command({ prefix: "health mute", code, ...mute });
}

export async function unmuteHealth(ceph: Ceph, code: string): Promise<void> {
  await ceph.command({ prefix: "health unmute", code });
}
