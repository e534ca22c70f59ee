import type { Ceph } from "../ceph/ceph.ts";
import { isCephError } from "../ceph/ceph-error.ts";
import type { CephStatus } from "../ceph/commands/cluster.ts";
import { inactivePgs } from "../ceph/commands/pg.ts";
import type { PoolDetail } from "../ceph/commands/pool.ts";
import { blocked, done, recheckDelay, type StepOutcome, waiting } from "../resource/outcome.ts";
import { countDomains, failureDomainOf, isPlain, type Places, placesOf } from "./crush-places.ts";
import { ruleOf, wantedPlaces } from "./crush-rules.ts";
import { sayObstacle, sayRemark } from "./explain.ts";
import { lookAtPool, type PoolView } from "./look-at-pool.ts";
import { planCreation } from "./plan-creation.ts";
import { hasFlag, planSettings } from "./plan-settings.ts";
import { type PoolAction, perform } from "./pool-action.ts";
import { copiesPerDomainOf, isErasureCoded, type PoolSpec, sizeOf, type WantedPool } from "./pool-spec.ts";
import type { PoolReason } from "./reasons.ts";

/** What a pass knows beside the pool itself. */
export interface PoolPass {
  readonly ceph: Ceph;
  /** What `ceph status` said at the start of the pass. */
  readonly status: CephStatus;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The cluster is new: what CRUSH lacks is probably on its way. */
  readonly isForming: boolean;
}

/** How far a pool is. */
export interface PoolFindings {
  readonly outcome: StepOutcome<PoolReason>;
  /** The pool, where it is there. */
  readonly pool: PoolDetail | undefined;
  /** What it is spread over in truth, where that is known. */
  readonly failureDomain: string | undefined;
  /** What is not as the spec says, and may stay so. */
  readonly remarks: readonly string[];
}

/** Seconds for which PGs may be inactive before it is told: OSDs that start anew take less. */
const inactiveSeconds = 10;

/**
 * Makes one pool as its spec asks, with its CRUSH rule or erasure code profile, its settings, quotas and application; as far as can be done
 * now. Idempotent: what is so already costs no write. Done means: it is there, as asked, and serves. Throws what Ceph throws, but for
 * settings that Ceph refuses, which are told.
 */
export async function ensurePool(pass: PoolPass, wanted: WantedPool): Promise<PoolFindings> {
  const { ceph } = pass;
  let view = await lookAtPool(ceph, wanted);
  if (view.pool === undefined) {
    const creation = planCreation(view, wanted, pass.isForming);
    if (creation.state === "obstacle")
      return { outcome: sayObstacle(wanted.name, creation.obstacle), pool: undefined, failureDomain: undefined, remarks: [] };
    for (const action of creation.actions) await perform(ceph, wanted.name, action);
    view = await lookAtPool(ceph, wanted);
  }
  let { pool } = view;
  if (pool === undefined)
    return { outcome: waiting("CreatingPool", `Creating pool ${wanted.name}`, 1000), pool, failureDomain: undefined, remarks: [] };
  const plan = planSettings(view, pool, wanted);
  const refused = await performAll(ceph, wanted.name, plan.actions);
  // findings are about what is so now
  if (plan.actions.length > 0) view = await lookAtPool(ceph, wanted);
  pool = view.pool ?? pool;
  const rule = ruleOf(view.crush, pool);
  const obstacle = plan.obstacle && sayObstacle(wanted.name, plan.obstacle);
  const remarks = plan.remarks.map((remark) => sayRemark(wanted.name, remark));
  const outcomes = [refused, obstacle, shortage(pass, view, pool, wanted, remarks), await service(pass, pool)];
  return {
    outcome: outcomes.find((outcome) => outcome !== undefined) ?? done,
    pool,
    failureDomain: rule && failureDomainOf(rule),
    remarks,
  };
}

