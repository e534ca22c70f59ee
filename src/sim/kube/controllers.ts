import { Deployment, Job, Node, Pod, type PodTemplateSpec } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/object.ts";
import type { FakeKube } from "./fake-kube.ts";

/** How a Job's Pod ends. */
export interface JobEnd {
  readonly exitCode: number;
  /** The termination message. */
  readonly message: string;
}

export interface SimControllersOptions {
  readonly now?: () => number;
  /** What happens in a Job's Pod; undefined: it runs on. Every Job succeeds without a word where absent. */
  readonly runJob?: (job: Job, pod: Pod) => JobEnd | undefined | Promise<JobEnd | undefined>;
}

/**
 * The controllers and kubelets that a reconciler's test needs, one step at a time: Deployments get Pods that are ready at once, Jobs
 * get Pods that end as `runJob` says, and what lost its owner goes. ReplicaSets are left out: a Deployment owns its Pods.
 */
export interface SimControllers {
  /** Does what can be done now; answers whether anything changed. */
  step(): Promise<boolean>;
}

/** Nodes node1 … nodeN: ready, with their hostname label and an address. */
export async function addNodes(kube: FakeKube, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    const name = `node${n}`;
    await kube.create(Node, { apiVersion: "v1", kind: "Node", metadata: { name, labels: { "kubernetes.io/hostname": name } }, spec: {} });
    await kube.mergePatch(
      Node,
      { name },
      { status: { conditions: [{ type: "Ready", status: "True" }], addresses: [{ type: "InternalIP", address: `192.0.2.${n}` }] } },
      { subresource: "status" },
    );
  }
}

/** See `SimControllers`. */
export function createSimControllers(kube: FakeKube, options: SimControllersOptions = {}): SimControllers {
  const now = options.now ?? Date.now;
  const time = () => `${new Date(now()).toISOString().slice(0, 19)}Z`;
  const keyOf = (object: KubeObject) => ({ namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "" });
  const ownedPods = (owner: KubeObject) =>
    kube.list(Pod, { namespace: owner.metadata.namespace ?? "", ownerUid: owner.metadata.uid ?? "" });
  let addresses = 0;

  const makePod = async (owner: KubeObject, kind: Kind, template: PodTemplateSpec | undefined): Promise<Pod> => {
    const nodes = await kube.list(Node);
    const wanted = template?.spec?.nodeSelector?.["kubernetes.io/hostname"];
    const node = nodes.find((n) => wanted === undefined || n.metadata.labels?.["kubernetes.io/hostname"] === wanted);
    return kube.create(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        generateName: `${owner.metadata.name ?? ""}-`,
        namespace: owner.metadata.namespace ?? "",
        labels: template?.metadata?.labels ?? {},
        annotations: { "sim/template": JSON.stringify(template) },
        ownerReferences: [
          {
            apiVersion: kind.apiVersion,
            kind: kind.kind,
            name: owner.metadata.name ?? "",
            uid: owner.metadata.uid ?? "",
            controller: true,
          },
        ],
      },
      spec: { ...template?.spec, containers: template?.spec?.containers ?? [], ...(node ? { nodeName: node.metadata.name ?? "" } : {}) },
    });
  };

  const stepDeployment = async (deployment: Deployment): Promise<boolean> => {
    const replicas = deployment.spec?.replicas ?? 1;
    const template = JSON.stringify(deployment.spec?.template);
    const pods = await ownedPods(deployment);
    const stale = pods.filter((pod, index) => index >= replicas || pod.metadata.annotations?.["sim/template"] !== template);
    for (const pod of stale) await kube.delete(Pod, keyOf(pod));
    const kept = pods.length - stale.length;
    for (let n = kept; n < replicas; n += 1) {
      const pod = await makePod(deployment, Deployment, deployment.spec?.template);
      addresses += 1;
      const ready = { lastTransitionTime: time(), status: "True" };
      await kube.mergePatch(
        Pod,
        keyOf(pod),
        {
          status: {
            phase: "Running",
            podIP: `10.244.0.${addresses}`,
            conditions: [
              { type: "PodScheduled", ...ready },
              { type: "Ready", ...ready },
            ],
            containerStatuses: (pod.spec?.containers ?? []).map(({ name }) => ({
              name,
              ready: true,
              state: { running: { startedAt: time() } },
            })),
          },
        },
        { subresource: "status" },
      );
    }
    const status = {
      observedGeneration: deployment.metadata.generation ?? 0,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    };
    const known = deployment.status as Record<string, unknown> | undefined;
    const told = Object.entries(status).every(([name, value]) => known?.[name] === value);
    if (!told) await kube.mergePatch(Deployment, keyOf(deployment), { status }, { subresource: "status" });
    return stale.length > 0 || kept < replicas || !told;
  };

  const stepJob = async (job: Job): Promise<boolean> => {
    if (job.status?.conditions?.some((c) => c.status === "True") === true) return false;
    const [known] = await ownedPods(job);
    const pod = known ?? (await makePod(job, Job, job.spec?.template));
    const end = options.runJob === undefined ? { exitCode: 0, message: "" } : await options.runJob(job, pod);
    if (end === undefined) return known === undefined;
    const terminated = {
      exitCode: end.exitCode,
      message: end.message,
      reason: end.exitCode === 0 ? "Completed" : "Error",
      startedAt: time(),
      finishedAt: time(),
    };
    await kube.mergePatch(
      Pod,
      keyOf(pod),
      {
        status: {
          phase: end.exitCode === 0 ? "Succeeded" : "Failed",
          containerStatuses: [{ name: pod.spec?.containers[0]?.name, ready: false, state: { terminated } }],
        },
      },
      { subresource: "status" },
    );
    const condition = { type: end.exitCode === 0 ? "Complete" : "Failed", status: "True", lastTransitionTime: time() };
    await kube.mergePatch(
      Job,
      keyOf(job),
      { status: { ...(end.exitCode === 0 ? { succeeded: 1 } : { failed: 1 }), conditions: [condition] } },
      { subresource: "status" },
    );
    return true;
  };

  return {
    async step() {
      let changed = false;
      for (const deployment of await kube.list(Deployment)) changed = (await stepDeployment(deployment)) || changed;
      for (const job of await kube.list(Job)) changed = (await stepJob(job)) || changed;
      return kube.collectGarbage() || changed;
    },
  };
}
