import type { CephCommand } from "../../src/ceph/ceph.ts";

/** Something that the operator said, in one real run, and what it was answered. Keys and passwords are stand-ins. */
export type TraceEntry =
  | {
      readonly type: "write";
      readonly verb: "create" | "update" | "apply" | "patch" | "delete";
      readonly apiVersion: string;
      readonly kind: string;
      readonly plural: string;
      readonly namespace?: string;
      readonly name: string;
      readonly subresource?: "status";
      /** The object or the patch. */
      readonly body?: unknown;
    }
  | {
      readonly type: "ceph";
      readonly command: CephCommand;
      readonly target?: string;
      readonly input?: string;
      readonly answer?: unknown;
      /** Its code, where it was refused. */
      readonly error?: string;
    };

export interface Trace {
  /** What ran, such as `20.2.4`. */
  readonly ceph: string;
  readonly identity: { readonly fsid: string; readonly monHost: string; readonly user: string; readonly key: string };
  readonly clusterUid: string;
  /** The CephCluster that a user made. */
  readonly cluster: unknown;
  readonly entries: readonly TraceEntry[];
}
