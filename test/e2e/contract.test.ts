import { afterAll, beforeAll } from "@jest/globals";
import { systemClock } from "../../src/kube/clock.ts";
import { loadCredentials } from "../../src/kube/credentials.ts";
import { createHttpKube } from "../../src/kube/http-kube.ts";
import { Namespace } from "../../src/kube/kinds.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { kubeContract } from "../contract/kube-contract.ts";
import { testCluster } from "./support/test-cluster.ts";

beforeAll(() => testCluster.up(1));
afterAll(() => testCluster.down());

kubeContract("a real API server over HTTP", async () => {
  const credentials = await loadCredentials({ kubeconfig: testCluster.kubeconfig, env: {} });
  const kube = createHttpKube({ credentials, clock: systemClock, log: silentLogger, userAgent: "jackdaw-contract" });
  const made = await kube.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { generateName: "contract-" } });
  const name = made.metadata.name ?? "";
  return {
    kube,
    namespace: name,
    close: async () => {
      await kube.delete(Namespace, { name });
      await kube.close();
    },
  };
});
