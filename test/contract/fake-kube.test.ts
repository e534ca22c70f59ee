import { createFakeKube } from "../../src/simkube/api/fake-kube.ts";
import { kubeContract } from "./kube-contract.ts";

kubeContract("the fake", () => {
  const kube = createFakeKube();
  return Promise.resolve({ kube, namespace: "contract", collectGarbage: () => void kube.collectGarbage(), close: () => Promise.resolve() });
});
