import { defineKind, type Kind } from "../kube/object.ts";

const plurals: Readonly<Record<string, string>> = {
  CephBlockPoolRadosNamespace: "cephblockpoolradosnamespaces",
  CephBucketNotification: "cephbucketnotifications",
  CephBucketTopic: "cephbuckettopics",
  CephFilesystemMirror: "cephfilesystemmirrors",
  CephNFS: "cephnfses",
  CephNVMeOFGateway: "cephnvmeofgateways",
  CephObjectRealm: "cephobjectrealms",
  CephObjectStore: "cephobjectstores",
  CephObjectStoreAccount: "cephobjectstoreaccounts",
  CephObjectStoreUser: "cephobjectstoreusers",
  CephObjectZone: "cephobjectzones",
  CephObjectZoneGroup: "cephobjectzonegroups",
  CephRBDMirror: "cephrbdmirrors",
};

/**
 * Rook's kinds of what is in a cluster or uses it that this operator does not reconcile. A cluster that was taken over may have some: as long
 * as one is there, its data is wanted. Only their names are known here; they need not be installed.
 */
export const foreignKinds: readonly Kind[] = Object.entries(plurals).map(([kind, plural]) =>
  defineKind({ apiVersion: "ceph.rook.io/v1", kind, plural, namespaced: true }),
);
