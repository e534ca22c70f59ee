import { type OsdMap, osdDump } from "../../../ceph/commands/osd.ts";
import { imageFor } from "../../../daemons/image/plan-versions.ts";
import { apps } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import { done, notYet, type Outcome } from "../common/outcome.ts";
import { daemonContext, type Pass } from "../common/pass.ts";
import { osdOfDeployment, type PlacedOsd } from "../common/placed-osd.ts";
import type { StorageNode } from "../common/storage-nodes.ts";
import { storageNodes } from "../common/storage-nodes.ts";
import { crushLocationOf } from "./crush-location.ts";
import { type RefusedDevice, sayOsds } from "./explain.ts";
import type { Findings } from "./findings.ts";
import { lookAgain, prepareNode } from "./prepare.ts";
import { requireRelease } from "./require-release.ts";
import { rollOutOsds } from "./roll-out.ts";

/** The OSDs: a look at every storage node's devices, a Deployment for every OSD found, and done when each is up and in. */
export async function osds(pass: Pass, input: { mgrsAreDone: boolean }): Promise<Outcome> {
  const context = daemonContext(pass);
  const { version, versions } = pass;
  if (context === undefined || version === undefined || pass.mons === undefined) return notYet;
  const { storage } = context.spec;
  const selected = storageNodes(storage, pass.nodes, placementOf(context, "osd"));
  const existing = pass.deployments.filter((d) => d.metadata.labels?.["app"] === apps.osd).flatMap((d) => osdOfDeployment(d) ?? []);
  // a new OSD is made with the image that OSDs run now
  const { image } = (versions && imageFor(versions, "osd", undefined, input.mgrsAreDone)) ?? version;
  const looks = await Promise.all(
    selected.nodes.map(async (node) => ({ node, preparation: await prepareNode(pass, { context, image }, node, existing) })),
  );
  await lookAgain(
    pass,
    looks.map((l) => l.preparation),
  );
  if (pass.ceph === undefined) return notYet;

  const dump = await osdDump(pass.ceph.connection);
  const up = new Set(dump.osds.filter((o) => o.up === 1).map((o) => `osd.${o.osd}`));
  const isIn = new Set(dump.osds.filter((o) => o.in === 1).map((o) => o.osd));
  const refused: RefusedDevice[] = [];
  const found = looks.flatMap(({ node, preparation }) =>
    preparation.state === "prepared" && preparation.findings ? placed(node, preparation.findings, dump, refused) : [],
  );
  const wanted = merge(existing, found, pass, storage.nodes);
  const rollout = await rollOutOsds(pass, { context, image: version, wanted, dump, mayChange: input.mgrsAreDone });

  const running = wanted.filter(({ id }) => up.has(`osd.${id}`) && isIn.has(id));
  pass.osds = { wanted: wanted.length, up: running.length };
  for (const { hostname, device, reason } of refused)
    pass.notes.push({ type: "Warning", reason: "DeviceRefused", message: `${hostname} ${device} ${reason}; it is not used` });
  const outcome = sayOsds({
    pass,
    looks,
    unknown: selected.unknown,
    unusable: selected.unusable.filter((name) => !existing.some((osd) => osd.hostname === name)),
    refused,
    wanted,
    running,
    dump,
    rollout,
    isTurn: input.mgrsAreDone,
  });
  // neither a device that cannot be used nor an OSD that is out or dead keeps an update from its end
  const isUpdated = rollout.held === undefined && rollout.progress === undefined;
  const ended = isUpdated ? await requireRelease(pass, dump) : done;
  return ended.state === "done" ? outcome : ended;
}

/** The OSDs of one node's findings that the cluster knows; what it does not know is refused. */
function placed(node: StorageNode, findings: Findings, dump: OsdMap, refused: RefusedDevice[]): PlacedOsd[] {
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
