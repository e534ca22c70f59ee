import type { OsdMap } from "../../../ceph/commands/osd.ts";
import { sayNoReturn } from "../../../daemons/diagnosis/no-return.ts";
import { nodeRefusal } from "../../../daemons/diagnosis/node-refusal.ts";
import { sayObjects, sayShortly, sayTime, sayTroubles, type Troubled } from "../../../daemons/diagnosis/trouble.ts";
import { apps, names } from "../../../daemons/names.ts";
import { placementOf } from "../../../daemons/pod/placement.ts";
import { readySince, timeOfDay } from "../../../daemons/pod/pods.ts";
import { hostnameOf } from "../../../daemons/pod/schedulable-nodes.ts";
import { sayHold, sayMoving, sayProgress } from "../../../daemons/rollout/explain.ts";
import type { Rollout } from "../../../daemons/rollout/roll-out.ts";
import { blocked, done, notYet, type Outcome, recheckDelay, waiting } from "../common/outcome.ts";
import type { PlacedOsd } from "../common/placed-osd.ts";
import type { ClusterEvent } from "../common/reasons.ts";
import { sayHeld } from "../common/say-held.ts";
import type { StorageNode } from "../common/storage-nodes.ts";
import { whyNotStop } from "../common/why-not-stop.ts";
import type { World } from "../common/world.ts";
import { type DeviceRefusal, explainRefusal } from "./device-refusal.ts";
import type { OsdHold } from "./hold.ts";
import type { OthersKept } from "./others-kept.ts";
import type { Preparation } from "./prepare.ts";
import { prepareJobNames } from "./prepare-job.ts";
import { osdTrouble } from "./trouble.ts";

/** A device that was looked at and is not used. */
export interface RefusedDevice {
  readonly hostname: string;
  readonly device: string;
  readonly refusal: DeviceRefusal;
  /** Asked for by name, so its absence leaves the spec unfulfilled. */
  readonly named: boolean;
}

/** All that tells how far the OSDs are. */
export interface OsdFindings {
  readonly world: World;
  readonly looks: readonly { readonly node: StorageNode; readonly preparation: Preparation }[];
  /** Names in the spec that no node has. */
  readonly unknown: readonly string[];
  /** Nodes named in the spec that take no Pods now, and have no OSD. */
  readonly unusable: readonly string[];
  readonly refused: readonly RefusedDevice[];
  /** Of which other clusters no OSD is wiped. */
  readonly kept: OthersKept;
  readonly wanted: readonly PlacedOsd[];
  readonly running: readonly PlacedOsd[];
  readonly dump: OsdMap;
  readonly rollout: Rollout<OsdHold>;
  /** Whether OSDs may be changed now, as far as other daemons are concerned. */
  readonly isTurn: boolean;
}

