import type { CephIdentity } from "../../src/ceph/ceph.ts";
import { renderKeyring } from "../../src/ceph/keyring.ts";
import { formatMonHost, usualMonAddress } from "../../src/ceph/mon-host.ts";
import type { Pod, Secret } from "../../src/kube/kinds.ts";
import type { DaemonView } from "../../src/simceph/daemon-view.ts";

/** Of every entity that is there from the start. */
export const key = "AgDQBwRrVpaFNSAAdRqZXCSrUvXCJk5fQ3ble7OsUlLRMU+a5emRLFKnG48=";
/** Of the mons. */
export const hosts = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
export const identity: CephIdentity = {
  namespace: "rook-ceph",
  fsid: "f",
  monHost: formatMonHost(hosts.map(usualMonAddress)),
  user: "client.admin",
  key,
};

const keyring: Secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "rook-ceph-mons-keyring", namespace: "rook-ceph" },
  data: {
    keyring: Buffer.from(
      renderKeyring([
        { entity: "mon.", key, caps: { mon: "allow *" } },
        { entity: "client.admin", key, caps: { mon: "allow *" } },
        { entity: "mgr.a", key, caps: { mon: "allow profile mgr" } },
      ]),
    ).toString("base64"),
  },
};

type Daemon = "mon" | "mgr" | "osd" | "mds";

/** Pods that a test makes ready and not ready. */
export class Pods implements DaemonView {
  readonly #pods = new Map<string, Pod>();
  #made = 0;

  set(type: Daemon, id: string, more: { host?: string; node?: string; image?: string; ready?: boolean } = {}): void {
    const { host, node = "node1", image = "ceph:v20.2.4", ready = true } = more;
    const uid = this.#pods.get(`${type}-${id}`)?.metadata.uid ?? `uid-${++this.#made}`;
    this.#pods.set(`${type}-${id}`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { uid, name: `rook-ceph-${type}-${id}`, namespace: "rook-ceph", labels: { app: `rook-ceph-${type}`, [type]: id } },
      spec: {
        nodeName: node,
        containers: [
          { name: type, image, args: type === "mon" ? [`--public-addr=${host}`] : [`--crush-location=root=default host=${node}`] },
        ],
      },
      status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
    });
  }

  remove(type: Daemon, id: string): void {
    this.#pods.delete(`${type}-${id}`);
  }

  secret(): Secret {
    return keyring;
  }

  pods(_namespace: string, app: string): Pod[] {
    return [...this.#pods.values()].filter((pod) => pod.metadata.labels?.["app"] === app);
  }
}
