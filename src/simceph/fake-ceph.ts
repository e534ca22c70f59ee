import { decodeAnswer } from "../ceph/answer.ts";
import type { Ceph, CephCommand, CephCommandOptions, CephConnector, CephIdentity } from "../ceph/ceph.ts";
import { CephError } from "../ceph/ceph-error.ts";
import { isMutation } from "../ceph/is-mutation.ts";
import { parseTarget } from "../ceph/target.ts";
import type { Clock } from "../kube/clock.ts";
import { authHandlers } from "./auth-handlers.ts";
import { checkArguments } from "./check-arguments.ts";
import { configHandlers } from "./config-handlers.ts";
import { crushHandlers } from "./crush-handlers.ts";
import type { DaemonView } from "./daemon-view.ts";
import { dashboardHandlers } from "./dashboard-handlers.ts";
import { dueAt } from "./due-at.ts";
import { fsHandlers } from "./fs-handlers.ts";
import { mgrHandlers } from "./mgr-handlers.ts";
import { monHandlers } from "./mon-handlers.ts";
import { observe, wasRemoved } from "./observe.ts";
import { makeOsd, osdHandlers, osdTellHandlers } from "./osd-handlers.ts";
import { poolHandlers } from "./pool-handlers.ts";
import { createSimClusters, type SimClusters } from "./sim-clusters.ts";
import type { SimCall, SimHandlers } from "./sim-command.ts";
import { majority, type SimHealthCheck, type SimState } from "./sim-state.ts";
import { subvolumeHandlers } from "./subvolume-handlers.ts";

export interface FakeCephOptions {
  /** Where the daemons' Pods are seen. */
  readonly view: DaemonView;
  readonly clock: Clock;
  /** Where the cluster is that a test itself asks and looks at; rook-ceph unless set. */
  readonly namespace?: string;
  /** Of daemons whose image has no version in its tag; 20.2.4 unless set. */
  readonly version?: string;
  /** Gives the bytes of new keys; zeros unless set. */
  readonly random?: (n: number) => Uint8Array;
  /** What there is to begin with; nothing unless set. */
  readonly from?: FakeCephState;
  /** Hears of a mon that was taken out of the monmap, by its name: it ends. */
  readonly onMonRemoved?: (namespace: string, name: string) => void;
}

/** All clusters, by fsid. */
export type FakeCephState = ReadonlyMap<string, SimState>;

/** Is called before and after each command; what it throws is the command's failure. After: the command is done, its answer lost. */
export type CephIntercept = (
  command: CephCommand,
  when: "before" | "after",
  options: CephCommandOptions,
  identity: CephIdentity,
) => void | Promise<void>;

/**
 * Simulated Ceph clusters, one in each namespace, told by their Pods, for tests of what drives Ceph.
 *
 * One forms when a majority of the mons of an identity's mon_host have ready Pods (label `app: rook-ceph-mon`, `mon: <id>`, their
 * `--public-addr` the address), with that identity's fsid and key and the entities in the Secret rook-ceph-mons-keyring. A mgr with a
 * ready Pod and a key becomes active or standby; an OSD made by `osd new` is up while its Pod is ready; a further mon whose Pod becomes
 * ready joins; one that was taken out of the monmap ends, and never joins again. An MDS with a ready Pod and a key stands by, and takes a
 * rank that has none; taking one and handing one over takes a few seconds. Without a majority, commands fail with `timedOut`, at once. Each
 * command first looks at the Pods.
 *
 * An OSD that is down for 600 s goes out, unless `noout` is set on it, its buckets or all, and comes back in when it comes up.
 *
 * What real Ceph refuses it refuses, with the same code (test/contract/ceph-refusals.ts): commands, arguments and options are checked against
 * what Ceph tells of itself (facts/).
 *
 * Not simulated: time that things take (elections, peering, recovery, backfill); checks of capabilities; options' effects, but for
 * osd_pool_default_size, osd_crush_update_on_start and auth_allow_insecure_global_id_reclaim; single PGs and data (all PGs of a pool are alike, usage is 0, and objects are names only);
 * the PG autoscaler; CRUSH weights and shadow buckets; health checks beyond those of missing daemons, flags, PGs and file systems; files
 * and clients; object stores; most mgr modules' own commands. What it does not know it refuses with `EINVAL`.
 */
