import { CephBlockPool } from "../../src/kinds/ceph-block-pool/ceph-block-pool.ts";
import { CephClient } from "../../src/kinds/ceph-client/ceph-client.ts";
import { CephFilesystem } from "../../src/kinds/ceph-filesystem/ceph-filesystem.ts";
import { CephFilesystemSubVolumeGroup } from "../../src/kinds/ceph-filesystem-subvolume-group/subvolume-group.ts";
import type { Kind, KubeObject, ObjectKey } from "../../src/kube/object.ts";
import { CephCluster, type CephClusterSpec } from "../../src/schema/ceph-cluster.ts";

/** What the contract of kinds has to know of one: objects of it, as small as they can be, on a cluster of one node. */
export interface KindFixture {
  readonly kind: Kind;
  readonly key: Required<ObjectKey>;
  /** An object that comes to be Ready; undefined where every test world has one. */
  readonly good?: KubeObject;
  /** Of the kinds whose good objects have to be there first. */
  readonly needs: readonly Kind[];
  /** A change of its spec that the operator acts on. */
  readonly change: object;
  /** A change of its spec that the schema lets pass and that cannot be, and the field that says so. */
  readonly bad: { readonly spec: object; readonly field: string };
  /** A change of its spec that is not supported yet, and the fields that are named for it. */
  readonly withoutEffect: { readonly spec: object; readonly fields: string };
}

/** The spec of the CephCluster: one mon, one mgr, and the OSD of one node. */
export const oneNodeSpec: CephClusterSpec = { mon: { count: 1 }, mgr: { count: 1 } };

const namespace = "rook-ceph";
const replicated = { size: 1 };

/** An object named `it`. */
function it<T extends KubeObject & { spec: object }>(kind: Kind<T>, spec: T["spec"]): Pick<KindFixture, "kind" | "key" | "good"> {
  const key = { namespace, name: "it" };
  const good: KubeObject & { spec: object } = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: key, spec };
  return { kind, key, good };
}

/** One of each kind that the operator reconciles; the contract fails for a kind without one. */
export const kindFixtures: readonly KindFixture[] = [
  {
    kind: CephCluster,
    key: { namespace, name: "rook-ceph" },
    needs: [],
    change: { resources: { mgr: { requests: { memory: "1Gi" } } } },
    bad: { spec: { mgr: { modules: [{ name: "dashboard", enabled: true }] } }, field: "mgr.modules[0].name" },
    withoutEffect: { spec: { logCollector: { enabled: true } }, fields: "logCollector" },
  },
  {
    ...it(CephClient, { caps: { mon: "allow r" } }),
    needs: [],
    change: { caps: { mon: "allow rw" } },
    bad: { spec: { caps: { mon: " " } }, field: "caps.mon" },
    withoutEffect: { spec: { security: { cephx: { keyGeneration: 2 } } }, fields: "security.cephx.keyGeneration" },
  },
  {
    ...it(CephBlockPool, { replicated }),
    needs: [],
    change: { quotas: { maxSize: "1Gi" }, parameters: { compression_mode: "none" } },
    bad: { spec: { replicated: { size: 0 } }, field: "replicated.size" },
    withoutEffect: {
      spec: {
        replicated: { hybridStorage: { primaryDeviceClass: "ssd", secondaryDeviceClass: "hdd" } },
        mirroring: { enabled: true, mode: "image" },
      },
      fields: "mirroring, replicated.hybridStorage",
    },
  },
  {
    ...it(CephFilesystem, { metadataPool: { replicated }, dataPools: [{ replicated }], metadataServer: { activeCount: 1 } }),
    needs: [],
    change: { metadataServer: { activeStandby: true, resources: { limits: { memory: "4Gi" } } } },
    bad: { spec: { metadataPool: { replicated: { size: 0 } } }, field: "metadataPool.replicated.size" },
    withoutEffect: {
      spec: { mirroring: { enabled: true }, metadataPool: { enableRBDStats: true } },
      fields: "metadataPool.enableRBDStats, mirroring",
    },
  },
  {
    ...it(CephFilesystemSubVolumeGroup, { filesystemName: "it" }),
    needs: [CephFilesystem],
    change: { quota: "1Gi", pinning: { export: 0 } },
    bad: { spec: { quota: 0 }, field: "quota" },
    withoutEffect: { spec: { csiMetadataRadosNamespace: "space" }, fields: "csiMetadataRadosNamespace" },
  },
];

/** The fixture of a kind. */
export function fixtureOf(kind: Kind): KindFixture {
  const found = kindFixtures.find((fixture) => fixture.kind.kind === kind.kind);
  if (found === undefined) throw new Error(`${kind.kind} has no fixture in test/kinds/kind-fixtures.ts`);
  return found;
}
