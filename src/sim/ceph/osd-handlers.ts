import { CephError } from "../../ceph/ceph-error.ts";
import { newKey } from "./auth-handlers.ts";
import { changeOsdMap } from "./observe.ts";
import { newOsd, osdMap, osdMetadata, osdTree } from "./osd-answers.ts";
import { pgsThatNeed } from "./placement-groups.ts";
import { list, refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";
import { releaseName, type SimOsd } from "./sim-state.ts";

/** The OSD map, OSDs and pools. */
export const osdHandlers: SimHandlers = {
  "osd dump": ({ state }) => osdMap(state),
  "osd tree": ({ state }) => osdTree(state),
  "osd ls": ({ state }) => [...state.osds.keys()],
  "osd crush class ls": ({ state }) => [...new Set([...state.osds.values()].filter((osd) => osd.upFrom > 0).map((osd) => osd.deviceClass))],
  "osd metadata": (call) => {
    if (call.command["id"] === undefined) return [...call.state.osds.values()].map(osdMetadata);
    return osdMetadata(known(call, text(call, "id")));
  },
  "osd pool ls": ({ state, command }) =>
    command["detail"] === "detail"
      ? state.pools.map(({ pool, ...rest }) => ({ pool_id: pool, ...rest }))
      : state.pools.map(({ pool_name }) => pool_name),
  "osd new": (call) => {
    const { state, input } = call;
    const secrets = (input.trim() === "" ? {} : JSON.parse(input)) as { cephx_secret?: string; crush_device_class?: string };
    const osd = newOsd(state, text(call, "uuid"), { deviceClass: secrets.crush_device_class ?? "hdd", version: call.version });
    if (!state.entities.has(`osd.${osd.id}`)) {
      const caps = { mgr: "allow profile osd", mon: "allow profile osd", osd: "allow *" };
      state.entities.set(`osd.${osd.id}`, { key: secrets.cephx_secret ?? newKey(call), caps });
      changeOsdMap(state, call.now);
    }
    return { osdid: osd.id };
  },
  "osd purge": (call) => remove(call, (osd) => osd.up),
  "osd purge-new": (call) => remove(call, (osd) => osd.upFrom > 0),
  "osd out": (call) => mark(call, false),
  "osd in": (call) => mark(call, true),
  "osd ok-to-stop": (call) => {
    needMgr(call);
    const ids = list(call, "ids").map((id) => known(call, id).id);
    const count = pgsThatNeed(call.state, ids);
    if (count > 0) throw refuse(call, "EBUSY", `unsafe to stop osd(s) at this time (${count} PGs are or would become offline)`);
    return { ok_to_stop: true, osds: ids, num_ok_pgs: call.state.pools.reduce((sum, pool) => sum + pool.pg_num, 0), num_not_ok_pgs: 0 };
  },
  "osd safe-to-destroy": (call) => {
    needMgr(call);
    const osds = list(call, "ids").map((id) => known(call, id));
    const active = osds.filter((osd) => osd.in && call.state.pools.length > 0).map(({ id }) => id);
    return { safe_to_destroy: osds.map(({ id }) => id).filter((id) => !active.includes(id)), active, missing_stats: [], stored_pgs: [] };
  },
  "osd set": (call) => flag(call, true),
  "osd unset": (call) => flag(call, false),
  "osd set-full-ratio": (call) => ratio(call, "full"),
  "osd set-backfillfull-ratio": (call) => ratio(call, "backfillfull"),
  "osd set-nearfull-ratio": (call) => ratio(call, "nearfull"),
  "osd require-osd-release": (call) => {
    const release = text(call, "release");
    const behind = [...call.state.osds.values()].some((osd) => osd.up && releaseName(osd.version) < release);
    if (behind) throw refuse(call, "EPERM", `not all up OSDs have CEPH_FEATURE_SERVER_${release.toUpperCase()} feature`);
    if (call.state.requireOsdRelease !== release) changeOsdMap(call.state, call.now);
    call.state.requireOsdRelease = release;
    return "";
  },
};

/** What an OSD answers to `tell`. */
export const osdTellHandlers: SimHandlers = {
  version: ({ version }) => ({ version, release: releaseName(version), release_type: "stable" }),
  status: (call) => {
    const osd = known(call, String(call.command["osd"]));
    return { cluster_fsid: call.state.fsid, osd_fsid: osd.uuid, whoami: osd.id, state: "active", num_pgs: call.state.pools.length };
  },
};

function known(call: SimCall, id: string): SimOsd {
  const number = Number(id.replace(/^osd\./, ""));
  const osd = call.state.osds.get(number);
  if (osd === undefined) throw refuse(call, "ENOENT", `osd.${number} does not exist`);
  return osd;
}

function remove(call: SimCall, isInUse: (osd: SimOsd) => boolean): string {
  const id = Number(text(call, "id").replace(/^osd\./, ""));
  const osd = call.state.osds.get(id);
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
  for (const osd of list(call, "ids").map((id) => known(call, id))) {
    if (osd.in === isIn) continue;
    osd.in = isIn;
    changeOsdMap(call.state, call.now);
  }
  return "";
}

function flag(call: SimCall, isSet: boolean): string {
  const name = text(call, "key");
  if (call.state.osdFlags.has(name) === isSet) return "";
  if (isSet) call.state.osdFlags.add(name);
  else call.state.osdFlags.delete(name);
  changeOsdMap(call.state, call.now);
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
