import { connectError, decodeAnswer } from "../../ceph/answer.ts";
import type { Ceph, CephCommand, CephCommandOptions, CephConnector, CephIdentity } from "../../ceph/ceph.ts";
import { CephError } from "../../ceph/ceph-error.ts";
import { parseTarget } from "../../ceph/target.ts";
import type { Clock } from "../../kube/clock.ts";
import { authHandlers } from "./auth-handlers.ts";
import { configHandlers } from "./config-handlers.ts";
import type { DaemonView } from "./daemon-view.ts";
import { dashboardHandlers } from "./dashboard-handlers.ts";
import { formCluster } from "./form-cluster.ts";
import { mgrHandlers } from "./mgr-handlers.ts";
import { monHandlers } from "./mon-handlers.ts";
import { isMutation } from "./mutations.ts";
import { hasQuorum, type Observation, observe } from "./observe.ts";
import { osdHandlers, osdTellHandlers } from "./osd-handlers.ts";
import type { SimCall, SimHandlers } from "./sim-command.ts";
import type { SimHealthCheck, SimState } from "./sim-state.ts";

export interface FakeCephOptions {
  /** Where the daemons' Pods are seen. */
  readonly view: DaemonView;
  readonly clock: Clock;
  /** Where the cluster is; rook-ceph unless set. */
  readonly namespace?: string;
  /** Of daemons whose image has no version in its tag; 20.2.4 unless set. */
  readonly version?: string;
  /** Gives the bytes of new keys; zeros unless set. */
  readonly random?: (n: number) => Uint8Array;
}

/** Is called before and after each command; what it throws is the command's failure. After: the command is done, its answer lost. */
export type CephIntercept = (command: CephCommand, when: "before" | "after", options: CephCommandOptions) => void | Promise<void>;

/**
 * One simulated Ceph cluster, told by its Pods, for tests of what drives Ceph.
 *
 * It forms when a majority of the mons of an identity's mon_host have ready Pods (label `app: rook-ceph-mon`, `mon: <id>`, their
 * `--public-addr` the address), with that identity's fsid and key and the entities in the Secret rook-ceph-mons-keyring. A mgr with a
 * ready Pod and a key becomes active or standby; an OSD made by `osd new` is up while its Pod is ready; a further mon whose Pod becomes
 * ready joins. Without a majority, commands fail with `timedOut`, at once. Each command first looks at the Pods.
 *
 * Not simulated: time that things take (elections, peering, recovery, backfill, `mon_osd_down_out_interval`); checks of capabilities;
 * options' names, types and normal forms in `config set`; options' effects, but for osd_pool_default_size, osd_crush_update_on_start and
 * auth_allow_insecure_global_id_reclaim; single PGs and data (all PGs of a pool are alike, and usage is 0); device classes' and CRUSH
 * rules' effects on placement (the failure domain is the host); pools other than `.mgr`; health checks beyond those of missing
 * daemons, flags and PGs; file systems, object stores, mgr modules' own commands. What it does not know it refuses with `EINVAL`.
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
  /** An admin whose commands are not logged and not intercepted, for the test itself. Fails while there is no quorum. */
  admin(): Ceph;
  /** Makes an OSD, as a preparing Job does, and answers its id; the same for the same uuid. Throws while there is no cluster. */
  osdNew(uuid: string, options?: { readonly deviceClass?: string; readonly fsid?: string }): number;
  /** Everything the newest cluster knows, for a test's own judgement; undefined before there is one. Must not be changed. */
  state(): SimState | undefined;
  /** Adds a health check, or takes it away. Throws while there is no cluster. */
  setHealth(code: string, check: SimHealthCheck | undefined): void;
}

const handlers: SimHandlers = { ...monHandlers, ...authHandlers, ...configHandlers, ...mgrHandlers, ...dashboardHandlers, ...osdHandlers };

