import { parseOwner, parseSetting } from "./config-rules.ts";
import { refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";

/** Settings in the mons' store, and the key-value store beside them. */
export const configHandlers: Readonly<SimHandlers> = {
  "config dump": ({ state }) =>
    [...state.config.values()].sort(
      (a, b) => a.section.localeCompare(b.section) || a.name.localeCompare(b.name) || a.mask.localeCompare(b.mask),
    ),
  "config set": (call) => {
    const { section, mask, name, key } = place(call);
    const value = parseSetting(call, name, text(call, "value"));
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

function place(call: SimCall): { section: string; mask: string; name: string; key: string } {
  const { section, mask } = parseOwner(call, text(call, "who"));
  // Ceph takes blanks in names for underscores; dashes it does not
  const name = text(call, "name").replaceAll(" ", "_");
  return { section, mask, name, key: `${section}/${mask}/${name}` };
}
