import { clientSecret } from "../../src/kinds/ceph-client/build-secret.ts";
import type { PlacedMon } from "../../src/kinds/ceph-cluster/common/placed-mon.ts";
import type { PlacedOsd } from "../../src/kinds/ceph-cluster/common/placed-osd.ts";
import { crashCollector } from "../../src/kinds/ceph-cluster/crash/build.ts";
import { cleanupJob } from "../../src/kinds/ceph-cluster/deletion/build.ts";
import { blockingOsdBudget, mgrBudget, monBudget, osdBudget } from "../../src/kinds/ceph-cluster/drain/build.ts";
import { identitySecret, overrideConfigMap } from "../../src/kinds/ceph-cluster/identity/build.ts";
import { keyringSecret } from "../../src/kinds/ceph-cluster/keys/build.ts";
import { dashboardService, metricsService, mgrDeployment, passwordSecret } from "../../src/kinds/ceph-cluster/mgr/build.ts";
import { monDeployment, monService } from "../../src/kinds/ceph-cluster/mon/build.ts";
import { configSecret, endpointsConfigMap } from "../../src/kinds/ceph-cluster/mon/build-endpoints.ts";
import { osdDeployment } from "../../src/kinds/ceph-cluster/osd/build.ts";
import { type PrepareInput, prepareJob } from "../../src/kinds/ceph-cluster/osd/prepare-job.ts";
import { versionJob } from "../../src/kinds/ceph-cluster/version/build.ts";
import { mdsBudget, mdsDeployment } from "../../src/kinds/ceph-filesystem/build-mds.ts";
import type { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { buildContexts } from "./build-contexts.ts";

/** An object, and the function that made it. */
export interface BuiltObject {
  readonly builder: unknown;
  readonly object: KubeObject;
}

function built<A extends unknown[]>(builder: (...input: A) => KubeObject | undefined, ...input: A): BuiltObject {
  const object = builder(...input);
  if (object === undefined) throw new Error(`${builder.name} makes nothing of this`);
  return { builder, object };
}

const { plain, twoMgrs, hostNetwork, rich } = buildContexts;
const key = "AQBkeyOfTheTestsAAAAAAAAAAAAAAAAAAAAAAAA==";
const image = { image: "quay.io/ceph/ceph:v20.2.4", label: "20.2.4-0" };
const mon: PlacedMon = { id: "a", hostname: "node1", address: "10.96.0.1" };
const mons: readonly PlacedMon[] = [mon, { id: "c", hostname: "node3", address: "fd00::3" }];
const osd: PlacedOsd = {
  id: 0,
  uuid: "99999999-8888-7777-6666-555555555555",
  hostname: "node1.example",
  device: "/dev/sdb",
  deviceClass: "",
  crushLocation: "root=default host=node1-example",
};
const classedOsd: PlacedOsd = {
  ...osd,
  deviceClass: "nvme",
  crushLocation: "root=default zone=a host=node1-example",
  resources: { requests: { memory: "8Gi" } },
};
const prepare: PrepareInput = {
  hostname: "node1",
  image: image.image,
  selection: { devices: [{ name: "sdb" }], deviceFilter: "", devicePathFilter: "", useAllDevices: false, deviceClass: "" },
  keyType: "aes256k",
  bootId: undefined,
  name: "rook-ceph-osd-prepare-node1",
};
const filtered: PrepareInput = {
  ...prepare,
  selection: { devices: [], deviceFilter: "^sd[b-d]$", devicePathFilter: "", useAllDevices: false, deviceClass: "ssd" },
  wipeOthersBut: ["33333333-2222-1111-0000-999999999999"],
  bootId: "boot-1",
};
const cleanup = { hostname: "node1", fsid: plain.fsid, image: image.image };
const owner = { apiVersion: "ceph.rook.io/v1", kind: "CephFilesystem", name: "myfs", uid: "filesystem-uid" };
const ofFilesystem = <C extends object>(context: C) => ({ ...context, owner });
const filesystem: CephFilesystem = {
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  metadata: { name: owner.name, namespace: "rook-ceph" },
  spec: {
    metadataPool: { replicated: { size: 3 } },
    dataPools: [{ replicated: { size: 3 } }],
    metadataServer: { activeCount: 1, activeStandby: true },
  },
};
const richFilesystem: CephFilesystem = {
  ...filesystem,
  spec: {
    ...filesystem.spec,
    metadataServer: {
      activeCount: 3,
      placement: { tolerations: [{ key: "mds", operator: "Exists" }] },
      labels: { team: "files" },
      annotations: { contact: "files" },
      priorityClassName: "mds",
      resources: { requests: { memory: "4Gi" } },
      livenessProbe: { disabled: true },
      startupProbe: { probe: { failureThreshold: 99 } },
    },
  },
};

/** Objects of every builder, by the name of their golden file. */
export const builtObjects: Readonly<Record<string, BuiltObject>> = {
  "mon-deployment": built(monDeployment, plain, mon, image),
  "mon-deployment-stopped": built(monDeployment, plain, mon, image, { replicas: 0 }),
  "mon-deployment-on-host-network": built(monDeployment, hostNetwork, mon, image),
  "mon-deployment-rich": built(monDeployment, rich, mon, image),
  "mon-service": built(monService, plain, "a"),
  "mon-service-that-was-lost": built(monService, plain, "a", mon.address),
  "mon-service-rich": built(monService, rich, "a"),
  "mon-config-secret": built(configSecret, plain, [mon], { joining: [], exists: false }),
  "mon-config-secret-rich": built(configSecret, rich, mons, { joining: ["c"], exists: true }),
  "mon-endpoints": built(endpointsConfigMap, plain, [mon], { maxMonId: 0, outOfQuorum: [] }),
  "mon-endpoints-rich": built(endpointsConfigMap, rich, mons, { maxMonId: 2, outOfQuorum: ["c"] }),
  "mgr-deployment-alone": built(mgrDeployment, plain, "a", image),
  "mgr-deployment-of-two": built(mgrDeployment, twoMgrs, "b", image),
  "mgr-deployment-on-host-network": built(mgrDeployment, hostNetwork, "a", image),
  "mgr-deployment-rich": built(mgrDeployment, rich, "a", image),
  "mgr-metrics-service": built(metricsService, plain),
  "mgr-metrics-service-rich": built(metricsService, rich),
  "mgr-dashboard-service": built(dashboardService, plain),
  "mgr-dashboard-service-rich": built(dashboardService, rich),
  "mgr-dashboard-password": built(passwordSecret, plain, "secret"),
  "osd-deployment": built(osdDeployment, plain, osd, image),
  "osd-deployment-with-class-and-resources": built(osdDeployment, plain, classedOsd, image),
  "osd-deployment-on-host-network": built(osdDeployment, hostNetwork, osd, image),
  "osd-deployment-rich": built(osdDeployment, rich, osd, image),
  "osd-prepare-job": built(prepareJob, plain, prepare),
  "osd-prepare-job-rich": built(prepareJob, rich, filtered),
  "keyring-secret": built(keyringSecret, plain, "rook-ceph-mgr-a-keyring", [
    { entity: "mgr.a", key, caps: { mon: "allow profile mgr", osd: "allow *" } },
  ]),
  "identity-secret": built(identitySecret, plain, { fsid: plain.fsid, monKey: key, adminUser: "client.admin", adminKey: key }),
  "override-config-map": built(overrideConfigMap, plain),
  "crash-collector": built(crashCollector, plain, "node1", image),
  "crash-collector-rich": built(crashCollector, rich, "node1", image),
  "cleanup-job": built(cleanupJob, plain, cleanup),
  "cleanup-job-rich": built(cleanupJob, rich, cleanup),
  "budget-of-mons": built(monBudget, plain, 1),
  "budget-of-mgrs": built(mgrBudget, plain),
  "budget-of-osds": built(osdBudget, plain, 1),
  "budget-of-osds-of-a-zone": built(blockingOsdBudget, plain, "zone", "a"),
  "version-job": built(versionJob, plain),
  "version-job-rich": built(versionJob, rich),
  "mds-deployment": built(mdsDeployment, ofFilesystem(plain), filesystem, "myfs-a", image),
  "mds-deployment-on-host-network": built(mdsDeployment, ofFilesystem(hostNetwork), filesystem, "myfs-a", image),
  "mds-deployment-rich": built(mdsDeployment, ofFilesystem(rich), richFilesystem, "myfs-a", image),
  "mds-budget": built(mdsBudget, ofFilesystem(plain), filesystem),
  "mds-budget-without-standbys": built(mdsBudget, ofFilesystem(plain), richFilesystem),
  "client-secret": built(clientSecret, {
    namespace: "rook-ceph",
    name: "rook-ceph-client-images",
    owner: { apiVersion: "ceph.rook.io/v1", kind: "CephClient", name: "images", uid: "client-uid" },
    user: "images",
    key,
  }),
};
