import type { CrushMap, CrushRule } from "../ceph/commands/crush.ts";
import type { OsdTree } from "../ceph/commands/osd.ts";
import { changeOsdMap } from "./observe.ts";
import { bucketTypes, osdTree } from "./osd-answers.ts";
import { checkProfile } from "./profile-rules.ts";
import { list, refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";
import { firstProfile } from "./sim-pools.ts";
import type { SimState } from "./sim-state.ts";

/** The CRUSH map, its rules, and erasure code profiles. */
export const crushHandlers: Readonly<SimHandlers> = {
  "osd crush dump": ({ state }) => crushMap(state),
  // OSDs are where their Pods say; here it is only looked at
  "osd crush create-or-move": (call) => {
    const id = Number(text(call, "id"));
    if (!call.state.osds.has(id)) throw refuse(call, "ENOENT", `osd.${id} does not exist.  create it before updating the crush map`);
    if (!list(call, "args").every(isPlace)) throw refuse(call, "EINVAL", "(22) Invalid argument");
    return "";
  },
  "osd crush rule dump": ({ state }) => state.crushRules,
  "osd crush rule ls": ({ state }) => state.crushRules.map(({ rule_name }) => rule_name),
  "osd crush rule create-replicated": (call) => {
    const { state } = call;
    const name = text(call, "name");
    if (state.crushRules.some(({ rule_name }) => rule_name === name)) return "";
    addRule(call, {
      name,
      type: 1,
      root: text(call, "root"),
      failureDomain: text(call, "type"),
      deviceClass: call.command["class"] as string,
    });
    return "";
  },
  "osd crush rule rm": (call) => {
    const { state } = call;
    const name = text(call, "name");
    const at = state.crushRules.findIndex(({ rule_name }) => rule_name === name);
    const rule = state.crushRules[at];
    if (rule === undefined) return "";
    if (state.pools.some(({ crush_rule }) => crush_rule === rule.rule_id))
      throw refuse(call, "EBUSY", `crush rule ${name} (${rule.rule_id}) is in use`);
    state.crushRules.splice(at, 1);
    changeOsdMap(state, call.now);
    return "";
  },
  "osd erasure-code-profile ls": ({ state }) => [...state.erasureCodeProfiles.keys()],
  "osd erasure-code-profile get": (call) => {
    const name = text(call, "name");
    const profile = call.state.erasureCodeProfiles.get(name);
    if (profile === undefined) throw refuse(call, "ENOENT", `unknown erasure code profile '${name}'`);
    return profile;
  },
  "osd erasure-code-profile set": (call) => {
    const { state, command } = call;
    const name = text(call, "name");
    const given = Object.fromEntries(
      list(call, "profile").map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]),
    );
    const profile: Readonly<Record<string, string>> = {
      ...(given["plugin"] === undefined ? firstProfile : { technique: "reed_sol_van" }),
      "crush-device-class": "",
      "crush-failure-domain": "host",
      "crush-num-failure-domains": "0",
      "crush-osds-per-failure-domain": "0",
      "crush-root": "default",
      ...given,
    };
    checkProfile(call, profile);
    const known = state.erasureCodeProfiles.get(name);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(profile)) return "";
    if (known !== undefined && command["force"] !== true)
      throw refuse(call, "EPERM", `will not override erasure code profile ${name} because the existing profile is different`);
    if (known !== undefined && command["yes_i_really_mean_it"] !== true)
      throw refuse(call, "EPERM", "overriding erasure code profile can be DANGEROUS; add --yes-i-really-mean-it to do it anyway");
    state.erasureCodeProfiles.set(name, profile);
    changeOsdMap(state, call.now);
    return "";
  },
  "osd erasure-code-profile rm": (call) => {
    const { state } = call;
    const name = text(call, "name");
    if (state.pools.some(({ erasure_code_profile }) => erasure_code_profile === name))
      throw refuse(call, "EBUSY", `ec pool(s) are using the erasure code profile '${name}'`);
    if (state.erasureCodeProfiles.delete(name)) changeOsdMap(state, call.now);
    return "";
  },
};

/** Whether it is a bucket's type and name, as `host=node1`. */
function isPlace(word: string): boolean {
  return /^[\w-]+=(?!osd\.\d+$)[\w.-]+$/.test(word);
}

/** Adds a rule with the lowest free id, where CRUSH has what it is about; answers its id. */
export function addRule(
  call: SimCall,
  {
    name,
    type,
    root,
    failureDomain,
    deviceClass,
  }: { name: string; type: 1 | 3; root: string; failureDomain: string; deviceClass?: string },
): number {
  const { state } = call;
  const { buckets, devices } = crushMap(state);
  const bucket = buckets.find((each) => each.name === root);
  if (bucket === undefined) throw refuse(call, "ENOENT", `root item ${root} does not exist`);
  if (failureDomain !== "osd" && bucketTypes[failureDomain] === undefined) throw refuse(call, "EINVAL", `unknown type ${failureDomain}`);
  if (deviceClass && !devices.some((device) => device.class === deviceClass))
    throw refuse(call, "EINVAL", `device class ${deviceClass} does not exist`);
  let id = 0;
  while (state.crushRules.some(({ rule_id }) => rule_id === id)) id++;
  const how = `${failureDomain === "osd" ? "choose" : "chooseleaf"}_${type === 1 ? "firstn" : "indep"}`;
  const rule: CrushRule = {
    rule_id: id,
    rule_name: name,
    type,
    steps: [
      { op: "take", item: bucket.id, item_name: deviceClass ? `${root}~${deviceClass}` : root },
      { op: how, num: 0, type: failureDomain },
      { op: "emit" },
    ],
  };
  state.crushRules.push(rule);
  changeOsdMap(state, call.now);
  return id;
}

/** `osd crush dump`, without the shadows that stand for classes. */
function crushMap(state: SimState): CrushMap {
  const { nodes } = osdTree(state) as OsdTree;
  return {
    devices: nodes
      .filter(({ id }) => id >= 0)
      .map(({ id, name, device_class }) => ({ id, name, ...(device_class ? { class: device_class } : {}) })),
    types: [{ type_id: 0, name: "osd" }, ...Object.entries(bucketTypes).map(([name, type_id]) => ({ type_id, name }))],
    buckets: nodes
      .filter(({ id }) => id < 0)
      .map(({ id, name, type, type_id, children = [] }) => ({
        id,
        name,
        type_id,
        type_name: type,
        items: children.map((child) => ({ id: child })),
      })),
    rules: state.crushRules,
  };
}
