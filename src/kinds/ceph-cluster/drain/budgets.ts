import { apps, names } from "../../../daemons/names.ts";
import { PodDisruptionBudget } from "../../../kube/kinds.ts";
import { done, notYet, type Outcome } from "../common/outcome.ts";
import type { Pass } from "../common/pass.ts";
import { mgrBudget, monBudget } from "./build.ts";
import { monAllowance } from "./mon-allowance.ts";

/** Budgets that keep a drain from stopping too many mons or mgrs; those of OSDs are a step of their own. */
export async function disruptionBudgets(pass: Pass): Promise<Outcome> {
  const { context, mons } = pass;
  if (mons === undefined) return notYet;
  const { managePodBudgets } = context.spec.disruptionManagement;
  const ofApp = (app: string) => pass.deployments.filter((d) => d.metadata.labels?.["app"] === app);
  if (managePodBudgets && Math.max(mons.length, context.spec.mon.count) > 2)
    await pass.apply(
      PodDisruptionBudget,
      monBudget(
        context,
        monAllowance({
          ids: mons.map((mon) => mon.id),
          quorum: pass.ceph?.status.quorum_names,
          deployments: ofApp(apps.mon),
          pods: pass.pods.filter((pod) => pod.metadata.labels?.["app"] === apps.mon),
          allowed: await allowedMons(pass),
        }),
      ),
    );
  else await remove(pass, names.monBudget);
  if (managePodBudgets && context.spec.mgr.count > 1) {
    // before there is an mgr there is nothing to protect
    if (ofApp(apps.mgr).length > 0) await pass.apply(PodDisruptionBudget, mgrBudget(context));
  } else await remove(pass, names.mgrBudget);
  return done;
}

/** How many mons the budget in place allows to be away; undefined where it does not say a number. */
async function allowedMons({ deps, context }: Pass): Promise<number | undefined> {
  const budget = await deps.kube.get(PodDisruptionBudget, { namespace: context.namespace, name: names.monBudget });
  const allowed = budget?.spec?.maxUnavailable;
  return typeof allowed === "number" ? allowed : undefined;
}

async function remove(pass: Pass, name: string): Promise<void> {
  const key = { namespace: pass.context.namespace, name };
  const found = await pass.deps.kube.get(PodDisruptionBudget, key);
  const ours = found?.metadata.ownerReferences?.some((owner) => owner.uid === pass.context.owner.uid) === true;
  if (ours && found?.metadata.uid !== undefined) await pass.deps.kube.delete(PodDisruptionBudget, key, { uid: found.metadata.uid });
}
