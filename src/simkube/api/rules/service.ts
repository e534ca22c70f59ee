import { isIP, isIPv4 } from "node:net";
import type { Service } from "../../../kube/kinds.ts";
import { type Causes, duplicate, forbidden, immutable, invalid, notSupported, oneOf, required } from "./cause.ts";
import { isPort, portNumberOrName } from "./container-parts.ts";
import { labelNamed, labelsOf } from "./names.ts";

const types: readonly string[] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

export function* serviceRules({ spec = {} }: Service, before: Service | undefined): Causes {
  const { type = "ClusterIP", clusterIP = "", ports = [] } = spec;
  if (ports.length === 0 && clusterIP !== "None" && type !== "ExternalName") yield required("spec.ports");
  if (type === "ExternalName" && !spec.externalName) yield required("spec.externalName");
  if (clusterIP === "None" && (type === "LoadBalancer" || type === "NodePort"))
    yield invalid("spec.clusterIPs[0]", clusterIP, `may not be set to 'None' for ${type} services`);
  yield* servicePortRules(ports);
  yield* labelsOf(spec.selector, "spec.selector");
  yield* oneOf("spec.sessionAffinity", spec.sessionAffinity, ["ClientIP", "None"]);
  yield* addressRules(spec);
  if (!types.includes(type)) yield notSupported("spec.type", type, types);
  yield* oneOf("spec.internalTrafficPolicy", spec.internalTrafficPolicy, ["Cluster", "Local"]);
  if (type === "ClusterIP")
    for (const [index, { nodePort = 0 }] of ports.entries())
      if (nodePort !== 0) yield forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
  const pairs = new Set<string>();
  for (const [index, { port, protocol = "TCP" }] of ports.entries()) {
    const key = `${protocol}/${port}`;
    if (pairs.has(key)) yield duplicate(`spec.ports[${index}]`, key);
    pairs.add(key);
  }
  const old = before?.spec?.clusterIP ?? "";
  if (before !== undefined && old !== "" && type !== "ExternalName" && clusterIP !== old) yield immutable("spec.clusterIPs[0]", clusterIP);
}

function* servicePortRules(ports: NonNullable<Service["spec"]>["ports"] & {}): Causes {
  const names = new Set<string>();
  for (const [index, { name = "", port, protocol, targetPort = port }] of ports.entries()) {
    const where = `spec.ports[${index}]`;
    if (name !== "" || ports.length > 1) yield* labelNamed(`${where}.name`, name);
    if (name !== "" && names.has(name)) yield duplicate(`${where}.name`, name);
    names.add(name);
    if (!isPort(port)) yield invalid(`${where}.port`, port, "must be between 1 and 65535, inclusive");
    yield* oneOf(`${where}.protocol`, protocol, ["SCTP", "TCP", "UDP"]);
    yield* portNumberOrName(targetPort, `${where}.targetPort`);
  }
}

function* addressRules({ clusterIP = "", clusterIPs, ipFamilies = [], ipFamilyPolicy }: NonNullable<Service["spec"]>): Causes {
  const families = new Set<string>();
  for (const [index, family] of ipFamilies.entries()) {
    if (!["IPv4", "IPv6"].includes(family)) yield notSupported(`spec.ipFamilies[${index}]`, family, ["IPv4", "IPv6"]);
    if (families.has(family)) yield duplicate(`spec.ipFamilies[${index}]`, family);
    families.add(family);
  }
  yield* oneOf("spec.ipFamilyPolicy", ipFamilyPolicy, ["PreferDualStack", "RequireDualStack", "SingleStack"]);
  const addresses = clusterIPs ?? (clusterIP === "" ? [] : [clusterIP]);
  if (clusterIP !== "" && addresses[0] !== clusterIP) yield invalid("spec.clusterIPs", addresses, "first value must match `clusterIP`");
  for (const [index, address] of addresses.entries()) {
    if (index === 0 && address === "None") continue;
    const where = `spec.clusterIPs[${index}]`;
    if (isIP(address) === 0) yield invalid(where, address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    else if (ipFamilies[index] !== undefined && (ipFamilies[index] === "IPv4") !== isIPv4(address))
      yield invalid(where, address, `expected an ${ipFamilies[index]} value as indicated by \`ipFamilies[${index}]\``);
  }
}

/** What the cluster's network cannot give: addresses of IPv6, and those of other networks. Only where nothing else is wrong. */
export function* networkRules({ spec = {} }: Service): Causes {
  const { clusterIP = "", ipFamilies = [] } = spec;
  for (const [index, family] of ipFamilies.entries())
    if (family === "IPv6") yield invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster");
  if (clusterIP !== "" && clusterIP !== "None" && !isInServiceNetwork(clusterIP))
    yield invalid(
      "spec.clusterIPs",
      [clusterIP],
      `failed to allocate IP ${clusterIP}: the provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/12`,
    );
}

function isInServiceNetwork(address: string): boolean {
  const [first, second] = address.split(".").map(Number);
  return isIPv4(address) && first === 10 && (second ?? 0) >= 96 && (second ?? 0) < 112;
}
