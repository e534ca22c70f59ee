import { Secret } from "../../kube/kinds.ts";
import type { ChildKind } from "../../resource/child-kind.ts";
import { fieldsWithoutEffect } from "../../schema/unsupported.ts";
import { CephClient } from "./ceph-client.ts";
import { clientProblems } from "./problems.ts";
import { clientReasons } from "./reasons.ts";
import { reconcileClient } from "./reconcile.ts";
import { removeClient } from "./remove.ts";

/** CephClient: a user of Ceph with its key in a Secret. */
export const clientKind: Readonly<ChildKind<CephClient>> = {
  kind: CephClient,
  about:
    "A user of Ceph, `client.<name>`, with the capabilities of `caps`, and its key in the Secret `rook-ceph-client-<object's name>` (keys `<name>`, `userID`, `userKey`). Deleting it takes the user out of Ceph, unless another CephClient names the same one.",
  crd: async () => (await import("./schema.ts")).clientCrd,
  reasons: clientReasons,
  isDependent: true,
  reads: [{ kind: Secret }],
  problems: clientProblems,
  withoutEffect: ({ spec }) =>
    fieldsWithoutEffect(spec, {
      acting: ["caps", "name", "secretName", "removeSecret", "security.cephx.keyType"],
      usual: new Map([["security.cephx.keyRotationPolicy", "Disabled"]]),
    }),
  reconcile: reconcileClient,
  dependents: () => Promise.resolve([]),
  remove: removeClient,
};
