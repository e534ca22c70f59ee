import { daemonTrouble } from "../../../daemons/diagnosis/daemon-trouble.ts";
import { sayTroubles } from "../../../daemons/diagnosis/trouble.ts";
import { type CephImage, imageOfDeployment } from "../../../daemons/image/daemon-images.ts";
import { imageFor, isDone } from "../../../daemons/image/plan-versions.ts";
import { apps } from "../../../daemons/names.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import { isCovered } from "../../../kube/is-covered.ts";
import { Deployment } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { collectorFields } from "../common/daemon-types.ts";
import { done, notYet, type Outcome, waiting } from "../common/outcome.ts";
import type { Daemons } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { crashCollector, crashCollectorName } from "./build.ts";

/**
 * A crash collector on every node that runs a daemon, where the image has one; none elsewhere. New ones wait until storage serves:
 * they start a Ceph command for each report they find, which is the last thing that a cluster coming up has time for.
 */
export async function ensureCrashCollectors(
  world: World,
  act: Act,
  input: { daemons: Daemons | undefined; osdsAreDone: boolean },
): Promise<Outcome> {
  const { daemons } = input;
  if (daemons === undefined || world.ceph === undefined) return notYet;
  const { context, image } = daemons;
  const wanted = context.spec.crashCollector.disable || image.hasCrash === false ? [] : hostsWithDaemons(world);
  const current = world.deployments.filter((d) => d.metadata.labels?.["app"] === apps.crashCollector);
  if (current.length === 0 && wanted.length > 0 && !input.osdsAreDone) return notYet;
  const keep = new Set(wanted.map(crashCollectorName));
  await Promise.all([
    ...wanted.map(async (hostname) => {
      const found = current.find((d) => d.metadata.name === crashCollectorName(hostname));
      const deployment = crashCollector(context, hostname, imageToRun(world, daemons, found));
      if (found === undefined || !isCovered(deployment, found)) await act.apply(Deployment, deployment);
    }),
    ...current
      .filter(({ metadata: { name = "" } }) => !keep.has(name) && !world.leftAlone.has(name))
      .map((d) =>
        act.kube.delete(
          Deployment,
          { namespace: context.namespace, name: d.metadata.name ?? "" },
          d.metadata.uid ? { uid: d.metadata.uid } : {},
        ),
      ),
  ]);
  const late = wanted.filter(
    (hostname) => (current.find((d) => d.metadata.name === crashCollectorName(hostname))?.status?.availableReplicas ?? 0) === 0,
  );
  if (late.length === 0) return done;
  const troubled = late.flatMap((hostname) => {
    const trouble = daemonTrouble(world, crashCollectorName(hostname), collectorFields);
    return trouble === undefined ? [] : [{ object: `the crash collector on ${hostname}`, trouble }];
  });
  return waiting(
    "StartingCrashCollectors",
    [`Starting crash collectors: ${wanted.length - late.length} of ${wanted.length} running`, ...sayTroubles(troubled, world.now)].join(
      "; ",
    ),
  );
}

/** The image that it is to run now: it is the last of an update, when mons, mgrs and OSDs are all done. */
function imageToRun({ ceph, leftAlone }: World, { plan, image }: Daemons, found: Deployment | undefined): CephImage {
  return imageFor(plan, "rest", found && imageOfDeployment(found), isDone(plan, ceph?.versions, leftAlone)) ?? image;
}

function hostsWithDaemons(world: World): string[] {
  const nodeNames = new Set(
    world.pods.filter((pod) => pod.metadata.labels?.["ceph_daemon_type"] !== undefined).flatMap((pod) => pod.spec?.nodeName ?? []),
  );
  return world.nodes
    .filter((node) => nodeNames.has(node.metadata.name ?? ""))
    .map(hostnameOf)
    .sort();
}