export interface FakeCeph extends CephConnector {
  /** Every command sent through connections, in order. */
  commands(): readonly CephCommand[];
  /** Those of them that write. */
  mutations(): readonly CephCommand[];
  /** Forgets the commands so far. */
  clearCommands(): void;
  /** Adds a hook; the answer takes it away. */
  intercept(hook: CephIntercept): () => void;
  /** Does what Ceph does with each command of a connection: `run` answers, or throws. For a test that compares before and after. */
  surround(hook: (command: CephCommand, options: CephCommandOptions, run: () => unknown) => unknown): void;
  /** An admin whose commands are not logged and not intercepted, for the test itself. Fails while there is no quorum. */
  admin(): Ceph;
  /** Makes an OSD, as a preparing Job does, and answers its id; the same for the same uuid. Throws while there is no cluster. */
  osdNew(uuid: string, options?: { readonly deviceClass?: string; readonly fsid?: string }): number;
  /** Whether the mon with this store was taken out of the monmap of the newest cluster of a namespace. */
  monWasRemoved(namespace: string, name: string, node: string): boolean;
  /** Whether the other mons of the newest cluster of a namespace have a quorum without this one. */
  haveQuorumWithout(namespace: string, name: string): boolean;
  /** Everything the newest cluster of a namespace knows, for a test's own judgement; undefined before there is one. Must not be changed. */
  state(namespace?: string): SimState | undefined;
  /** Every cluster there ever was, the newest last. Must not be changed. */
  states(): readonly SimState[];
  /** When the newest cluster of any namespace next becomes otherwise by itself, in milliseconds since 1970; undefined: never. */
  dueAt(): number | undefined;
  /** All that it knows now, to begin another with. */
  save(): FakeCephState;
  /** Puts an object into a pool, with these keys in its omap, or takes it away. Throws while there is no such pool. */
  setObject(pool: string, object: string, omapKeys: readonly string[] | undefined): void;
  /** Adds a health check, or takes it away. Throws while there is no cluster. */
  setHealth(code: string, check: SimHealthCheck | undefined): void;
}

const handlers: Readonly<SimHandlers> = {
  ...monHandlers,
  ...authHandlers,
  ...configHandlers,
  ...mgrHandlers,
  ...dashboardHandlers,
  ...osdHandlers,
  ...crushHandlers,
  ...poolHandlers,
  ...fsHandlers,
  ...subvolumeHandlers,
};

