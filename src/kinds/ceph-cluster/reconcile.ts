import type { ClusterIdentity } from "../../daemons/identity.ts";
import type { Deletion } from "./common/deletion.ts";
import type { Step } from "./common/step.ts";
import { daemonsOf, type Versions } from "./common/versions.ts";
import type { World } from "./common/world.ts";
import { ensureConfig } from "./config/step.ts";
import { ensureCrashCollectors } from "./crash/step.ts";
import { ensureBudgets } from "./drain/budgets.ts";
import { ensureOsdBudgets } from "./drain/step.ts";
import { protectIdentity } from "./identity/protection.ts";
import { ensureIdentity } from "./identity/step.ts";
import { ensureKeyrings } from "./keys/step.ts";
import { ensureModules } from "./mgr/modules.ts";
import { ensureMonitoring } from "./mgr/services.ts";
import { ensureMgrs } from "./mgr/step.ts";
import { ensureMons, placeMons } from "./mon/step.ts";
import type { Observed } from "./observe.ts";
import { requireRelease } from "./osd/require-release.ts";
import { ensureOsds } from "./osd/step.ts";
import { stepsOf } from "./run-steps.ts";
import { detectVersion } from "./version/step.ts";

/** What a pass found. */
export interface Findings {
  /** The world as it was seen last. */
  readonly seen: World;
  /** Every step that was taken, in the order of telling. */
  readonly steps: readonly Step<unknown>[];
  readonly identity?: ClusterIdentity | undefined;
  readonly versions?: Versions | undefined;
  readonly osds?: { readonly wanted: number; readonly up: number } | undefined;
  /** Where it is being deleted: how far that is. */
  readonly deletion?: Deletion;
}

const isDone = ({ outcome }: Step<unknown>) => outcome.state === "done";

/**
 * Every step of a pass, from top to bottom. Each is idempotent and runs on every pass; none waits: it does what can be done now, and says how
 * far it is. What a step needs of another is its argument. The order is also the order of telling: the first step that is not done gives
 * the reason, so a drain is told before the steps that it holds up.
 */
export async function reconcileCluster(
  { world: begun, act }: Observed,
  options: { readonly patienceMs: number; readonly isDeleting: boolean },
): Promise<Findings> {
  const { run, seen } = stepsOf(begun, act, options);

  const monitoring = await run("monitoring", (world) => ensureMonitoring(world, act));
  const version = await run("version", (world) => detectVersion(world, act));
  const versions = version.found;
  const identity = await run("identity", (world) => ensureIdentity(world, act, { versions }));
  const keyrings = await run("keyrings", (world) => ensureKeyrings(world, act, { identity: identity.found, versions }));
  const protection = await run("protection", (world) => protectIdentity(world, act, options));
  const drain = await run("osdBudgets", (world) => ensureOsdBudgets(world, act));

  const daemons = daemonsOf(begun.context, identity.found, versions);
  const places = await run("mons", (world) => placeMons(world, act, { mayStart: daemons !== undefined }));
  const mons = isDone(places) ? await run("mons", (world) => ensureMons(world, act, { mons: places.found, daemons })) : places;
  const placed = places.found?.placed;
  const config = await run("cephConfig", (world) => ensureConfig(world, act));
  const mgrs = await run("mgrs", (world) => ensureMgrs(world, act, { daemons, mons: placed, monsAreDone: isDone(mons) }));
  const mgrsAreDone = isDone(mons) && isDone(mgrs);
  const osds = await run("osds", (world) => ensureOsds(world, act, { daemons, mons: placed, mgrsAreDone }));
  const release = await run("osds", (world) => requireRelease(world, act, { osds: osds.found, versions }));
  const osdsAreDone = isDone(osds) && isDone(release);
  // after the OSDs, which need nothing of it: the dashboard takes seconds to be set up
  const modules = await run("mgrModules", (world) => ensureModules(world, act, { versions }));
  const collectors = await run("crashCollectors", (world) => ensureCrashCollectors(world, act, { daemons, osdsAreDone }));
  const budgets = await run("disruptionBudgets", (world) => ensureBudgets(world, act, { mons: placed }));

  // what Ceph says against the end of an update is all there is to tell of the OSDs then
  const storage = isDone(release) ? osds : { ...osds, outcome: release.outcome };
  return {
    seen: seen(),
    steps: [monitoring, version, identity, keyrings, protection, drain, mons, config, mgrs, storage, modules, collectors, budgets],
    identity: identity.found,
    versions,
    osds: osds.found,
  };
}
