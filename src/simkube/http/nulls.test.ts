import { expect, test } from "@jest/globals";
import { loadCrds } from "../../kinds/index.ts";
import { systemClock } from "../../kube/clock.ts";
import { CustomResourceDefinition, Namespace } from "../../kube/kinds.ts";
import { crdOf } from "../../schema/crd.ts";
import { createKubeStore } from "../api/store.ts";
import { typedStore } from "../controllers/sim-kinds.ts";
import { startApiServer } from "./api-server.ts";

/** As people write it who leave a field's name there and take what was below it away. */
const manifest = `
apiVersion: ceph.rook.io/v1
kind: CephCluster
metadata: { name: ours, namespace: rook-ceph }
spec:
  cephVersion:
    image: quay.io/ceph/ceph:v20.2.4
  dataDirHostPath: /var/lib/ours
  mon: { count: 3 }
  annotations:
  labels:
    mgr:
  resources:
    # osd: { requests: { memory: 4Gi } }
  priorityClassNames:
  placement:
    all:
  storage:
    useAllNodes: true
    deviceFilter:
    config:
    nodes:
    # - name: node1
`;

test("a CephCluster with fields without a value is taken, and has those that its kind allows", async () => {
  const store = createKubeStore({ strict: true });
  const typed = typedStore(store);
  typed.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata: { name: "rook-ceph" } });
  for (const crd of await loadCrds()) typed.create(CustomResourceDefinition, crdOf(crd));
  const server = await startApiServer({ store, clock: systemClock });
  try {
    const send = (method: string, path: string, type: string) =>
      fetch(
        `${server.url}/apis/ceph.rook.io/v1/namespaces/rook-ceph/cephclusters${path}?fieldValidation=Strict&fieldManager=me&force=true`,
        {
          method,
          body: manifest,
          headers: { "content-type": type },
        },
      );

    const { spec } = (await (await send("POST", "", "application/yaml")).json()) as { spec: object };
    // the kind allows some of them, and the others go
    expect(spec).toEqual({
      ...{ cephVersion: { image: "quay.io/ceph/ceph:v20.2.4" }, dataDirHostPath: "/var/lib/ours", mon: { count: 3 } },
      ...{ annotations: null, labels: {}, resources: null, priorityClassNames: null, placement: {} },
      storage: { useAllNodes: true, config: null, nodes: null },
    });
    // server-side apply takes them as they are
    expect((await send("PATCH", "/ours", "application/apply-patch+yaml")).status).toBe(422);
  } finally {
    await server.close();
  }
});
