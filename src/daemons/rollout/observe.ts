import type { Deployment, Pod } from "../../kube/kinds.ts";
import type { DaemonType } from "../daemon-type.ts";
import { deploymentTrouble } from "../diagnosis/daemon-trouble.ts";
import { isReady, isSettled } from "../pod/pods.ts";
import type { DaemonState } from "./decide.ts";
import { lackOf } from "./lack.ts";

/** A daemon, the Deployment it should have now, and the one it has. */
export interface BuiltDaemon {
  /** `mon.a`, `osd.3` */
  readonly daemon: string;
  readonly wanted: Deployment;
  readonly found: Deployment | undefined;
}

/** What Ceph and the kind know of the daemons. */
export interface DaemonFacts {
  readonly type: DaemonType;
  /** Whether Ceph has the daemon up, which is known before Kubernetes has asked its probes. */
  readonly serves: (daemon: string) => boolean;
  /** Whether a daemon that Ceph has is in the middle of nothing, such as of taking a rank over; so for all where absent. */
  readonly isSteady?: (daemon: string) => boolean;
  /** Whether no other is stopped before it is back; so for all where absent. */
  readonly isAwaited?: (daemon: string) => boolean;
  /** What a daemon has in common with those that are changed alike: what one of them shows holds for all. */
  readonly likeness?: (daemon: string) => string;
}

/** In what state each daemon is. `now` is in milliseconds since 1970. */
export function statesOf(
  { pods, now }: { readonly pods: readonly Pod[]; readonly now: number },
  daemons: readonly BuiltDaemon[],
  facts: DaemonFacts,
): DaemonState[] {
  const { type, serves, isSteady, isAwaited, likeness } = facts;
  const podsOf = Map.groupBy(
    pods.filter(({ metadata }) => metadata.labels?.["app"] === type.app),
    ({ metadata }) => `${type.type}.${metadata.labels?.["ceph_daemon_id"] ?? ""}`,
  );
  return daemons.map(({ daemon, wanted, found }) => {
    const known = { daemon, serves: serves(daemon), isAwaited: isAwaited?.(daemon) ?? true, likeness: likeness?.(daemon) };
    if (found === undefined) return { ...known, lacks: "deployment", isBack: false };
    // one that a user has scaled down is not on its way, and its change stops nothing
    const isScaledDown = found.spec?.replicas === 0;
    const isBack = !isScaledDown && isSettled(found, false) && known.serves && (isSteady?.(daemon) ?? true);
    const own = podsOf.get(daemon) ?? [];
    // a Pod that has time left to end may keep its successor waiting, which no change cures
    const isReplaced = own.some(({ metadata: { deletionTimestamp: end } }) => end !== undefined && Date.parse(end) > now);
    // a change cures neither a lost node nor a Pod that its node does not end: both stay out of the diagnosis
    const staying = own.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    // a Pod that is ready has no trouble, whatever ended it before: in an election Ceph reports no mon, though each may serve
    const isFine = isBack || (!isScaledDown && (isReplaced || staying.some(isReady)));
    const trouble = isFine ? undefined : deploymentTrouble(found, staying, { now, fields: type.fields });
    return { ...known, lacks: lackOf(wanted, found), isBack, ...(trouble ? { trouble } : {}) };
  });
}