/** See `FakeCeph`. */
export function createFakeCeph(options: FakeCephOptions): FakeCeph {
  const { view, clock, namespace = "rook-ceph", version = "20.2.4", random = (n: number) => new Uint8Array(n) } = options;
  const log: CephCommand[] = [];
  const hooks = new Set<CephIntercept>();
  /** By fsid, the newest last: a cluster that was deleted is not the one that is made after it. */
  const clusters = new Map<string, SimState>();

  const newest = (): SimState | undefined => [...clusters.values()].at(-1);
  const formed = (fsid?: string): SimState => {
    const state = fsid === undefined ? newest() : clusters.get(fsid);
    if (state === undefined)
      throw new Error("the simulated Ceph cluster has not formed: no majority of mons was ready when it was last asked");
    return state;
  };

  /** The cluster, as far as it answers `identity`; without one, the test itself asks. */
  const answering = (prefix: string, identity?: CephIdentity): SimState => {
    const from: Observation = { view, namespace, version, now: clock.now() };
    if (identity !== undefined && identity.namespace === namespace && !clusters.has(identity.fsid)) {
      const made = formCluster(identity, from);
      if (made !== undefined) clusters.set(made.fsid, made);
    }
    const state = identity === undefined ? newest() : clusters.get(identity.fsid);
    if (state !== undefined) observe(state, from);
    if (state === undefined || !hasQuorum(state)) throw new CephError("timedOut", prefix, "no quorum of mons");
    if (identity === undefined) return state;
    if (identity.namespace !== namespace || !state.mons.some(({ host }) => identity.monHost.includes(host)))
      throw new CephError("timedOut", prefix, "no mon answers at mon_host");
    if (state.entities.get(identity.user)?.key !== identity.key) throw connectError(prefix, -13);
    return state;
  };

  const run = (command: CephCommand, given: CephCommandOptions, identity?: CephIdentity): unknown => {
    const known = answering(command.prefix, identity);
    const result = handle({ state: known, command, input: given.input ?? "", now: clock.now(), random, version }, given);
    return decodeAnswer(command, { ret: 0, out: typeof result === "string" ? result : JSON.stringify(result), outs: "" });
  };

  return {
    connect: (identity) => {
      let isClosed = false;
      return {
        command: async <T>(command: CephCommand, given: CephCommandOptions = {}) => {
          if (isClosed || given.signal?.aborted === true) throw new CephError("aborted", command.prefix, "given up");
          log.push(command);
          for (const hook of hooks) await hook(command, "before", given);
          const answer = run(command, given, identity);
          for (const hook of hooks) await hook(command, "after", given);
          return answer as T;
        },
        close: () => {
          isClosed = true;
          return Promise.resolve();
        },
      };
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
    admin: () => ({
      command: async <T>(command: CephCommand, given: CephCommandOptions = {}) => run(command, given) as T,
      close: () => Promise.resolve(),
    }),
    state: newest,
    osdNew: (uuid, { deviceClass = "hdd", fsid } = {}) => {
      const command = { prefix: "osd new", uuid };
      const call: SimCall = {
        state: formed(fsid),
        command,
        input: JSON.stringify({ crush_device_class: deviceClass }),
        now: clock.now(),
        random,
        version,
      };
      return (handle(call, {}) as { osdid: number }).osdid;
    },
    setHealth: (code, check) => {
      if (check === undefined) formed().extraChecks.delete(code);
      else formed().extraChecks.set(code, check);
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
    return handler(call);
  }
  const osd = call.state.osds.get(target.id);
  if (osd === undefined) throw new CephError("ENOENT", prefix, "osd dne");
  if (!osd.up) throw new CephError("EUNKNOWN", prefix, "osd down");
  const handler = osdTellHandlers[prefix];
  if (handler === undefined) throw new CephError("EINVAL", prefix, "command not known to the simulated OSD");
  return handler({ ...call, version: osd.version, command: { ...call.command, osd: osd.id } });
}
