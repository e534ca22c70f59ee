import { isDeepStrictEqual } from "node:util";
import type { Ceph } from "../ceph/ceph.ts";
import { type CephxKeyType, makeCephxKey } from "../ceph/cephx-key.ts";
import { authCaps, authGet, authImport } from "../ceph/commands/auth.ts";
import { parseKeyring, renderKeyring } from "../ceph/keyring.ts";
import { createOnce } from "../kube/create-once.ts";
import { Secret } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import type { Kind, KubeObject, ObjectMeta } from "../kube/object.ts";
import type { CappedDaemonType } from "./daemon-type.ts";

/** How a daemon's key changes the world. */
export interface KeyAct {
  readonly kube: Pick<Kube, "get" | "create">;
  readonly ceph: Ceph;
  /** So many cryptographically strong random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly apply: <T extends KubeObject>(kind: Kind<T>, object: T) => Promise<unknown>;
}

/** A daemon that is to have a key. */
export interface KeyedDaemon {
  /** `caps` of the type is what the key allows. */
  readonly type: CappedDaemonType;
  readonly id: string;
  /** Metadata of its Secret, which has the keyring under `keyring`. */
  readonly secret: ObjectMeta;
  /** Of a new key. */
  readonly keyType: CephxKeyType;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * A daemon's key, in its Secret and in Ceph. Ceph has the last word on a key, and the operator on what it allows. The Secret comes first: by it
 * a daemon that is no longer asked for is found, whatever of it was made by then. Where another client has just made the Secret, its key
 * counts, and a later pass gives it to Ceph.
 */
export async function ensureDaemonKey(act: KeyAct, daemon: KeyedDaemon): Promise<void> {
  const { caps } = daemon.type;
  const entity = daemon.type.user?.(daemon.id) ?? `${daemon.type.type}.${daemon.id}`;
  const known = await authGet(act.ceph, entity);
  const { key, isNew } = known === undefined ? await keyFor(act, daemon, entity) : { key: known.key, isNew: false };
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/rook",
    metadata: daemon.secret,
    data: { keyring: Buffer.from(renderKeyring([{ entity, key, caps }])).toString("base64") },
  };
  const isWritten = isNew ? await createOnce(() => act.kube.create(Secret, secret)) : await act.apply(Secret, secret);
  if (isWritten === false) return;
  if (known === undefined) await authImport(act.ceph, [{ entity, key, caps }]);
  else if (!isDeepStrictEqual({ ...known.caps }, caps)) await authCaps(act.ceph, entity, caps);
}

/** A key that Ceph lacks: the one of the Secret, with which the daemon may run, or a new one. `isNew`: there is no Secret. */
async function keyFor(
  { kube, random }: KeyAct,
  { secret: { namespace = "", name = "" }, keyType, now }: KeyedDaemon,
  entity: string,
): Promise<{ readonly key: string; readonly isNew: boolean }> {
  const secret = await kube.get(Secret, { namespace, name });
  const kept = parseKeyring(Buffer.from(secret?.data?.["keyring"] ?? "", "base64").toString()).find((entry) => entry.entity === entity);
  if (kept !== undefined) return { key: kept.key, isNew: false };
  return { key: makeCephxKey({ type: keyType, random, nowSeconds: Math.floor(now / 1000) }), isNew: secret === undefined };
}
