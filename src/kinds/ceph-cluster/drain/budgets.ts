import { apps, names } from "../../../daemons/names.ts";
import { PodDisruptionBudget } from "../../../kube/kinds.ts";
import type { Act } from "../common/act.ts";
import { done, notYet, type Outcome } from "../common/outcome.ts";
import type { PlacedMon } from "../common/placed-mon.ts";
import type { World } from "../common/world.ts";
import { mgrBudget, monBudget } from "./build.ts";
import { monAllowance } from "./mon-allowance.ts";

/** Budgets that keep a drain from stopping too many mons or mgrs; those of OSDs are a step of their own. */
export async function ensureBudgets(world: World, act: Act, { mons }: { mons: readonly PlacedMon[] | undefined }): Promise<Outcome> {
  const { context } = world;
  if (mons === undefined) return notYet;
  const { managePodBudgets } = context.spec.disruptionManagement;
  const ofApp = (app: string) => world.deployments.filter((d) => d.metadata.labels?.["app"] === app);
  if (managePodBudgets && Math.max(mons.length, context.spec.mon.count) > 2)
    await act.apply(
      PodDisruptionBudget,
      monBudget(
        context,
        monAllowance({
          ids: mons.map((mon) => mon.id),
          quorum: world.ceph?.status.quorum_names,
          deployments: ofApp(apps.mon),
          pods: world.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mon),
          allowed: await allowedMons(world, act),
        }),
      ),
    );
  else await remove(world, act, names.monBudget);
  if (managePodBudgets && context.spec.mgr.count > 1) {
    // before there is an mgr there is nothing to protect
    if (ofApp(apps.mgr).length > 0) await act.apply(PodDisruptionBudget, mgrBudget(context));
  } else await remove(world, act, names.mgrBudget);
  return done;
}

/** How many mons the budget in place allows to be away; undefined where it does not say a number. */
async function allowedMons(world: World, act: Act): Promise<number | undefined> {
  const { context } = world;
  const budget = await act.kube.get(PodDisruptionBudget, { namespace: context.namespace, name: names.monBudget });
  const allowed = budget?.spec?.maxUnavailable;
  return typeof allowed === "number" ? allowed : undefined;
}

async function remove(world: World, act: Act, name: string): Promise<void> {
  const key = { namespace: world.context.namespace, name };
  const found = await act.kube.get(PodDisruptionBudget, key);
  const ours = found?.metadata.ownerReferences?.some((owner) => owner.uid === world.context.owner.uid) === true;
  if (ours && found?.metadata.uid !== undefined) await act.kube.delete(PodDisruptionBudget, key, { uid: found.metadata.uid });
}
