import type { ConfigMap, Deployment, Secret } from "../../../src/kube/kinds.ts";
import { toolbox } from "./ceph-cluster.ts";
import { eventually } from "./eventually.ts";
import { applyObjects, execInPod, getObject, kubectl } from "./kubectl.ts";
import { namespace, operator } from "./operator.ts";

const monOf = (id: string) => `rook-ceph-mon-${id}`;

/**
 * What `kubectl rook-ceph mons restore-quorum GOOD` does once a majority is lost for good: with the operator stopped it takes the other mons
 * out of the good one's monmap and out of the endpoints ConfigMap, deletes their Deployments and Services, and starts the operator again.
 */
export async function restoreQuorum(good: string, lost: readonly string[]): Promise<void> {
  await operator.scale(0);
  for (const id of lost) await scale(monOf(id), 0);
  await maintain(good);
  const pod = `deploy/${monOf(good)}-maintenance`;
  const { data: identity } = await getObject<Secret>(namespace, "secret", "rook-ceph-mon");
  const endpoints = (await getObject<ConfigMap>(namespace, "configmap", "rook-ceph-mon-endpoints")).data?.["data"]?.split(",") ?? [];
  const kept = endpoints.find((each) => each.startsWith(`${good}=`)) ?? "";
  const mon = [
    "ceph-mon",
    `--fsid=${Buffer.from(identity?.["fsid"] ?? "", "base64").toString()}`,
    "--keyring=/etc/ceph/keyring-store/keyring",
    `--id=${good}`,
    `--public-addr=${kept.slice(2).replace(/:\d+$/, "")}`,
    `--setuser-match-path=/var/lib/ceph/mon/ceph-${good}/store.db`,
  ];
  await execInPod(namespace, pod, [...mon, "--extract-monmap=/tmp/monmap"]);
  for (const id of lost) await execInPod(namespace, pod, ["monmaptool", "/tmp/monmap", "--rm", id]);
  await execInPod(namespace, pod, [...mon, "--inject-monmap=/tmp/monmap"]);
  const patch = JSON.stringify({ data: { data: kept } });
  await kubectl(["patch", "-n", namespace, "configmap", "rook-ceph-mon-endpoints", "--type=merge", "-p", patch]);
  await kubectl(["delete", "-n", namespace, "deployment", `${monOf(good)}-maintenance`, "--cascade=foreground", "--timeout=60s"]);
  await scale(monOf(good), 1);
  await eventually("one mon is a quorum", () => toolbox(["ceph", "--connect-timeout=5", "status"]));
  for (const id of lost) await kubectl(["delete", "-n", namespace, `deployment/${monOf(id)}`, `service/${monOf(id)}`]);
  await operator.scale(1);
}

/** A copy of the mon's Deployment that sleeps in its place. */
async function maintain(id: string): Promise<void> {
  const { metadata, spec } = await getObject<Deployment>(namespace, "deployment", monOf(id));
  await scale(monOf(id), 0);
  const [{ livenessProbe: _liveness, startupProbe: _startup, args: _args, ...container } = { name: "mon" }] =
    spec?.template.spec?.containers ?? [];
  const copy: Deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: `${monOf(id)}-maintenance`,
      namespace,
      labels: { ...metadata.labels, "ceph.rook.io/do-not-reconcile": "true" },
    },
    spec: {
      ...spec,
      replicas: 1,
      selector: spec?.selector ?? {},
      template: {
        ...spec?.template,
        spec: { ...spec?.template.spec, containers: [{ ...container, command: ["sleep", "infinity"] }] },
      },
    },
  };
  await applyObjects(copy);
  await kubectl(["rollout", "status", "-n", namespace, `deployment/${monOf(id)}-maintenance`, "--timeout=60s"]);
}

/** Waits until the Deployment's Pods are as many. */
async function scale(name: string, replicas: 0 | 1): Promise<void> {
  await kubectl(["scale", "-n", namespace, "deployment", name, `--replicas=${replicas}`]);
  await eventually(`${name} has ${replicas} Pods`, async () => {
    const { status } = await getObject<Deployment>(namespace, "deployment", name);
    if ((status?.replicas ?? 0) !== replicas) throw new Error(`it has ${status?.replicas ?? 0}`);
  });
}
