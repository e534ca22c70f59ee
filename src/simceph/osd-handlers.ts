import { CephError } from "../ceph/ceph-error.ts";
import { newKey } from "./auth-handlers.ts";
import { isUuid } from "./is-uuid.ts";
import { changeOsdMap } from "./observe.ts";
import { newOsd, osdMap, osdMetadata, osdTree } from "./osd-answers.ts";
import { poolsThatNeed } from "./placement-groups.ts";
import { list, monVersion, refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";
import { releaseMajor, releaseName, type SimOsd, stamp } from "./sim-state.ts";

/** Releases that the simulation has nothing to do with, but which Ceph knows. */
const formerReleases: readonly string[] = ["luminous", "mimic", "nautilus", "octopus", "pacific"];

/** The OSD map and OSDs. */
export const osdHandlers: Readonly<SimHandlers> = {
  "osd dump": (call) => {
    const { state, command } = call;
    if (command["epoch"] === undefined) return osdMap(state);
    const at = state.osdEpochs.get(Number(command["epoch"]));
    if (at === undefined) throw refuse(call, "ENOENT", `there is no map for epoch ${text(call, "epoch")}`);
    // of an old map only its time is known here
    return { epoch: Number(command["epoch"]), fsid: state.fsid, modified: stamp(at) };
  },
  "osd tree": ({ state }) => osdTree(state),
  "osd ls": ({ state }) => [...state.osds.keys()],
  "osd crush class ls": ({ state }) => [...new Set([...state.osds.values()].filter((osd) => osd.upFrom > 0).map((osd) => osd.deviceClass))],
  "osd metadata": (call) => {
    if (call.command["id"] === undefined) return [...call.state.osds.values()].map(osdMetadata);
    return osdMetadata(known(call, text(call, "id")));
  },
  "osd new": (call) => {
    if (!isUuid(text(call, "uuid"))) throw refuse(call, "EINVAL", `invalid UUID value '${text(call, "uuid")}'.`);
    return makeOsd(call);
  },
  "osd purge": (call) => remove(call, (osd) => osd.up),
  "osd purge-new": (call) => remove(call, (osd) => osd.upFrom > 0),
  "osd out": (call) => mark(call, false),
  "osd in": (call) => mark(call, true),
  "osd ok-to-stop": (call) => {
    needMgr(call);
    const ids = osdIds(call);
    if (ids.length === 0) throw refuse(call, "EINVAL", "must specify one or more OSDs");
    const pools = poolsThatNeed(call.state, ids);
    const all = call.state.pools.reduce((sum, pool) => sum + pool.pg_num, 0);
    const count = pools.reduce((sum, pool) => sum + pool.pg_num, 0);
    const report = { ok_to_stop: count === 0, osds: ids, num_ok_pgs: all - count, num_not_ok_pgs: count };
    if (count === 0) return report;
    const pgs = pools.flatMap((pool) => Array.from({ length: pool.pg_num }, (_, n) => `${pool.pool}.${n.toString(16)}`));
    throw new CephError("EBUSY", call.command.prefix, `unsafe to stop osd(s) at this time (${count} PGs are or would become offline)`, {
      answer: { ...report, bad_become_inactive: pgs },
    });
  },
  "osd safe-to-destroy": (call) => {
    needMgr(call);
    const ids = osdIds(call);
    const osds = ids.flatMap((id) => call.state.osds.get(id) ?? []);
    const active = osds.filter((osd) => osd.in && call.state.pools.length > 0).map(({ id }) => id);
    return { safe_to_destroy: ids.filter((id) => !active.includes(id)), active, missing_stats: [], stored_pgs: [] };
  },
  "osd set": (call) => flag(call, true),
  "osd unset": (call) => flag(call, false),
  "osd set-group": (call) => bucketFlags(call, true),
  "osd unset-group": (call) => bucketFlags(call, false),
  "osd set-full-ratio": (call) => ratio(call, "full"),
  "osd set-backfillfull-ratio": (call) => ratio(call, "backfillfull"),
  "osd set-nearfull-ratio": (call) => ratio(call, "nearfull"),
  "osd require-osd-release": (call) => {
    const release = text(call, "release");
    checkRelease(call, release);
    const behind = [...call.state.osds.values()].some((osd) => osd.up && releaseName(osd.version) < release);
    if (behind) throw refuse(call, "EPERM", `not all up OSDs have CEPH_FEATURE_SERVER_${release.toUpperCase()} feature`);
    if (call.state.requireOsdRelease !== release) changeOsdMap(call.state, call.now);
    call.state.requireOsdRelease = release;
    return "";
  },
};

/** Makes an OSD with its key, or finds the one of that uuid, which may be any word here. */
export function makeOsd(call: SimCall): { osdid: number } {
  const { state, input } = call;
  const secrets = (input.trim() === "" ? {} : JSON.parse(input)) as { cephx_secret?: string; crush_device_class?: string };
  const osd = newOsd(state, text(call, "uuid"), { deviceClass: secrets.crush_device_class ?? "hdd", version: call.version });
  if (!state.entities.has(`osd.${osd.id}`)) {
    const caps = { mgr: "allow profile osd", mon: "allow profile osd", osd: "allow *" };
    state.entities.set(`osd.${osd.id}`, { key: secrets.cephx_secret ?? newKey(call), caps });
    changeOsdMap(state, call.now);
  }
  return { osdid: osd.id };
}

/** What an OSD answers to `tell`. */
export const osdTellHandlers: Readonly<SimHandlers> = {
  getomap: (call) => {
    const pool = call.state.pools.find(({ pool_name }) => pool_name === text(call, "pool"));
    if (pool === undefined) throw refuse(call, "ENOENT", "invalid pool");
    const keys = call.state.objects.get(pool.pool)?.get(text(call, "objname"));
    return keys === undefined ? "error=-2" : `header=${keys.map((key) => ` key=${key} val=\u0004`).join("")}`;
  },
  version: ({ version }) => ({ version, release: releaseName(version), release_type: "stable" }),
  status: (call) => {
    const osd = known(call, String(call.command["osd"]));
    return { cluster_fsid: call.state.fsid, osd_fsid: osd.uuid, whoami: osd.id, state: "active", num_pgs: call.state.pools.length };
  },
};

/** The OSDs that a command is about; they need not be there. */
function osdIds(call: SimCall): number[] {
  return list(call, "ids").map((word) => {
    const id = word.replace(/^osd\./, "");
    if (!/^\d+$/.test(id)) throw refuse(call, "EINVAL", `Expected option value to be integer, got '${id}'invalid osd id '${id}'`);
    return Number(id);
  });
}

/** Refuses a release that its mons do not know, or which is more than a step behind them, and the way back. */
function checkRelease(call: SimCall, release: string): void {
  const [wanted, required] = [releaseMajor(release), releaseMajor(call.state.requireOsdRelease)];
  const mons = Number.parseInt(monVersion(call), 10);
  if (wanted === undefined && !formerReleases.includes(release)) throw refuse(call, "EINVAL", `unrecognized release ${release}`);
  if (wanted !== undefined && wanted > mons) throw refuse(call, "EINVAL", `unrecognized release ${release}`);
  if (wanted === undefined || wanted < mons - 2) throw refuse(call, "EPERM", "not supported for this release");
  if (required !== undefined && wanted < required)
    throw refuse(call, "EPERM", "require_osd_release cannot be lowered once it has been set");
}

function known(call: SimCall, id: string): SimOsd {
  const number = Number(id.replace(/^osd\./, ""));
  const osd = call.state.osds.get(number);
  if (osd === undefined) throw refuse(call, "ENOENT", `osd.${number} does not exist`);
  return osd;
}

function remove(call: SimCall, isInUse: (osd: SimOsd) => boolean): string {
  const id = Number(text(call, "id").replace(/^osd\./, ""));
  const osd = call.state.osds.get(id);
  if (osd?.in === true && call.state.pools.length > 0 && call.command["yes_i_really_mean_it"] !== true)
    throw refuse(call, "EBUSY", `OSD(s) ${id} have PGs currently mapped to them.`);
  if (call.command["yes_i_really_mean_it"] !== true)
    throw refuse(call, "EPERM", "Are you SURE? Did you verify with 'ceph osd safe-to-destroy'?");
  if (osd === undefined) return "";
  if (isInUse(osd)) throw refuse(call, "EBUSY", `osd.${id} is not \`down\`.`);
  call.state.osds.delete(id);
  call.state.entities.delete(`osd.${id}`);
  changeOsdMap(call.state, call.now);
  return "";
}

function mark(call: SimCall, isIn: boolean): string {
  for (const osd of osdIds(call).flatMap((id) => call.state.osds.get(id) ?? [])) {
    if (osd.in === isIn) continue;
    osd.in = isIn;
    changeOsdMap(call.state, call.now);
  }
  return "";
}

function flag(call: SimCall, isSet: boolean): string {
  const name = text(call, "key");
  if (!flagsOfAll.includes(name)) throw refuse(call, "EINVAL", `unrecognized flag '${name}'`);
  if (call.state.osdFlags.has(name) === isSet) return "";
  if (isSet) call.state.osdFlags.add(name);
  else call.state.osdFlags.delete(name);
  changeOsdMap(call.state, call.now);
  return "";
}

const flagsOfAll: readonly string[] = [
  ...[
    "full",
    "pause",
    "noup",
    "nodown",
    "noout",
    "noin",
    "nobackfill",
    "norebalance",
    "norecover",
    "noscrub",
    "nodeep-scrub",
    "notieragent",
  ],
  ...["nosnaptrim", "noautoscale", "pglog_hardlimit"],
];
const flagsOfBuckets: readonly string[] = ["noup", "nodown", "noin", "noout"];

/** Flags on all that is under some buckets, or on single OSDs. */
function bucketFlags(call: SimCall, isSet: boolean): string {
  const { state } = call;
  const flags = text(call, "flags").split(",");
  const unknown = flags.find((name) => !flagsOfBuckets.includes(name));
  if (unknown !== undefined) throw refuse(call, "EINVAL", `unrecognized flag '${unknown}'`);
  const buckets = new Set([...state.osds.values()].flatMap((osd) => [`osd.${osd.id}`, ...osd.location.map(([, name]) => name)]));
  if (list(call, "who").length === 0) throw refuse(call, "EINVAL", "must specify at least one or more targets to set/unset");
  for (const name of list(call, "who")) {
    if (!buckets.has(name)) throw refuse(call, "EINVAL", `unable to parse item '${name}'`);
    const before = state.crushNodeFlags.get(name) ?? new Set<string>();
    const after = new Set([...before, ...flags].filter((each) => isSet || !flags.includes(each)));
    if (after.size === before.size) continue;
    if (after.size === 0) state.crushNodeFlags.delete(name);
    else state.crushNodeFlags.set(name, after);
    changeOsdMap(state, call.now);
  }
  return "";
}

function ratio(call: SimCall, name: "full" | "backfillfull" | "nearfull"): string {
  call.state.osdRatios[name] = Number(text(call, "ratio"));
  changeOsdMap(call.state, call.now);
  return "";
}

/** The mons pass some commands on to the mgr, and wait for one. */
function needMgr(call: SimCall): void {
  if (call.state.mgrs.length === 0) throw new CephError("timedOut", call.command.prefix, "no mgr is active");
}
