import { join } from "node:path";
import type { Pod } from "../../../src/kube/kinds.ts";
import { eventually } from "./eventually.ts";
import { kubectl, listObjects } from "./kubectl.ts";
import { testCluster, top } from "./test-cluster.ts";

/** Where the operator and the Ceph cluster of the tests are. */
export const namespace = "rook-ceph";

const deployment = "deployment/rook-ceph-operator";

/** The operator, as a user of `manifests/` has it. */
export const operator = {
  /** Gives the nodes its image, and the API server the CRDs, the accounts with their rights, and the operator; waits until it is ready. */
  async deploy(): Promise<void> {
    await testCluster.loadImage(testCluster.operatorImage);
    await applyManifests("crds.yaml", "common.yaml", "operator.yaml");
    await operator.available();
  },

  /** The same without the operator itself, for one that runs elsewhere. */
  async prepare(): Promise<void> {
    await applyManifests("crds.yaml", "common.yaml");
  },

  /** Waits until every replica runs and is ready. */
  async available(): Promise<void> {
    await kubectl(["rollout", "status", "-n", namespace, deployment, "--timeout=60s"]);
  },

  async scale(replicas: number): Promise<void> {
    await kubectl(["scale", "-n", namespace, deployment, `--replicas=${replicas}`]);
    await operator.available();
    await eventually(`the operator has ${replicas} pods`, async () => {
      const found = (await pods()).length;
      if (found !== replicas) throw new Error(`it has ${found}`);
    });
  },

  /** A new process in a new pod; the Deployment stays as it is. Waits until it is ready, and gives its pod. */
  async restart(): Promise<Pod> {
    const before = (await pods()).map((pod) => pod.metadata.uid);
    await kubectl(["delete", "pod", "-n", namespace, "-l", "app=rook-ceph-operator"]);
    return eventually(
      "a new operator pod is ready",
      async () => {
        const pod = await operator.pod();
        if (before.includes(pod.metadata.uid)) throw new Error("the old pod is still there");
        return pod;
      },
      { everyMs: 100 },
    );
  },

  /** The one pod that is ready. */
  async pod(): Promise<Pod> {
    const ready = (await pods()).filter((pod) => pod.status?.containerStatuses?.every((container) => container.ready) === true);
    const [pod] = ready;
    if (pod === undefined || ready.length > 1) throw new Error(`${ready.length} operator pods are ready`);
    return pod;
  },
};

function pods(): Promise<Pod[]> {
  return listObjects<Pod>(namespace, "pods", "app=rook-ceph-operator");
}

async function applyManifests(...names: string[]): Promise<void> {
  for (const name of names) await kubectl(["apply", "--server-side", "--force-conflicts", "-f", join(top, "manifests", name)]);
  await kubectl(["wait", "--for=condition=Established", "--timeout=30s", "crd/cephclusters.ceph.rook.io"]);
}
