import type { Ceph } from "../../../ceph/ceph.ts";
import { isCephError } from "../../../ceph/ceph-error.ts";
import type { CephStatus } from "../../../ceph/commands/cluster.ts";
import { type ConfigSetting, configDump, configSet, settingOwner } from "../../../ceph/commands/config.ts";
import { muteHealth, unmuteHealth } from "../../../ceph/commands/health.ts";
import { sameValue } from "../../../ceph/config-value.ts";
import type { BuildContext } from "../../../daemons/pod/context.ts";
import type { Act } from "../common/act.ts";
import { blocked, done, notYet, type Outcome } from "../common/outcome.ts";
import type { World } from "../common/world.ts";

/** One option as it should stand in the mons' configuration. */
export interface WantedOption {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/** The mons' configuration: what a cluster in Kubernetes needs, then what the spec says, which wins; and muted health warnings. */
export async function ensureConfig(world: World, act: Act): Promise<Outcome> {
  if (world.ceph === undefined) return notYet;
  const { status } = world.ceph;
  const current = await configDump(act.ceph);
  const missing = missingOptions(wantedOptions(world), current);
  // the mons learn from the active mgr which options its modules have
  const now = missing.filter(({ name }) => status.mgrmap.available || !name.startsWith("mgr/"));
  // together, since each of them waits for the same next round of the mons
  const answers = await Promise.all(now.map((option) => refusal(act.ceph, option)));
  const refused = answers.filter((answer) => answer !== undefined);
  await mute(status, world.context, act.ceph);
  if (refused.length > 0) return blocked("ConfiguringCeph", `Ceph refuses of cephConfig: ${refused.join("; ")}`);
  return now.length < missing.length ? notYet : done;
}

/** Sets an option; why Ceph refuses it, or undefined where it does not. */
async function refusal(connection: Ceph, { section, name, value }: WantedOption): Promise<string | undefined> {
  try {
    await configSet(connection, section, name, value);
    return undefined;
  } catch (error) {
    if (!isCephError(error, "EINVAL", "ENOENT", "EPERM")) throw error;
    return `${section} ${name} = "${value}": ${error.message}`;
  }
}

/** What should stand in the mons' configuration, one entry an option. */
export function wantedOptions(world: Pick<World, "context">): WantedOption[] {
  const { spec } = world.context;
  const options = new Map<string, WantedOption>();
  const want = (section: string, name: string, value: string) => options.set(`${section}/${name}`, { section, name, value });
  want("global", "mon_allow_pool_delete", "true");
  want("global", "mon_allow_pool_size_one", "true");
  // every client of a supported version reclaims its id safely; leaving this open is a health warning
  want("mon", "auth_allow_insecure_global_id_reclaim", "false");
  if (!spec.monitoring.metricsDisabled && spec.monitoring.port !== 9283)
    want("mgr", "mgr/prometheus/server_port", String(spec.monitoring.port));
  if (spec.monitoring.interval !== undefined) want("mgr", "mgr/prometheus/scrape_interval", spec.monitoring.interval);
  if (spec.dashboard.enabled) {
    want("mgr", "mgr/dashboard/ssl", String(spec.dashboard.ssl));
    want("mgr", spec.dashboard.ssl ? "mgr/dashboard/ssl_server_port" : "mgr/dashboard/server_port", String(spec.dashboard.port));
    if (spec.dashboard.urlPrefix !== "") want("mgr", "mgr/dashboard/url_prefix", spec.dashboard.urlPrefix);
  }
  for (const [section, values] of Object.entries(spec.cephConfig))
    for (const [name, value] of Object.entries(values)) want(section, name.replaceAll(" ", "_"), value);
  return [...options.values()];
}

/** Those of `wanted` that do not stand so. Options with a mask (a host, a device class) are other options. */
export function missingOptions(wanted: readonly WantedOption[], current: readonly ConfigSetting[]): WantedOption[] {
  return wanted.filter(
    ({ section, name, value }) => !current.some((o) => settingOwner(o) === section && o.name === name && sameValue(o.value, value)),
  );
}

/** Mutes health warnings, and brings them back, as the spec says. */
async function mute(status: CephStatus, { spec }: BuildContext, ceph: Ceph): Promise<void> {
  const muted = new Set(status.health.mutes.map((m) => m.code));
  for (const [code, { policy }] of Object.entries(spec.healthCheck.muteHealthWarning)) {
    if (policy === "mute" && !muted.has(code)) await muteHealth(ceph, code, { sticky: true });
    if (policy === "unmute" && muted.has(code)) await unmuteHealth(ceph, code);
  }
}