/** How far the OSDs are, in one sentence that names each that does not run, and each device and node that cannot be used. */
export function sayOsds(findings: OsdFindings): Outcome {
  const { world, looks, wanted, running, rollout, isTurn } = findings;
  const { held, pending, progress } = rollout;
  const preparations = looks.map(({ preparation }) => preparation);
  const preparing = sayTroubles(
    preparations.flatMap((look) => (look.state === "prepared" ? [] : (look.troubled ?? []))),
    world.now,
  );
  const named = findings.refused.filter((device) => device.named);
  const unfulfilled = [...sayRefused(named), ...sayLooks(findings, named), ...sayUnusable(findings), ...sayNotWiped(findings, named)];
  const failed = preparations.find((look) => look.state === "failed");
  const rechecks = preparations.flatMap((look) => (look.state === "failed" ? look.recheckAfterMs : []));
  if (running.length < wanted.length) {
    const { told, sentences } = sayDown(findings);
    const up = `${running.length} of ${wanted.length} up`;
    const moving = rollout.moving.filter((daemon) => !told.has(daemon));
    const message = [
      progress === undefined ? `Starting OSDs: ${up}` : `Updating OSDs: ${sayProgress(progress)}, ${up}`,
      ...(progress === undefined || moving.length === 0 ? [] : [sayMoving({ moving })]),
      ...sentences,
      ...(progress === undefined || held === undefined || !isTurn || moving.length > 0 ? [] : [sayHold(held, sayOsdHold)]),
      ...preparing,
      ...unfulfilled,
    ].join("; ");
    const again = Math.min(recheckDelay(youngest(world), world.now), ...rechecks);
    return waiting(progress === undefined ? "StartingOSDs" : "UpdatingOSDs", message, again);
  }
  if (held !== undefined && isTurn) return sayHeld({ reason: "UpdatingOSDs", kind: "OSDs", sayOwn: sayOsdHold }, rollout, held);
  if (pending.length > 0 && isTurn) {
    const some = sayMoving(rollout) || sayObjects(pending);
    return waiting("UpdatingOSDs", `Updating OSDs: ${[...(progress === undefined ? [] : [sayProgress(progress)]), some].join("; ")}`, 5000);
  }
  if (failed?.state === "failed")
    return blocked(
      "PreparingOSDs",
      [`Preparing OSDs: ${preparing.join("; ")}; it is tried again every 30 s`, ...unfulfilled].join("; "),
      Math.min(...rechecks),
    );
  const looking = looks.filter(({ preparation }) => preparation.state === "preparing" && preparation.isTold);
  if (looking.length > 0) {
    const smooth = looking.filter(({ preparation }) => preparation.state === "preparing" && preparation.troubled === undefined);
    const said = smooth.length === 0 ? [] : [`looking at the devices of ${sayObjects(smooth.map(({ node }) => node.hostname))}`];
    return waiting("PreparingOSDs", `Preparing OSDs: ${[...said, ...preparing, ...unfulfilled].join("; ")}`);
  }
  // a node that is not there gives one at least
  const lacking = findings.unknown.length + findings.unusable.length;
  if (unfulfilled.length > 0)
    return blocked(
      "DevicesRefused",
      [
        `Starting OSDs: ${running.length} of ${lacking === 0 ? "" : "at least "}${wanted.length + named.length + lacking} up`,
        ...unfulfilled,
      ].join("; "),
      60_000,
    );
  if (wanted.length === 0) {
    const why = sayNone(findings);
    if (why.length > 0) return blocked("NoUsableDevices", ["Starting OSDs: no device can be used", ...why].join("; "), 60_000);
  }
  // those that wait for their turn are told of by the step before
  return held !== undefined || pending.length > 0 ? notYet : done;
}

/** Why an OSD must not be stopped for a change of its Pod; follows `since`. */
function sayOsdHold(hold: OsdHold): string {
  switch (hold.type) {
    case "noReturn":
      return sayNoReturn(hold.noReturn);
    case "othersLost": {
      const named = hold.lost.map(({ daemon, trouble }) => (trouble === undefined ? daemon : `${daemon} ${sayShortly(trouble)}`));
      return `those changed before it do not come back: ${named.join(", ")}; cure what they say, or set back what was changed in the spec; purge those whose disks are lost (ceph osd purge), and delete their Deployments`;
    }
    case "settling":
      return "Ceph is given a moment to see what the last change did to its PGs";
    case "unclean": {
      const count = hold.states.reduce((sum, state) => sum + state.count, 0);
      const which = hold.states.slice(0, 3).map(({ state_name, count: some }) => `${some} ${state_name}`);
      return `${count} PGs are not clean (${which.join(", ")}), as upgradeOSDRequiresHealthyPGs asks`;
    }
    case "notOk":
      return whyNotStop(hold.refusal, hold.pools);
    case "until":
      return `${sayOsdHold(hold.why)}; continueUpgradeAfterChecksEvenIfNotHealthy is set: at ${timeOfDay(hold.until)} it is stopped all the same`;
  }
}

/** The event about a device that is not used. */
export function tellRefused({ hostname, device, refusal }: RefusedDevice): ClusterEvent {
  const { what, help, isOwn } = explainRefusal(refusal);
  const said = isOwn ? `${what}; ${help}` : what;
  return { type: "Warning", reason: "DeviceRefused", message: `${hostname} ${device} ${said}; it is not used` };
}

/** The remark about devices that are not used; empty where there are none. */
export function sayNotUsed(refused: readonly RefusedDevice[]): string[] {
  if (refused.length === 0) return [];
  const some = refused
    .slice(0, 3)
    .map((device) => tellRefused(device).message)
    .join(", ");
  return [`not used: ${some}${refused.length > 3 ? ` and ${refused.length - 3} more, see the events` : ""}`];
}

/** The remark that no OSD of another cluster is wiped though the spec allows it; empty where that is not so. */
export function sayKept(kept: OthersKept): string[] {
  if (kept.type !== "unknown") return [];
  return [
    `no OSD of another cluster is wiped: the operator cannot read the fsid of the CephCluster ${sayObjects(kept.clusters)}, whose OSD it may be; restore its Secret ${names.identity}, or delete that CephCluster`,
  ];
}