/** See `FakeCeph`. */
export function createFakeCeph(options: FakeCephOptions): FakeCeph {
  const { view, clock, namespace = "rook-ceph", version = "20.2.4", random = (n: number) => new Uint8Array(n) } = options;
  const log: CephCommand[] = [];
  const hooks = new Set<CephIntercept>();
  let around = (_command: CephCommand, _options: CephCommandOptions, act: () => unknown): unknown => act();
  /** What ends the connections to a namespace's cluster. */
  const endings = new Map<string, AbortController>();
  const clusters = createSimClusters({ view, clock, namespace, version, from: options.from });

  const run = (command: CephCommand, given: CephCommandOptions, identity?: CephIdentity): unknown => {
    const known = clusters.answering(command.prefix, identity);
    const monsBefore = known.mons.map(({ name }) => name);
    const result = handle({ state: known, command, input: given.input ?? "", now: clock.now(), random, version }, given);
    for (const name of monsBefore) if (!known.mons.some((mon) => mon.name === name)) options.onMonRemoved?.(known.namespace, name);
    return decodeAnswer(command, { ret: 0, out: typeof result === "string" ? result : JSON.stringify(result), outs: "" });
  };

  return {
    connect: (identity) => {
      let isClosed = false;
      const ending = endings.get(identity.namespace) ?? new AbortController();
      endings.set(identity.namespace, ending);
      return {
        command: async <T>(command: CephCommand, given: CephCommandOptions = {}) => {
          if (isClosed || ending.signal.aborted || given.signal?.aborted === true)
            throw new CephError("aborted", command.prefix, "given up");
          log.push(command);
          for (const hook of hooks) await hook(command, "before", given, identity);
          const answer = around(command, given, () => run(command, given, identity));
          for (const hook of hooks) await hook(command, "after", given, identity);
          return answer as T;
        },
        close: () => {
          isClosed = true;
          return Promise.resolve();
        },
      };
    },
    release: (where) => {
      endings.get(where)?.abort();
      endings.delete(where);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
    commands: () => [...log],
    mutations: () => log.filter(isMutation),
    clearCommands: () => {
      log.length = 0;
    },
    intercept: (hook) => {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    surround: (hook) => {
      around = hook;
    },
    admin: () => ({
      command: async <T>(command: CephCommand, given: CephCommandOptions = {}) => run(command, given) as T,
      close: () => Promise.resolve(),
    }),
    ...ownDoors(clusters, { view, clock, version, random }),
  };
}

/** What a test asks of the clusters, and does to them, without a command. */
function ownDoors(
  clusters: SimClusters,
  { view, clock, version, random }: Required<Pick<FakeCephOptions, "view" | "clock" | "version" | "random">>,
): Pick<FakeCeph, "state" | "states" | "dueAt" | "save" | "monWasRemoved" | "haveQuorumWithout" | "osdNew" | "setObject" | "setHealth"> {
  return {
    state: (where) => clusters.newest(where),
    states: () => clusters.all(),
    dueAt: () => {
      const times = clusters.all().flatMap((state) => dueAt(state, clock.now()) ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    save: () => clusters.save(),
    monWasRemoved: (where, name, node) => {
      const state = clusters.newest(where);
      return state !== undefined && wasRemoved(state, { id: name, nodeName: node });
    },
    haveQuorumWithout: (where, name) => {
      const state = clusters.newest(where);
      if (state === undefined) return false;
      observe(state, { view, namespace: where, version, now: clock.now() });
      return state.quorum.filter((id) => id !== name).length >= majority(state.mons.length);
    },
    osdNew: (uuid, { deviceClass = "hdd", fsid } = {}) => {
      const command = { prefix: "osd new", uuid };
      const call: SimCall = {
        state: clusters.formed(fsid),
        command,
        input: JSON.stringify({ crush_device_class: deviceClass }),
        now: clock.now(),
        random,
        version,
      };
      return makeOsd(call).osdid;
    },
    setObject: (name, object, omapKeys) => {
      const pool = clusters.formed().pools.find(({ pool_name }) => pool_name === name);
      if (pool === undefined) throw new Error(`there is no pool ${name} to put ${object} into`);
      const objects = clusters.formed().objects.get(pool.pool) ?? new Map<string, readonly string[]>();
      clusters.formed().objects.set(pool.pool, objects);
      if (omapKeys === undefined) objects.delete(object);
      else objects.set(object, omapKeys);
    },
    setHealth: (code, check) => {
      if (check === undefined) clusters.formed().extraChecks.delete(code);
      else clusters.formed().extraChecks.set(code, check);
    },
  };
}

function handle(call: SimCall, options: CephCommandOptions): unknown {
  const { prefix } = call.command;
  const target = parseTarget(options.target);
  if (target.type === "mgr" && call.state.mgrs.length === 0) throw new CephError("timedOut", prefix, "no mgr is active");
  // the mons have a command of this name for the mgr's use only
  if (target.type === "mon" && prefix === "osd purge") throw new CephError("EINVAL", prefix, "(22) Invalid argument");
  if (target.type !== "osd") {
    const handler = handlers[prefix];
    if (handler === undefined) throw new CephError("EINVAL", prefix, "command not known to the simulated Ceph");
    checkArguments(call);
    return handler(call);
  }
  const osd = call.state.osds.get(target.id);
  if (osd === undefined) throw new CephError("ENOENT", prefix, "osd dne");
  if (!osd.up) throw new CephError("EUNKNOWN", prefix, "osd down");
  const handler = osdTellHandlers[prefix];
  if (handler === undefined) throw new CephError("EINVAL", prefix, "command not known to the simulated OSD");
  return handler({ ...call, version: osd.version, command: { ...call.command, osd: osd.id } });
}
