import { describe, expect, test } from "@jest/globals";
import { updatedTypes } from "../../kinds/ceph-cluster/common/daemon-types.ts";
import type { Deployment } from "../../kube/kinds.ts";
import { daemonImages } from "./daemon-images.ts";

const deployment = (name: string, labels: Record<string, string>): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, labels: { "ceph-version": "18.2.7-0", ...labels } },
  spec: { selector: {}, template: { spec: { containers: [{ name: "ceph", image: "ceph:v18" }] } } },
});

describe("which daemon a Deployment is", () => {
  test.each<[string, Deployment, string | undefined]>([
    ["a mon", deployment("rook-ceph-mon-a", { app: "rook-ceph-mon", mon: "a" }), "mon.a"],
    ["a mon that Rook made", deployment("rook-ceph-mon-a", { app: "rook-ceph-mon", ceph_daemon_id: "a" }), "mon.a"],
    ["an OSD", deployment("rook-ceph-osd-3", { app: "rook-ceph-osd", "ceph-osd-id": "3" }), "osd.3"],
    ["none: a twin for maintenance", deployment("rook-ceph-mon-a-maintenance", { app: "rook-ceph-mon", mon: "a" }), undefined],
    [
      "none: what Rook makes to see where a mon could run",
      deployment("rook-ceph-mon-d-canary", { app: "rook-ceph-mon", mon: "d", mon_canary: "true" }),
      undefined,
    ],
    ["none: anything else", deployment("rook-ceph-mds-a", { app: "rook-ceph-mds", mds: "a" }), undefined],
  ])("%s", (_what, object, daemon) => {
    const [found] = daemonImages([object], updatedTypes);

    expect(found && `${found.type}.${found.id}`).toBe(daemon);
  });
});
