import { refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";

/** Settings in the mons' store, and the key-value store beside them. */
export const configHandlers: SimHandlers = {
  "config dump": ({ state }) =>
    [...state.config.values()].sort(
      (a, b) => a.section.localeCompare(b.section) || a.name.localeCompare(b.name) || a.mask.localeCompare(b.mask),
    ),
  "config set": (call) => {
    const { section, mask, key } = place(call);
    const name = text(call, "name");
    const value = text(call, "value");
    call.state.config.set(key, { section, name, value, level: "advanced", can_update_at_runtime: true, mask });
    return "";
  },
  "config rm": (call) => {
    call.state.config.delete(place(call).key);
    return "";
  },
  "config-key get": (call) => {
    const value = call.state.configKeys.get(text(call, "key"));
    if (value === undefined) throw refuse(call, "ENOENT", "");
    return value;
  },
  "config-key exists": (call) => {
    const key = text(call, "key");
    if (!call.state.configKeys.has(key)) throw refuse(call, "ENOENT", `key '${key}' doesn't exist`);
    return "";
  },
  "config-key set": (call) => {
    const value = call.command["val"] === undefined ? call.input : text(call, "val");
    call.state.configKeys.set(text(call, "key"), value);
    return "";
  },
  "config-key rm": (call) => {
    call.state.configKeys.delete(text(call, "key"));
    return "";
  },
};

function place(call: SimCall): { section: string; mask: string; key: string } {
  const [section = "", ...masks] = text(call, "who").split("/");
  const mask = masks.join("/");
  // Ceph takes spaces and dashes in names for underscores
  const name = text(call, "name").replaceAll(/[ -]/g, "_");
  return { section, mask, key: `${section}/${mask}/${name}` };
}
