import { type OsdMap, osdDump, osdOkToStop } from "../../ceph/commands/osd.ts";
import { crushLocationOf } from "../build/crush-location.ts";
import { osdDeployment, osdOfDeployment, type PlacedOsd } from "../build/osds.ts";
import { placementOf } from "../build/placement.ts";
import type { Findings, StorageNode } from "../look/devices.ts";
import { storageNodes } from "../look/devices.ts";
import { isReady, podTrouble, readySince, timeOfDay } from "../look/pods.ts";
import { hostnameOf } from "../look/schedulable-nodes.ts";
import { apps } from "../names.ts";
import { blocked, done, notYet, type Outcome, recheckDelay, waiting } from "../outcome.ts";
import { daemonContext, type Pass } from "../pass.ts";
import { rollOut } from "../rollout.ts";
import { type Preparation, prepareNode } from "./prepare-osds.ts";

interface Refused {
  readonly hostname: string;
  readonly device: string;
  readonly reason: string;
  /** Asked for by name, so its absence leaves the spec unfulfilled. */
  readonly named: boolean;
}

/** The OSDs: a look at every storage node's devices, a Deployment for every OSD found, and done when each is up and in. */
export async function osds(pass: Pass, input: { mgrsAreDone: boolean }): Promise<Outcome> {
  const context = daemonContext(pass);
  if (context === undefined || pass.mons === undefined) return notYet;
  const { storage } = context.spec;
  const selected = storageNodes(storage, pass.nodes, placementOf(context, "osd"));
  const existing = pass.deployments.filter((d) => d.metadata.labels?.["app"] === apps.osd).flatMap((d) => osdOfDeployment(d) ?? []);
  const looks = await Promise.all(selected.nodes.map(async (node) => ({ node, preparation: await prepareNode(pass, node, existing) })));
  if (pass.ceph === undefined) return notYet;

  const dump = await osdDump(pass.ceph.connection);
  const up = new Set(dump.osds.filter((o) => o.up === 1).map((o) => `osd.${o.osd}`));
  const isIn = new Set(dump.osds.filter((o) => o.in === 1).map((o) => o.osd));
  const refused: Refused[] = [];
  const found = looks.flatMap(({ node, preparation }) =>
    preparation.state === "prepared" && preparation.findings ? placed(node, preparation.findings, dump, refused) : [],
  );
  const wanted = merge(existing, found, pass, storage.nodes);
  const rollout = await rollOut(
    pass,
    wanted.map((osd) => ({ daemon: `osd.${osd.id}`, deployment: osdDeployment(context, osd) })),
    {
      serves: (daemon) => up.has(daemon),
      mayChange: input.mgrsAreDone,
      mayStop: (daemon) => mayStop(pass, Number(daemon.slice("osd.".length))),
    },
  );

  const running = wanted.filter(({ id }) => up.has(`osd.${id}`) && isIn.has(id));
  pass.osds = { wanted: wanted.length, up: running.length };
  for (const { hostname, device, reason } of refused)
    pass.notes.push({ type: "Warning", reason: "DeviceRefused", message: `${hostname} ${device} ${reason}; it is not used` });
  return judge({
    pass,
    looks: looks.map((l) => l.preparation),
    unknown: selected.unknown,
    unusable: selected.unusable.filter((name) => !existing.some((osd) => osd.hostname === name)),
    refused,
    wanted,
    running,
    dump,
    held: rollout.held,
    pending: rollout.pending,
  });
}

/** The OSDs of one node's findings that the cluster knows; what it does not know is refused. */
function placed(node: StorageNode, findings: Findings, dump: OsdMap, refused: Refused[]): PlacedOsd[] {
  const named = node.selection.devices.length > 0;
  for (const { device, reason } of findings.refused) refused.push({ hostname: node.hostname, device, reason, named });
  return findings.osds.flatMap(({ id, uuid, device, deviceClass }) => {
    if (!dump.osds.some((o) => o.osd === id && o.uuid === uuid)) {
      refused.push({
        hostname: node.hostname,
        device,
        reason: `carries OSD ${id} of this cluster, which was removed from it; wipe the device to use it again`,
        named,
      });
      return [];
    }
    return [{ id, uuid, hostname: node.hostname, device, deviceClass, crushLocation: "" }];
  });
}

/** Every OSD once: what its Deployment says stands, what was found is added; places follow the nodes' labels. */
function merge(
  existing: readonly PlacedOsd[],
  found: readonly PlacedOsd[],
  pass: Pass,
  settings: readonly { name: string; resources?: PlacedOsd["resources"] }[],
): PlacedOsd[] {
  const all = new Map<number, PlacedOsd>();
  for (const osd of [...found, ...existing]) all.set(osd.id, osd);
  return [...all.values()]
    .sort((a, b) => a.id - b.id)
    .map((osd) => {
      const node = pass.nodes.find((n) => hostnameOf(n) === osd.hostname);
      const crushLocation = node ? crushLocationOf(node, pass.context.spec.storage.config["crushRoot"] ?? "default") : osd.crushLocation;
      const resources = settings.find((s) => s.name === osd.hostname)?.resources;
      return { ...osd, crushLocation, ...(resources ? { resources } : {}) };
    });
}

