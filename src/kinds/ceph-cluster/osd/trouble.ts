import type { OsdMap } from "../../../ceph/commands/osd.ts";
import { daemonTrouble, type Seen } from "../../../daemons/diagnosis/daemon-trouble.ts";
import type { Trouble } from "../../../daemons/diagnosis/trouble.ts";
import { apps, names } from "../../../daemons/names.ts";
import { isReady, readySince } from "../../../daemons/pod/pods.ts";
import { osdType } from "../common/daemon-types.ts";
import type { PlacedOsd } from "../common/placed-osd.ts";

/** Milliseconds that an OSD whose container runs is given to come up. */
const patienceMs = 15_000;

/** What keeps an OSD from being up and in; undefined where nothing is wrong (yet). */
export function osdTrouble(seen: Seen, { id }: PlacedOsd, { osds, flags_set: flags }: OsdMap): Trouble | undefined {
  const trouble = daemonTrouble(seen, names.osd(id), osdType.fields);
  if (trouble !== undefined) return trouble;
  const state = osds.find((each) => each.osd === id);
  if (state?.up === 1 && state.in === 0)
    return {
      what: "is up but out",
      since: undefined,
      help: flags.includes("noin") ? "the flag noin keeps it so: ceph osd unset noin" : `ceph osd in ${id}, if it is to be used`,
    };
  const pod = seen.pods.find(
    ({ metadata }) =>
      metadata.labels?.["app"] === apps.osd && metadata.labels["ceph-osd-id"] === String(id) && metadata.deletionTimestamp === undefined,
  );
  if (pod === undefined || !isReady(pod) || seen.now - readySince(pod) < patienceMs) return undefined;
  return {
    what: "runs but is not up",
    since: readySince(pod),
    help: flags.includes("noup")
      ? "the flag noup keeps it so: ceph osd unset noup"
      : `see whether it reaches the mons: kubectl logs -n ${pod.metadata.namespace ?? ""} ${pod.metadata.name ?? ""}`,
  };
}
