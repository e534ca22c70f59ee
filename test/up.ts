// `make up`: a 3-node Kubernetes with the operator and a Ready CephCluster, to look at and to try things on.
import { createCephCluster, deployToolbox, readCephCluster, toolbox, waitForReady } from "./e2e/support/ceph-cluster.ts";
import { namespace, operator } from "./e2e/support/operator.ts";
import { testCluster } from "./e2e/support/test-cluster.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

try {
  say("Starting Kubernetes with 3 nodes …");
  await testCluster.up(3);
  const devices = { node1: [await testCluster.addDisk(1)], node2: [await testCluster.addDisk(2)], node3: [await testCluster.addDisk(3)] };
  say("Deploying the operator …");
  await operator.deploy();
  say("Creating the CephCluster …");
  const began = Date.now();
  await createCephCluster({ mons: 3, mgrs: 2, devices });
  await waitForReady();
  say(`It is Ready after ${((Date.now() - began) / 1000).toFixed(1)} s: ${(await readCephCluster()).status?.message ?? ""}`);
  await deployToolbox();
  say(await toolbox(["ceph", "status"]));
  say(`Use it:
  export KUBECONFIG=${testCluster.kubeconfig}
  alias kubectl='${testCluster.hyperkube} kubectl'    # where the machine has none
  kubectl -n ${namespace} get cephcluster
  kubectl -n ${namespace} get pods -o wide
  kubectl -n ${namespace} logs deploy/rook-ceph-operator
  kubectl -n ${namespace} exec -it deploy/rook-ceph-tools -- ceph status
End it: make down`);
} catch (error) {
  process.stderr.write(`make up: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
