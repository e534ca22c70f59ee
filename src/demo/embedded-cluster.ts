import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCrds } from "../kinds/index.ts";
import type { Clock } from "../kube/clock.ts";
import { CustomResourceDefinition } from "../kube/kinds.ts";
import { crdOf } from "../schema/crd.ts";
import { createSimCluster, type SimCluster, type SimClusterOptions } from "../simceph/sim-cluster.ts";
import { typedStore } from "../simkube/controllers/sim-kinds.ts";
import { type ApiServer, startApiServer } from "../simkube/http/api-server.ts";
import { makeCertificate } from "../simkube/http/certificate.ts";
import { kubeconfigFor } from "../simkube/http/kubeconfig.ts";

export interface EmbeddedClusterOptions {
  readonly clock: Clock;
  readonly nodes: number;
  readonly disks: (node: number) => string;
  readonly timing?: SimClusterOptions["timing"];
}

/** A simulated cluster that listens on loopback, with the operator's CRDs installed. */
export interface EmbeddedCluster {
  readonly sim: SimCluster;
  readonly server: ApiServer;
  /** A kubeconfig file that reaches it, as its admin. */
  readonly kubeconfig: string;
  /** Stops everything and removes the kubeconfig. */
  close(): Promise<void>;
}

/** Starts one, with a certificate and a token of its own. */
export async function startEmbeddedCluster({ clock, nodes, disks, timing }: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  const sim = createSimCluster({ clock, nodes, disks, random: (n) => randomBytes(n), ...(timing === undefined ? {} : { timing }) });
  for (const definition of await loadCrds()) typedStore(sim.store).create(CustomResourceDefinition, crdOf(definition));
  const tls = await makeCertificate(clock.now());
  const token = randomBytes(24).toString("base64url");
  const server = await startApiServer({ store: sim.store, clock, tls, token });
  const folder = await mkdtemp(join(tmpdir(), "jackdaw-"));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigFor({ url: server.url, cert: tls.cert, token, namespace: "rook-ceph" }), { mode: 0o600 });
  return {
    sim,
    server,
    kubeconfig,
    close: async () => {
      sim.stop();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