/** The same where a device that is missed has an OSD of another cluster. */
function sayNotWiped({ kept }: OsdFindings, missed: readonly RefusedDevice[]): string[] {
  return missed.some(({ refusal }) => refusal.code === "foreign") ? sayKept(kept) : [];
}

/** Why OSDs are down, and of which that is told. A drain is told by the step that sees to it. */
function sayDown({ world, wanted, running, dump }: OsdFindings): { told: ReadonlySet<string>; sentences: string[] } {
  const down = wanted
    .filter((osd) => !running.includes(osd))
    .map((osd) => ({ osd, node: world.nodes.find((node) => hostnameOf(node) === osd.hostname) }));
  const lost = down.flatMap(({ osd, node }) => (node === undefined ? [osd] : []));
  const troubled = down.flatMap(({ osd, node }) => {
    const trouble = node === undefined || node.spec?.unschedulable === true ? undefined : osdTrouble(world, osd, dump);
    return trouble === undefined ? [] : [{ id: osd.id, object: `osd.${osd.id} on ${osd.hostname}`, trouble }];
  });
  const sentences = lost
    .slice(0, 3)
    .map(
      ({ id, hostname }) =>
        `osd.${id}'s node ${hostname} is gone: bring it back with its disks, or, if those are lost, purge the OSD (ceph osd purge ${id}) and delete its Deployment`,
    );
  const told = new Set([...lost, ...troubled].map(({ id }) => `osd.${id}`));
  return { told, sentences: [...sentences, ...sayTroubles(troubled, world.now)] };
}

function sayRefused(refused: readonly RefusedDevice[]): string[] {
  const troubled = refused.map(({ hostname, device, refusal }): Troubled => {
    const { what, help } = explainRefusal(refusal);
    return { object: `${hostname} ${device}`, trouble: { what, since: undefined, help } };
  });
  return sayTroubles(troubled, 0, 5);
}

/** When these devices were looked at, and what has them looked at again. */
function sayLooks({ looks }: OsdFindings, refused: readonly RefusedDevice[]): string[] {
  const asked = looks.flatMap(({ node: { hostname }, preparation }) =>
    preparation.state === "prepared" && preparation.findings && refused.some((device) => device.hostname === hostname)
      ? [{ hostname, at: preparation.findings.at }]
      : [],
  );
  const jobs = asked.map(({ hostname }) => prepareJobNames(hostname)[0]);
  return asked.length === 0
    ? []
    : [
        `looked at ${sayTime(Math.min(...asked.map(({ at }) => at)))}, and again within 10 minutes, or at once when Job ${sayObjects(jobs)} is deleted`,
      ];
}

function sayUnusable({ world, unknown, unusable }: OsdFindings): string[] {
  const said =
    unknown.length === 0
      ? []
      : [
          `storage.nodes names ${sayObjects(unknown)}, but no node has that value of the label kubernetes.io/hostname; correct the name, or add the node`,
        ];
  return [...said, ...sayTroubles(refusals(world, unusable), world.now)];
}

/** Why there is not one OSD; empty where the spec asks for none. */
function sayNone(findings: OsdFindings): string[] {
  const { world, looks, refused } = findings;
  const { storage } = world.context.spec;
  if (looks.length === 0)
    return storage.useAllNodes
      ? [
          `storage.useAllNodes is true, but none of ${world.nodes.length} nodes takes OSDs`,
          ...sayTroubles(refusals(world, world.nodes.map(hostnameOf)), world.now),
        ]
      : [];
  if (refused.length > 0) return [...sayRefused(refused), ...sayLooks(findings, refused), ...sayNotWiped(findings, refused)];
  return looks.slice(0, 3).map(({ node: { hostname, selection } }) => {
    const [field, value] =
      selection.deviceFilter !== ""
        ? ["deviceFilter", selection.deviceFilter]
        : selection.devicePathFilter !== ""
          ? ["devicePathFilter", selection.devicePathFilter]
          : ["useAllDevices", "true"];
    return `no device of ${hostname} matches ${field} ${value}; correct it, or add a disk and delete Job ${prepareJobNames(hostname)[0]}`;
  });
}

function refusals(world: World, hostnames: readonly string[]): Troubled[] {
  const placement = placementOf(world.context, "osd");
  return hostnames.flatMap((hostname) => {
    const node = world.nodes.find((each) => hostnameOf(each) === hostname);
    const trouble = node && nodeRefusal(node, placement, "placement.osd");
    return trouble === undefined ? [] : [{ object: hostname, trouble }];
  });
}

function youngest(world: World): number | undefined {
  const times = world.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.osd).map(readySince);
  return times.length === 0 ? undefined : Math.max(...times);
}