/** Does all that can be done, and tells what Ceph refused. */
async function performAll(ceph: Ceph, pool: string, actions: readonly PoolAction[]): Promise<StepOutcome<PoolReason> | undefined> {
  const refused: string[] = [];
  for (const action of actions)
    try {
      await perform(ceph, pool, action);
    } catch (error) {
      if (!isCephError(error, "EINVAL", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ERANGE", "ENOENT")) throw error;
      refused.push(action.type === "set" ? `spec.${action.field}: ${action.name} = ${action.value}: ${error.message}` : error.message);
    }
  return refused.length === 0 ? undefined : blocked("ParametersRefused", `Ceph refuses for pool ${pool}: ${refused.join("; ")}`, 60_000);
}

/** Too few failure domains for the copies or chunks. Those whose OSDs are down count: they come back. */
function shortage(
  pass: PoolPass,
  view: PoolView,
  pool: PoolDetail,
  wanted: WantedPool,
  remarks: readonly string[],
): StepOutcome<PoolReason> | undefined {
  const rule = ruleOf(view.crush, pool);
  const places = (rule && placesOf(rule)) ?? wantedPlaces(wanted);
  const needed = neededDomains(wanted.spec, rule !== undefined && isPlain(rule));
  const { domains, osdsEach } = needed;
  const has = countDomains(view.crush, places, osdsEach);
  if (has >= domains) return undefined;
  const isComing = pass.isForming || view.crush.devices.length < pass.status.osdmap.num_osds;
  const message = `${sentence(wanted.name, places, needed)}, and there ${has === 1 ? "is" : "are"} ${has}: ${
    has < pool.min_size && osdsEach === 1 ? "nothing can be written" : "it is not as safe as asked for"
  }; add some, make the pool smaller, or choose a smaller failureDomain${remarks.map((remark) => `; ${remark}`).join("")}`;
  return isComing ? waiting("NotEnoughDomains", message, 5000) : blocked("NotEnoughDomains", message, 10_000);
}

interface NeededDomains {
  readonly domains: number;
  readonly osdsEach: number;
}

function sentence(name: string, { root, failureDomain, deviceClass }: Places, { domains, osdsEach }: NeededDomains): string {
  const withOsds = `with ${osdsEach > 1 ? `${osdsEach} OSDs each` : "OSDs"}${deviceClass === undefined ? "" : ` of class ${deviceClass}`}`;
  const what =
    failureDomain === "osd"
      ? `${domains} OSDs${deviceClass === undefined ? "" : ` of class ${deviceClass}`}`
      : `${domains} of type ${failureDomain} ${withOsds}`;
  return `Pool ${name} needs ${what} below ${root}`;
}

/** `isPlain`: the pool's rule puts each copy into a domain of its own, whatever the spec says. */
function neededDomains(spec: PoolSpec, isPlain: boolean): NeededDomains {
  const { crushNumFailureDomains, crushOSDsPerFailureDomain } = spec.erasureCoded ?? {};
  if (isErasureCoded(spec) && crushNumFailureDomains !== undefined)
    return { domains: crushNumFailureDomains, osdsEach: crushOSDsPerFailureDomain ?? 1 };
  const each = isErasureCoded(spec) || isPlain ? 1 : copiesPerDomainOf(spec);
  return { domains: Math.ceil(sizeOf(spec) / each), osdsEach: each };
}

/** Whether it serves: Ceph has made all its PGs, and none is inactive. */
async function service(pass: PoolPass, pool: PoolDetail): Promise<StepOutcome<PoolReason> | undefined> {
  const name = pool.pool_name;
  if (hasFlag(pool, "creating"))
    return waiting(
      "CreatingPool",
      `Creating pool ${name}: its placement groups (${pool.pg_num_target}) are not all there since ${pool.create_time.slice(0, 19)}Z; where it lasts, see in ceph osd tree which OSDs are down`,
      recheckDelay(Date.parse(pool.create_time.replace(/\+0000$/, "Z")), pass.now),
    );
  const { pgs_by_state } = pass.status.pgmap;
  if (pgs_by_state.every(({ state_name }) => state_name.includes("active")) || !pass.status.mgrmap.available) return undefined;
  const id = pool.pool_id ?? pool.pool;
  const stuck = (await inactivePgs(pass.ceph, inactiveSeconds)).filter(({ pgid }) => pgid.startsWith(`${id ?? ""}.`));
  const [first] = stuck;
  if (first === undefined) return undefined;
  return waiting(
    "PlacementGroupsInactive",
    `Pool ${name}: ${stuck.length} of ${pool.pg_num} placement groups are inactive, such as ${first.pgid} (${first.state}); see which OSDs are down`,
    5000,
  );
}
