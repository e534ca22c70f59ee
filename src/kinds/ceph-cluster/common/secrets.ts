import { type KeyringEntry, renderKeyring } from "../../../ceph/keyring.ts";
import { formatMonHost, usualMonAddress } from "../../../ceph/mon-host.ts";
import { type ClusterIdentity } from "../../../daemons/identity.ts";
import { disasterProtection, names } from "../../../daemons/names.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import { ownedBy } from "../../../daemons/pod/metadata.ts";
import type { ConfigMap, Secret } from "../../../kube/kinds.ts";
import { clusterExistsKey, initialModules, initialModulesKey, joiningKey, type PlacedMon } from "../mon/build.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function secret(context: BuildContext, name: string, data: Record<string, string>): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/rook",
    metadata: ownedBy(context, name),
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  };
}

/** The Secret that cannot be made again: lose it, and the cluster's data is out of reach. */
export function identitySecret(context: BuildContext, identity: ClusterIdentity): Secret {
  const made = secret(context, names.identity, {
    fsid: identity.fsid,
    "mon-secret": identity.monKey,
    "ceph-username": identity.adminUser,
    "ceph-secret": identity.adminKey,
  });
  return { ...made, metadata: { ...made.metadata, finalizers: [disasterProtection] } };
}

export function keyringSecret(context: BuildContext, name: string, entries: readonly KeyringEntry[]): Secret {
  return secret(context, name, { keyring: renderKeyring(entries) });
}

export function passwordSecret(context: BuildContext, password: string): Secret {
  return secret(context, names.dashboardPassword, { password });
}

/** Where the mons are, for the daemons; `joining` are those that the monmap does not have yet, `exists` whether there is data that needs their maps. */
export function configSecret(
  context: BuildContext,
  mons: readonly PlacedAddress[],
  { joining, exists }: { readonly joining: readonly string[]; readonly exists: boolean },
): Secret {
  return secret(context, names.config, {
    mon_host: formatMonHost(mons.map(({ address }) => usualMonAddress(address))),
    mon_initial_members: mons.map((mon) => mon.id).join(","),
    [joiningKey]: joining.join(","),
    [clusterExistsKey]: exists ? "true" : "",
    [initialModulesKey]: initialModules(context),
  });
}

type PlacedAddress = Pick<PlacedMon, "id" | "address">;

const hostPort = (address: string, port: number) => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);

/** Which mons there are and where, for the toolbox, the kubectl plugin and CSI. */
export function endpointsConfigMap(
  context: BuildContext,
  mons: readonly PlacedMon[],
  { maxMonId, outOfQuorum }: { readonly maxMonId: number; readonly outOfQuorum: readonly string[] },
): ConfigMap {
  const mapping = {
    node: Object.fromEntries(mons.map((mon) => [mon.id, { Name: mon.hostname, Hostname: mon.hostname, Address: mon.address }])),
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...ownedBy(context, names.endpoints), finalizers: [disasterProtection] },
    data: {
      data: mons.map((mon) => `${mon.id}=${hostPort(mon.address, 6789)}`).join(","),
      externalMons: "",
      mapping: JSON.stringify(mapping),
      maxMonId: String(maxMonId),
      outOfQuorum: outOfQuorum.join(","),
      "csi-cluster-config-json": JSON.stringify([
        { clusterID: context.namespace, monitors: mons.map((mon) => hostPort(mon.address, 6789)), namespace: "" },
      ]),
    },
  };
}

/** The daemons' ceph.conf, empty until the user writes something there. */
export function overrideConfigMap(context: BuildContext): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: ownedBy(context, names.override), data: { config: "" } };
}
