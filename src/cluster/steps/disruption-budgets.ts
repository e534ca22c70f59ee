import { PodDisruptionBudget } from "../../kube/kinds.ts";
import { monBudget, osdBudget } from "../build/budgets.ts";
import { names } from "../names.ts";
import { done, notYet, type Outcome } from "../outcome.ts";
import type { Pass } from "../pass.ts";

/** Budgets that keep a drain from stopping too many mons or OSDs. */
export async function disruptionBudgets(pass: Pass): Promise<Outcome> {
  const { context } = pass;
  if (pass.mons === undefined) return notYet;
  const managed = context.spec.disruptionManagement.managePodBudgets;
  const budgets = [
    { name: names.monBudget, wanted: managed && pass.mons.length > 2, make: () => monBudget(context, pass.mons?.length ?? 0) },
    // as long as nobody knows which OSDs there are, what is there stays as it is
    ...(managed && pass.osds === undefined
      ? []
      : [{ name: names.osdBudget, wanted: managed && (pass.osds?.wanted ?? 0) > 0, make: () => osdBudget(context) }]),
  ];
  for (const { name, wanted, make } of budgets) {
    if (wanted) await pass.apply(PodDisruptionBudget, make());
    else await remove(pass, name);
  }
  return done;
}

async function remove(pass: Pass, name: string): Promise<void> {
  const key = { namespace: pass.context.namespace, name };
  const found = await pass.deps.kube.get(PodDisruptionBudget, key);
  const ours = found?.metadata.ownerReferences?.some((owner) => owner.uid === pass.context.owner.uid) === true;
  if (ours && found?.metadata.uid !== undefined) await pass.deps.kube.delete(PodDisruptionBudget, key, { uid: found.metadata.uid });
}
