import { systemClock } from "../../src/kube/clock.ts";
import { createHttpKube } from "../../src/kube/http-kube.ts";
import { Namespace } from "../../src/kube/kinds.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { createKubeStore } from "../../src/simkube/api/store.ts";
import { startApiServer } from "../../src/simkube/http/api-server.ts";
import { makeCertificate } from "../../src/simkube/http/certificate.ts";
import { kubeContract } from "./kube-contract.ts";

kubeContract("the simulated API server over HTTPS", async () => {
  const store = createKubeStore({ strict: true });
  const tls = await makeCertificate(systemClock.now());
  const server = await startApiServer({ store, clock: systemClock, tls, token: "contract" });
  const kube = createHttpKube({
    credentials: {
      server: server.url,
      namespace: undefined,
      headers: () => Promise.resolve({ authorization: "Bearer contract" }),
      tls: () => Promise.resolve({ ca: tls.cert }),
      refresh: () => {},
      kubeConfig: () => Promise.reject(new Error("not needed")),
    },
    clock: systemClock,
    log: silentLogger,
    userAgent: "jackdaw-contract",
  });
  await kube.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name: "contract" } });
  return {
    kube,
    namespace: "contract",
    collectGarbage: () => void store.collectGarbage(),
    close: async () => {
      await kube.close();
      await server.close();
    },
  };
});
