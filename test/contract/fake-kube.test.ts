import { Namespace } from "../../src/kube/kinds.ts";
import { createFakeKube } from "../../src/simkube/api/fake-kube.ts";
import { kubeContract } from "./kube-contract.ts";

kubeContract("the fake", async () => {
  const kube = createFakeKube({ strict: true });
  await kube.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name: "contract" } });
  return { kube, namespace: "contract", collectGarbage: () => void kube.collectGarbage(), close: () => Promise.resolve() };
});
