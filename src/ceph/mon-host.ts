/** Where a mon listens. A port that is absent is a protocol that is not spoken there. */
export interface MonAddress {
  /** IP address, IPv6 without brackets, or a name. */
  readonly host: string;
  /** Port of the v2 protocol, usually 3300. */
  readonly v2?: number;
  /** Port of the v1 protocol, usually 6789. */
  readonly v1?: number;
}

/** A mon by its name, as the endpoints ConfigMap and the toolbox have it. */
export interface MonEndpoint {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

export const msgr2Port = 3300;
export const msgr1Port = 6789;

/** `10.0.0.1:3300`, `[fd00::1]:3300` */
export function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** mon_host: `[v2:10.0.0.1:3300,v1:10.0.0.1:6789],…` */
export function formatMonHost(addresses: readonly MonAddress[]): string {
  return addresses
    .map(({ host, v2, v1 }) => {
      const parts = [...(v2 === undefined ? [] : [`v2:${hostPort(host, v2)}`]), ...(v1 === undefined ? [] : [`v1:${hostPort(host, v1)}`])];
      return `[${parts.join(",")}]`;
    })
    .join(",");
}

/** The address of a mon that speaks both protocols on their usual ports. */
export function usualMonAddress(host: string): MonAddress {
  return { host, v2: msgr2Port, v1: msgr1Port };
}

/** Reads mon_host: address vectors as `formatMonHost` writes them, `v2:host:port` alone, or plain hosts with or without a port. */
export function parseMonHost(text: string): MonAddress[] {
  return splitVectors(text).map((parts) => {
    const address: { host: string; v2?: number; v1?: number } = { host: "" };
    for (const part of parts) {
      const [, protocol, rest = ""] = /^(?:(v1|v2):)?(.*)$/.exec(part) ?? [];
      const { host, port } = splitHostPort(rest);
      address.host = host;
      if (protocol === "v2" || (protocol === undefined && port === msgr2Port)) address.v2 = port ?? msgr2Port;
      else if (protocol === "v1" || port !== undefined) address.v1 = port ?? msgr1Port;
      else Object.assign(address, { v2: msgr2Port, v1: msgr1Port });
    }
    return address;
  });
}

/** `a=10.0.0.1:6789,b=…`, as in the endpoints ConfigMap. */
export function formatMonEndpoints(endpoints: readonly MonEndpoint[]): string {
  return endpoints.map(({ id, host, port }) => `${id}=${hostPort(host, port)}`).join(",");
}

/** Reads what `formatMonEndpoints` writes; parts that are not understood are left out. */
export function parseMonEndpoints(text: string): MonEndpoint[] {
  return text.split(",").flatMap((part) => {
    const match = /^\s*([^=\s]+)=(.+?)\s*$/.exec(part);
    if (match === null) return [];
    const [, id = "", rest = ""] = match;
    const { host, port = msgr1Port } = splitHostPort(rest);
    return host === "" ? [] : [{ id, host, port }];
  });
}

function splitHostPort(text: string): { host: string; port?: number } {
  const match = /^\[([^\]]+)\](?::(\d+))?(?:\/\d+)?$/.exec(text) ?? /^([^:]*)(?::(\d+))?(?:\/\d+)?$/.exec(text);
  if (match === null) return { host: text };
  const [, host = "", port] = match;
  return port === undefined ? { host } : { host, port: Number(port) };
}

/** The vectors of a mon_host: the parts within one pair of outer brackets belong together, as they are one mon. */
function splitVectors(text: string): string[][] {
  const vectors: string[][] = [];
  let rest = text.trim();
  while (rest !== "") {
    // an outer bracket is followed by a protocol; that of an IPv6 address is not
    const vector = /^\[((?:v[12]:(?:\[[^\]]*\]|[^,\]])*,?)+)\]/.exec(rest);
    const single = /^(?:\[[^\]]*\]|[^,\s])+/.exec(rest);
    if (vector !== null) vectors.push((vector[1] ?? "").split(","));
    else if (single !== null) vectors.push([single[0]]);
    rest = rest.slice((vector ?? single)?.[0].length ?? 1).replace(/^[,;\s]+/, "");
  }
  return vectors;
}
