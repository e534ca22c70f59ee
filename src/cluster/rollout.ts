import { isCovered } from "../kube/is-covered.ts";
import { Deployment } from "../kube/kinds.ts";
import { isSettled } from "./look/pods.ts";
import type { Pass } from "./pass.ts";

/** A daemon and the Deployment it should have. */
export interface WantedDaemon {
  /** `mon.a`, `osd.3` */
  readonly daemon: string;
  readonly deployment: Deployment;
}

export interface Rollout {
  /** Daemons that are being made, changed or brought back, in the order given; none when all is as wanted. */
  readonly pending: readonly string[];
  /** The one that is to be changed next but must not be stopped now, and why. */
  readonly held?: { readonly daemon: string; readonly why: string };
}

/**
 * Brings Deployments to what is wanted without ever stopping two daemons: a missing one is made at once; one that differs is
 * changed only while every other is available, `mayChange` is true and `mayStop` agrees; and one at a time. `serves` says of a
 * daemon that Ceph has it up, which is known before Kubernetes has asked its probes.
 */
export async function rollOut(
  pass: Pass,
  wanted: readonly WantedDaemon[],
  options: { serves: (daemon: string) => boolean; mayChange: boolean; mayStop: (daemon: string) => Promise<true | string> },
): Promise<Rollout> {
  const current = new Map(pass.deployments.map((d) => [d.metadata.name, d]));
  const managed = wanted.filter(({ daemon }) => !pass.leftAlone.has(daemon));
  const missing = managed.filter(({ deployment }) => current.get(deployment.metadata.name) === undefined);
  await Promise.all(missing.map(({ deployment }) => pass.apply(Deployment, deployment)));

  const unsettled = managed.filter(({ daemon, deployment }) => {
    const found = current.get(deployment.metadata.name);
    return found === undefined || !isSettled(found, options.serves(daemon));
  });
  const different = managed.filter(({ deployment }) => {
    const found = current.get(deployment.metadata.name);
    return found !== undefined && !isCovered(deployment, found);
  });
  const pending = [...new Set([...unsettled, ...different].map(({ daemon }) => daemon))];
  const sameTemplate = different.filter(({ deployment }) => {
    const found = current.get(deployment.metadata.name);
    return found !== undefined && isCovered({ ...deployment, metadata: { ...found.metadata } }, found);
  });
  // only labels, annotations or owners differ: that stops nothing
  await Promise.all(sameTemplate.map(({ deployment }) => pass.apply(Deployment, deployment)));

  const next = different.find((d) => !sameTemplate.includes(d));
  if (next === undefined) return { pending };
  // a daemon that does not run can be changed at any time: the change may be its cure
  const others = unsettled.filter((d) => d !== next);
  const isDown = unsettled.includes(next);
  if (!isDown || others.length > 0) {
    if (!options.mayChange) return { pending, held: { daemon: next.daemon, why: "what comes before it in an update is not done" } };
    const [first] = others;
    if (first !== undefined) return { pending, held: { daemon: next.daemon, why: `${first.daemon} is not back yet` } };
    const answer = await options.mayStop(next.daemon);
    if (answer !== true) return { pending, held: { daemon: next.daemon, why: answer } };
  }
  await pass.apply(Deployment, next.deployment);
  return { pending };
}
