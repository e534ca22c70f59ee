import { formatMonHost, parseMonHost } from "../ceph/mon-host.ts";
import type { Container, Pod } from "../kube/kinds.ts";
import { cephFacts } from "./ceph-facts.ts";

/** Why a daemon ends as it starts. */
export interface StartFailure {
  readonly exitCode: number;
  readonly message: string;
}

/** Flags that are no options. */
const otherFlags: readonly string[] = ["id", "name", "cluster", "conf", "foreground", "no-mon-config", "mkfs", "monmap", "osd-uuid"];

/** What a daemon of Ceph says as it ends over how it is started: its addresses, its name, its flags. Undefined: it starts. */
export function startFailure(
  pod: Pod,
  daemon: string,
  { monHost, version }: { readonly monHost: string; readonly version: string },
): StartFailure | undefined {
  if (namesOneMonTwice(monHost)) return { exitCode: 134, message: monTwice };
  const container = pod.spec?.containers.find(({ name }) => name === daemon);
  if (container === undefined) return undefined;
  const id = flagsOf(container).find(([name]) => name === "id")?.[1] ?? "";
  if (daemon === "mds" && /^\d/.test(id))
    return { exitCode: 1, message: `MDS id 'mds.${id}' is invalid. MDS names may not start with a numeric digit.` };
  // mgrs and MDSs take any
  if (daemon !== "mon" && daemon !== "osd") return undefined;
  const unknown = flagsOf(container).find(([name]) => !isKnownFlag(name, version));
  if (unknown === undefined) return undefined;
  return { exitCode: 1, message: daemon === "mon" ? `too many arguments: [--${unknown[0]}]` : `unrecognized arg --${unknown[0]}` };
}

/** What librados and every daemon end with, as a whole, where mon_host has one address twice. */
export const monTwice = "MonMap: FAILED ceph_assert(addr_mons.count(a) == 0)";

/** Whether mon_host has the addresses of one mon twice. */
export function namesOneMonTwice(monHost: string): boolean {
  const mons = parseMonHost(monHost).map((address) => formatMonHost([address]));
  return new Set(mons).size < mons.length;
}

function isKnownFlag(flag: string, version: string): boolean {
  if (otherFlags.includes(flag)) return true;
  return cephFacts(version).option(flag.replace(/^default-/, "").replaceAll("-", "_")) !== undefined;
}

/** Long flags with their values, where these stand behind an equals sign. */
function flagsOf({ command = [], args = [] }: Container): [name: string, value: string][] {
  return [...command, ...args].flatMap((argument): [string, string][] => {
    const [, name, value = ""] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    return name === undefined ? [] : [[name, value]];
  });
}
