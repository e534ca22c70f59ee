import { apps, daemonIndex, names } from "../../../daemons/names.ts";
import { isCovered } from "../../../kube/is-covered.ts";
import { ConfigMap, Secret } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { type PlacedMon } from "../common/placed-mon.ts";
import type { World } from "../common/world.ts";
import { configSecret, endpointsConfigMap, joiningKey } from "./build-endpoints.ts";
import type { MonPlan } from "./plan.ts";

/** A mon that has been out of quorum for less is not worth a word: one that restarts is back by then. */
export const settledQuorumMs = 10_000;

/**
 * Whether the cluster has data that is lost without its maps: OSDs, which get their ids from a quorum. Mgrs say nothing, as they are made before
 * there is one; nor do OSDs of an older CephCluster, which may be on their way out while this one begins.
 */
function hasOsds({ deployments, context }: World): boolean {
  return deployments.some(
    ({ metadata: { labels, ownerReferences } }) =>
      labels?.["app"] === apps.osd && ownerReferences?.some(({ uid }) => uid === context.owner.uid) === true,
  );
}

/**
 * Writes down where the mons are: first the ConfigMap, for people and tools, then the Secret, for daemons. Both name those that are in the
 * monmap and wanted, and those that join it. Neither is written from endpoints that are not so any more.
 *
 * @throws KubeError `conflict` where the ConfigMap has changed meanwhile
 */
export async function writeEndpoints(world: World, act: Act, plan: MonPlan, mons: readonly PlacedMon[]): Promise<void> {
  const { objects, quorum, lastIndex } = plan;
  const { kube, live } = act;
  const ids = mons.map((mon) => mon.id);
  const said = (text: string | undefined) => (text ?? "").split(",").filter((id) => ids.includes(id));
  const outBefore = said(objects.endpoints?.data?.["outOfQuorum"]);
  // while Ceph does not answer, what it said last stands
  const out = quorum === undefined ? outBefore : ids.filter((id) => quorum.map.has(id) && !quorum.inQuorum.has(id));
  const outOfQuorum = quorum !== undefined && quorum.ageMs < settledQuorumMs ? out.filter((id) => outBefore.includes(id)) : out;
  const endpoints = endpointsConfigMap(world.context, mons, { maxMonId: Math.max(lastIndex, ...ids.map(daemonIndex)), outOfQuorum });
  const isRight = objects.endpoints !== undefined && isCovered(endpoints, objects.endpoints);
  if (!isRight) {
    const { resourceVersion } = objects.endpoints?.metadata ?? {};
    const version = resourceVersion === undefined ? {} : { resourceVersion };
    await act.apply(ConfigMap, { ...endpoints, metadata: { ...endpoints.metadata, ...version } });
  }

  const { namespace } = world.context;
  const before = await kube.get(Secret, { namespace, name: names.config });
  const joiningBefore = said(Buffer.from(before?.data?.[joiningKey] ?? "", "base64").toString());
  const joining = quorum === undefined ? joiningBefore : ids.filter((id) => !quorum.map.has(id));
  const secret = configSecret(world.context, mons, { joining, exists: hasOsds(world) });
  if (before !== undefined && isCovered(secret, before)) return;
  if (isRight && !plan.isLive) {
    const now = await live.get(ConfigMap, { namespace, name: names.endpoints });
    // the cache is late: the change wakes the next pass
    if (now?.data?.["data"] !== endpoints.data?.["data"]) return;
  }
  await act.apply(Secret, secret);
}
