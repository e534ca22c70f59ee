import type { CephIdentity } from "../ceph/ceph.ts";
import { knowsAes256k, parseCephVersion } from "../ceph/ceph-version.ts";
import { cephxKeyType } from "../ceph/cephx-key.ts";
import { parseKeyring } from "../ceph/keyring.ts";
import { parseMonHost } from "../ceph/mon-host.ts";
import { daemonPods } from "./daemon-pods.ts";
import type { Observation } from "./observe.ts";
import { newFsMap } from "./sim-filesystem.ts";
import { firstProfile, firstRule } from "./sim-pools.ts";
import { majority, releaseName, type SimEntity, type SimState } from "./sim-state.ts";

/** Where the mons' Pods have the keyring that a new cluster begins with. */
const monsKeyring = "rook-ceph-mons-keyring";

const all = { mds: "allow *", mgr: "allow *", mon: "allow *", osd: "allow *" } as const;

/** The cluster that the mons of `identity` make once a majority of them is ready; undefined before. */
export function formCluster(identity: CephIdentity, from: Observation): SimState | undefined {
  const { view, namespace, version, now } = from;
  const hosts = parseMonHost(identity.monHost).map(({ host }) => host);
  const pods = daemonPods(view, namespace, "mon", version).filter(({ fsid }) => fsid === undefined || fsid === identity.fsid);
  const ready = pods.filter((pod) => pod.ready && hosts.includes(pod.host));
  if (hosts.length === 0 || ready.length < majority(hosts.length)) return undefined;
  const secret = view.secret(namespace, monsKeyring);
  const keyring = Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString();
  const entities = new Map(parseKeyring(keyring).map(({ entity, key, caps }): [string, SimEntity] => [entity, { key, caps: { ...caps } }]));
  if (!entities.has(identity.user)) entities.set(identity.user, { key: identity.key, caps: all });
  const first = ready[0];
  const running = first?.version ?? version;
  const modules = first
    ?.env("MGR_MODULES")
    ?.split(/[^A-Za-z0-9]+/)
    .filter(Boolean) ?? ["iostat", "nfs"];
  return {
    fsid: identity.fsid,
    namespace,
    seen: "",
    createdAt: now,
    monEpoch: 1,
    monsChangedAt: now,
    // a mon that has not come yet is known by its address only, as in Ceph
    mons: hosts.map((host, rank) => ({ name: pods.find((pod) => pod.host === host)?.id ?? `noname-${rank}`, host, version: running })),
    quorum: [],
    quorumSince: now,
    monStores: new Set(),
    electionEpoch: 1,
    minMonRelease: Number.parseInt(running, 10),
    monCiphers: ciphersOf(running, entities),
    entities,
    config: new Map(),
    configKeys: new Map(),
    mgrEpoch: 1,
    mgrs: [],
    mgrActiveSince: now,
    mgrModules: new Set(modules),
    dashboardUsers: new Map(),
    osdEpoch: 1,
    osdsChangedAt: now,
    osdEpochs: new Map([[1, now]]),
    osds: new Map(),
    osdFlags: new Set(),
    crushNodeFlags: new Map(),
    osdRatios: { full: 0.95, backfillfull: 0.9, nearfull: 0.85 },
    requireOsdRelease: releaseName(running),
    pools: [],
    poolMax: 0,
    crushRules: [firstRule],
    erasureCodeProfiles: new Map([["default", firstProfile]]),
    objects: new Map(),
    fsMap: newFsMap(),
    mutes: new Map(),
    extraChecks: new Map(),
  };
}

/** What the first monmap says of key types: as Ceph does, only what the first keys need. */
function ciphersOf(running: string, entities: ReadonlyMap<string, SimEntity>): Map<string, string> {
  const version = parseCephVersion(running);
  if (version === undefined || !knowsAes256k(version)) return new Map();
  const hasAes = [...entities.values()].some(({ key }) => cephxKeyType(key) === "aes");
  return new Map([
    ["auth_service_cipher", "aes256k"],
    ["auth_allowed_ciphers", hasAes ? "aes,aes256k" : "aes256k"],
    ["auth_preferred_cipher", "aes256k"],
  ]);
}
