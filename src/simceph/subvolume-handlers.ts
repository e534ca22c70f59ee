import { CephError } from "../ceph/ceph-error.ts";
import { refuse, type SimCall, type SimHandler, type SimHandlers, text } from "./sim-command.ts";
import type { SimFilesystem, SimGroup } from "./sim-filesystem.ts";

/** Commands of the mgr's module volumes, as far as an operator uses them. They are the mgr's alone, and need a rank that serves. */
export const subvolumeHandlers: Readonly<SimHandlers> = {
  "fs subvolumegroup ls": served(({ groups }) => [...groups.keys()].map((name) => ({ name }))),
  "fs subvolumegroup info": served((filesystem, call) => {
    const group = known(filesystem, call);
    return {
      bytes_pcent: group.quota === undefined ? "undefined" : "0.00",
      bytes_quota: group.quota ?? "infinite",
      bytes_used: 0,
      created_at: new Date(group.createdAt).toISOString().slice(0, 19).replace("T", " "),
      data_pool: group.dataPool,
    };
  }),
  "fs subvolumegroup create": served((filesystem, call) => {
    const name = text(call, "group_name");
    const { size, pool_layout: layout } = call.command;
    const quota = size === undefined ? undefined : Number(size);
    const there = filesystem.groups.get(name);
    if (there !== undefined) {
      there.quota = quota ?? there.quota;
      return "";
    }
    const pools = filesystem.dataPools.flatMap((id) => call.state.pools.find(({ pool }) => pool === id)?.pool_name ?? []);
    if (layout !== undefined && !pools.includes(String(layout)))
      throw refuse(call, "EINVAL", `Invalid pool layout '${String(layout)}'. It must be a valid data pool`);
    filesystem.groups.set(name, {
      createdAt: call.now,
      quota,
      dataPool: layout === undefined ? (pools[0] ?? "") : String(layout),
      pin: undefined,
      subvolumes: new Set(),
    });
    return "";
  }),
  "fs subvolumegroup resize": served((filesystem, call) => {
    const group = known(filesystem, call);
    const size = text(call, "new_size");
    if (size !== "infinite" && !(Number(size) > 0)) throw refuse(call, "EINVAL", `invalid size option '${size}'`);
    group.quota = size === "infinite" ? undefined : Number(size);
    return [{ bytes_used: 0 }, { bytes_quota: group.quota ?? 0 }, { bytes_pcent: "0.00" }];
  }),
  "fs subvolumegroup pin": served((filesystem, call) => {
    known(filesystem, call).pin = `${text(call, "pin_type")}=${text(call, "pin_setting")}`;
    return {};
  }),
  "fs subvolumegroup rm": served((filesystem, call) => {
    const name = text(call, "group_name");
    if (call.command["force"] === true && !filesystem.groups.has(name)) return "";
    if (known(filesystem, call).subvolumes.size > 0)
      throw refuse(call, "ENOTEMPTY", `subvolume group ${name} contains subvolume(s) or retained snapshots of deleted subvolume(s)`);
    filesystem.groups.delete(name);
    return "";
  }),
  "fs subvolume ls": served((filesystem, call) => [...placeOf(filesystem, call)].map((name) => ({ name }))),
  "fs subvolume create": served((filesystem, call) => {
    placeOf(filesystem, call).add(text(call, "sub_name"));
    return "";
  }),
  "fs subvolume rm": served((filesystem, call) => {
    const name = text(call, "sub_name");
    if (snapshotsOf(filesystem, call).size > 0) throw refuse(call, "ENOTEMPTY", `subvolume '${name}' has snapshots`);
    if (!placeOf(filesystem, call).delete(name) && call.command["force"] !== true)
      throw refuse(call, "ENOENT", `subvolume '${name}' does not exist`);
    return "";
  }),
  "fs subvolume snapshot ls": served((filesystem, call) => {
    const name = text(call, "sub_name");
    if (!placeOf(filesystem, call).has(name)) throw refuse(call, "ENOENT", `subvolume '${name}' does not exist`);
    return [...snapshotsOf(filesystem, call)].map((snapshot) => ({ name: snapshot }));
  }),
  "fs subvolume snapshot create": served((filesystem, call) => {
    snapshotsOf(filesystem, call).add(text(call, "snap_name"));
    return "";
  }),
  "fs subvolume snapshot rm": served((filesystem, call) => {
    const name = text(call, "snap_name");
    if (!snapshotsOf(filesystem, call).delete(name) && call.command["force"] !== true)
      throw refuse(call, "ENOENT", `snapshot '${name}' does not exist`);
    return "";
  }),
};

/** A command that the module answers once it has mounted the file system, and waits for that as long as it takes. */
function served(handle: (filesystem: SimFilesystem, call: SimCall) => unknown): SimHandler {
  return (call) => {
    const { state, command } = call;
    if (state.mgrs.length === 0) throw new CephError("timedOut", command.prefix, "no mgr is active");
    const name = text(call, "vol_name");
    const filesystem = state.fsMap.filesystems.get(name);
    if (filesystem === undefined) throw refuse(call, "ENOENT", `FS '${name}' not found`);
    const serves = state.fsMap.mdss.some((mds) => mds.filesystem === name && mds.rank === 0 && mds.state === "active");
    if (!serves) throw new CephError("timedOut", command.prefix, "no MDS serves the file system");
    return handle(filesystem, call);
  };
}

function known(filesystem: SimFilesystem, call: SimCall): SimGroup {
  const name = text(call, "group_name");
  const group = filesystem.groups.get(name);
  if (group === undefined) throw refuse(call, "ENOENT", `subvolume group '${name}' does not exist`);
  return group;
}

/** The snapshots of the subvolume that is named. */
function snapshotsOf({ snapshots }: SimFilesystem, { command }: SimCall): Set<string> {
  const key = `${String(command["group_name"] ?? "")}/${String(command["sub_name"])}`;
  const found = snapshots.get(key) ?? new Set();
  snapshots.set(key, found);
  return found;
}

/** The subvolumes of the group that is named, or of none. */
function placeOf(filesystem: SimFilesystem, call: SimCall): Set<string> {
  return call.command["group_name"] === undefined ? filesystem.subvolumes : known(filesystem, call).subvolumes;
}