async function mayStop(pass: Pass, id: number): Promise<true | string> {
  if (pass.ceph === undefined) return "Ceph does not answer";
  const verdict = await osdOkToStop(pass.ceph.connection, [id]);
  return verdict.ok ? true : `Ceph says that it is not ok to stop: ${verdict.why}`;
}

interface Judged {
  readonly pass: Pass;
  readonly looks: readonly Preparation[];
  readonly unknown: readonly string[];
  /** Named nodes without an OSD that are not ready, cordoned, or not tolerated. */
  readonly unusable: readonly string[];
  readonly refused: readonly Refused[];
  readonly wanted: readonly PlacedOsd[];
  readonly running: readonly PlacedOsd[];
  readonly dump: OsdMap;
  readonly held: { readonly daemon: string; readonly why: string } | undefined;
  readonly pending: readonly string[];
}

function judge({ pass, looks, unknown, unusable, refused, wanted, running, dump, held, pending }: Judged): Outcome {
  const names = sayRefused(refused.filter((r) => r.named));
  const unknownNodes =
    unknown.length === 0
      ? []
      : [`storage.nodes names ${unknown.join(", ")}, but no node has that value of the label kubernetes.io/hostname`];
  if (unusable.length > 0)
    unknownNodes.push(
      `storage.nodes names ${unusable.join(", ")}, which takes no Pods now (not ready, cordoned, or a taint that placement.osd does not tolerate)`,
    );
  const failed = looks.find((look) => look.state === "failed");
  if (running.length < wanted.length) {
    const down = wanted.filter((osd) => !running.includes(osd)).map((osd) => describeDown(pass, osd, dump));
    const message = [
      `Starting OSDs: ${running.length} of ${wanted.length} up`,
      ...down.filter((d) => d !== "").slice(0, 3),
      ...names,
      ...unknownNodes,
    ].join("; ");
    return waiting("StartingOSDs", message, recheckDelay(youngest(pass), pass.now));
  }
  if (failed?.state === "failed")
    return blocked("PreparingOSDs", ["Preparing OSDs: " + failed.message, ...names].join("; "), failed.recheckAfterMs);
  const looking = looks.flatMap((look) => (look.state === "preparing" ? look.message || [] : []));
  if (looking.length > 0)
    return waiting(
      "PreparingOSDs",
      [
        `Preparing OSDs: ${looking.slice(0, 3).join(", ")}${looking.length > 3 ? ` and ${looking.length - 3} more nodes` : ""}`,
        ...names,
      ].join("; "),
    );
  if (names.length > 0 || unknownNodes.length > 0)
    return blocked(
      "DevicesRefused",
      [`Starting OSDs: ${running.length} of ${wanted.length + names.length} up`, ...names, ...unknownNodes].join("; "),
      60_000,
    );
  if (wanted.length === 0 && looks.length > 0)
    return blocked("NoUsableDevices", ["Starting OSDs: no device can be used", ...sayRefused(refused)].join("; "));
  if (held !== undefined) return waiting("StartingOSDs", `Updating OSDs: ${held.daemon} waits, since ${held.why}`, 5000);
  if (pending.length > 0)
    return waiting(
      "StartingOSDs",
      `Updating OSDs: ${pending.slice(0, 3).join(", ")}${pending.length > 3 ? ` and ${pending.length - 3} more` : ""}`,
      5000,
    );
  return done;
}

function sayRefused(refused: readonly Refused[]): string[] {
  const said = refused.slice(0, 5).map(({ hostname, device, reason }) => `${hostname} ${device} ${reason}`);
  return refused.length > 5 ? [...said, `and ${refused.length - 5} more devices, see the events`] : said;
}

function describeDown(pass: Pass, osd: PlacedOsd, dump: OsdMap): string {
  const pod = podsOf(pass).find((p) => p.metadata.labels?.["ceph-osd-id"] === String(osd.id) && p.metadata.deletionTimestamp === undefined);
  const trouble = pod && podTrouble(pod);
  if (trouble) return `osd.${osd.id} on ${osd.hostname} ${trouble}`;
  const state = dump.osds.find((o) => o.osd === osd.id);
  if (state?.up === 1 && state.in === 0) return `osd.${osd.id} on ${osd.hostname} is up but out`;
  return pod !== undefined && isReady(pod) && pass.now - readySince(pod) > 15_000
    ? `osd.${osd.id} on ${osd.hostname} is running but not up since ${timeOfDay(readySince(pod))}`
    : "";
}

const podsOf = (pass: Pass) => pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.osd);

function youngest(pass: Pass): number | undefined {
  const times = podsOf(pass).map(readySince);
  return times.length === 0 ? undefined : Math.max(...times);
}
