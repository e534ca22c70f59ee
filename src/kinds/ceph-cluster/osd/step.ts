import { type OsdMap, osdDump } from "../../../ceph/commands/osd.ts";
import { imageFor } from "../../../daemons/image/plan-versions.ts";
import { apps } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import type { Act } from "../common/act.ts";
import { notYet } from "../common/outcome.ts";
import type { PlacedMon } from "../common/placed-mon.ts";
import { osdOfDeployment, type PlacedOsd } from "../common/placed-osd.ts";
import type { Step } from "../common/step.ts";
import type { StorageNode } from "../common/storage-nodes.ts";
import { storageNodes } from "../common/storage-nodes.ts";
import type { Daemons } from "../common/versions.ts";
import type { World } from "../common/world.ts";
import { crushLocationOf } from "./crush-location.ts";
import { type RefusedDevice, sayKept, sayNotUsed, sayOsds, tellRefused } from "./explain.ts";
import type { Findings } from "./findings.ts";
import { othersKept } from "./others-kept.ts";
import { lookAgain, prepareNode, remarksOf } from "./prepare.ts";
import { rollOutOsds } from "./roll-out.ts";

/** What is seen of the OSDs. */
export interface FoundOsds {
  readonly wanted: number;
  readonly up: number;
  readonly dump: OsdMap;
  /** Each has what it is to have. */
  readonly isUpdated: boolean;
}

/** The OSDs: a look at every storage node's devices, a Deployment for every OSD found, and done when each is up and in. */
export async function ensureOsds(
  world: World,
  act: Act,
  input: { daemons: Daemons | undefined; mons: readonly PlacedMon[] | undefined; mgrsAreDone: boolean },
): Promise<Step<FoundOsds>> {
  const { daemons } = input;
  if (daemons === undefined || input.mons === undefined) return { outcome: notYet };
  const { context, plan } = daemons;
  const { storage } = context.spec;
  const selected = storageNodes(storage, world.nodes, placementOf(context, "osd"));
  const existing = world.deployments.filter((d) => d.metadata.labels?.["app"] === apps.osd).flatMap((d) => osdOfDeployment(d) ?? []);
  // a new OSD is made with the image that OSDs run now
  const { image } = imageFor(plan, "osd", undefined, input.mgrsAreDone) ?? daemons.image;
  const kept = await othersKept(world, act);
  const looks = await Promise.all(
    selected.nodes.map(async (node) => ({ node, preparation: await prepareNode(world, act, { daemons, image, kept }, node, existing) })),
  );
  const preparations = looks.map(({ preparation }) => preparation);
  await lookAgain(world, act, preparations);
  if (world.ceph === undefined) return { outcome: notYet };

  const dump = await osdDump(act.ceph);
  const up = new Set(dump.osds.filter((o) => o.up === 1).map((o) => o.osd));
  const isIn = new Set(dump.osds.filter((o) => o.in === 1).map((o) => o.osd));
  const refused: RefusedDevice[] = [];
  const found = looks.flatMap(({ node, preparation }) =>
    preparation.state === "prepared" && preparation.findings ? placed(node, preparation.findings, dump, refused) : [],
  );
  const wanted = merge(existing, found, world, storage.nodes);
  const rollout = await rollOutOsds(world, act, { daemons, wanted, dump, mayChange: input.mgrsAreDone });

  const running = wanted.filter(({ id }) => up.has(id) && isIn.has(id));
  const outcome = sayOsds({
    world,
    looks,
    unknown: selected.unknown,
    unusable: selected.unusable.filter((name) => !existing.some((osd) => osd.hostname === name)),
    refused,
    kept,
    wanted,
    running,
    dump,
    rollout,
    isTurn: input.mgrsAreDone,
  });
  const isUpdated = rollout.held === undefined && rollout.progress === undefined;
  return {
    outcome,
    found: { wanted: wanted.length, up: running.length, dump, isUpdated },
    notes: refused.map(tellRefused),
    remarks: [...preparations.flatMap(remarksOf), ...sayNotUsed(refused), ...sayKept(kept)],
  };
}

/** The OSDs of one node's findings that the cluster knows; what it does not know is refused. */
function placed(node: StorageNode, findings: Findings, dump: OsdMap, refused: RefusedDevice[]): PlacedOsd[] {
  const named = node.selection.devices.length > 0;
  for (const { device, refusal } of findings.refused) refused.push({ hostname: node.hostname, device, refusal, named });
  return findings.osds.flatMap(({ id, uuid, device, deviceClass }) => {
    if (!dump.osds.some((o) => o.osd === id && o.uuid === uuid)) {
      refused.push({
        hostname: node.hostname,
        device,
        refusal: { code: "removed", id: String(id) },
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
  world: World,
  settings: readonly { name: string; resources?: PlacedOsd["resources"] }[],
): PlacedOsd[] {
  const all = new Map<number, PlacedOsd>();
  for (const osd of [...found, ...existing]) all.set(osd.id, osd);
  return [...all.values()]
    .sort((a, b) => a.id - b.id)
    .map((osd) => {
      const node = world.nodes.find((n) => hostnameOf(n) === osd.hostname);
      const crushLocation = node ? crushLocationOf(node, world.context.spec.storage.config["crushRoot"] ?? "default") : osd.crushLocation;
      const resources = settings.find((s) => s.name === osd.hostname)?.resources;
      return { ...osd, crushLocation, ...(resources ? { resources } : {}) };
    });
}
