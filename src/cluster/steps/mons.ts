import { ConfigMap, type Pod, Secret, Service } from "../../kube/kinds.ts";
import { monDeployment, monService, type PlacedMon } from "../build/mons.ts";
import { placementOf } from "../build/placement.ts";
import { configSecret, endpointsConfigMap } from "../build/secrets.ts";
import { type KnownMon, knownMons, newMonIds, placeMons } from "../look/mons.ts";
import { isReady, podTrouble, readySince, timeOfDay } from "../look/pods.ts";
import { hostnameOf } from "../look/schedulable-nodes.ts";
import { apps, daemonIndex, names } from "../names.ts";
import { blocked, done, notYet, type Outcome, recheckDelay, waiting } from "../outcome.ts";
import { daemonContext, type Pass } from "../pass.ts";
import { rollOut } from "../rollout.ts";

/** The mons: their addresses, where they are written down, and the mons themselves; done when every one is in quorum. */
export async function mons(pass: Pass): Promise<Outcome> {
  const { kube } = pass.deps;
  const { namespace, spec } = pass.context;
  const endpoints = await kube.get(ConfigMap, { namespace, name: names.endpoints });
  const services = await kube.list(Service, { namespace, labels: { app: apps.mon, rook_cluster: namespace } });
  const known = knownMons(endpoints, pass.deployments, services);
  const maxMonId = Number(endpoints?.data?.["maxMonId"] ?? -1);

  const members: KnownMon[] =
    known.length > 0 ? known : newMonIds(spec.mon.count, known, Number.isInteger(maxMonId) ? maxMonId : -1).map((id) => ({ id }));
  const placement = placeMons({
    ids: members.filter((mon) => mon.hostname === undefined).map((mon) => mon.id),
    taken: members.flatMap((mon) => mon.hostname ?? []),
    nodes: pass.nodes,
    placement: placementOf(pass.context, "mon"),
    allowMultiplePerNode: spec.mon.allowMultiplePerNode,
  });
  if (placement.state === "tooFewNodes")
    return blocked(
      "NotEnoughNodes",
      `mon.count is ${spec.mon.count}, but only ${placement.nodes} of ${pass.nodes.length} nodes can take a mon; add nodes, lower mon.count, or set mon.allowMultiplePerNode (not for production)`,
    );

  // a fresh cluster's endpoints are read from the Services just made: an address is never guessed
  const placed = await Promise.all(
    members.map(async (mon): Promise<PlacedMon> => {
      const hostname = mon.hostname ?? placement.hostnames.get(mon.id) ?? "";
      return { id: mon.id, hostname, address: await addressOf(pass, mon, hostname) };
    }),
  );
  pass.mons = placed;
  const context = daemonContext(pass);
  if (context === undefined) return notYet;
  if ((await kube.get(Secret, { namespace, name: names.monsKeyring })) === undefined) return notYet;

  const highest = Math.max(maxMonId, ...placed.map((mon) => daemonIndex(mon.id)));
  await Promise.all([
    pass.apply(ConfigMap, endpointsConfigMap(pass.context, placed, highest)),
    pass.apply(Secret, configSecret(pass.context, placed)),
  ]);

  const quorum = new Set(pass.ceph?.status.quorum_names ?? []);
  const rollout = await rollOut(
    pass,
    placed.map((mon) => ({ daemon: `mon.${mon.id}`, deployment: monDeployment(context, mon) })),
    {
      serves: (daemon) => quorum.has(daemon.slice("mon.".length)),
      mayChange: true,
      mayStop: (daemon) => Promise.resolve(othersHoldQuorum(placed, quorum, daemon)),
    },
  );
  const out = placed.filter((mon) => !quorum.has(mon.id));
  if (rollout.held !== undefined && out.length === 0)
    return waiting("StartingMons", `Updating mons: ${rollout.held.daemon} waits, since ${rollout.held.why}`, 5000);
  if (out.length > 0 || rollout.pending.length > 0)
    return waiting("StartingMons", progress(pass, placed, quorum), recheckDelay(youngest(pass), pass.now));
  if (placed.length !== spec.mon.count)
    return blocked(
      "MonCountChange",
      `mon.count is ${spec.mon.count}, but the cluster has ${placed.length} mons; changing the number of mons of a running cluster is not yet supported`,
    );
  return done;
}

/** The address that is or will be in the monmap: a Service's, or, on the host network, the node's. */
async function addressOf(pass: Pass, mon: KnownMon, hostname: string): Promise<string> {
  if (pass.context.spec.network.hostNetwork) {
    if (mon.address !== undefined) return mon.address;
    const node = pass.nodes.find((n) => hostnameOf(n) === hostname);
    const address =
      node?.metadata.annotations?.["network.rook.io/mon-ip"] ?? node?.status?.addresses?.find((a) => a.type === "InternalIP")?.address;
    if (address === undefined) throw new Error(`node ${hostname} has no InternalIP for mon ${mon.id}`);
    return address;
  }
  const service = await pass.apply(Service, monService(pass.context, mon.id, mon.address));
  const address = service.spec?.clusterIP;
  if (address === undefined || address === "") throw new Error(`Service ${names.mon(mon.id)} has no cluster IP`);
  return address;
}

function othersHoldQuorum(placed: readonly PlacedMon[], quorum: ReadonlySet<string>, daemon: string): true | string {
  if (placed.length === 1) return true;
  const missing = placed.filter((mon) => `mon.${mon.id}` !== daemon && !quorum.has(mon.id));
  return missing.length === 0 ? true : `mon ${missing.map((mon) => mon.id).join(", ")} is not in quorum`;
}

const podsOf = (pass: Pass): Pod[] => pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mon);

function youngest(pass: Pass): number | undefined {
  const times = podsOf(pass).map(readySince);
  return times.length === 0 ? undefined : Math.max(...times);
}

function progress(pass: Pass, placed: readonly PlacedMon[], quorum: ReadonlySet<string>): string {
  const inQuorum = placed.filter((mon) => quorum.has(mon.id)).length;
  const troubles = placed.flatMap((mon) => {
    const pod = podsOf(pass).find((p) => p.metadata.labels?.["mon"] === mon.id && p.metadata.deletionTimestamp === undefined);
    const trouble = pod && podTrouble(pod);
    if (trouble) return [`mon ${mon.id} on ${mon.hostname} ${trouble}`];
    if (quorum.size === 0 || quorum.has(mon.id)) return [];
    return [
      pod === undefined
        ? `mon ${mon.id} on ${mon.hostname} has no Pod`
        : `mon ${mon.id} on ${mon.hostname} is ${isReady(pod) ? "running but not in quorum" : "not ready"} since ${timeOfDay(readySince(pod))}`,
    ];
  });
  return [`Starting mons: ${inQuorum} of ${placed.length} in quorum`, ...troubles].join("; ");
}
