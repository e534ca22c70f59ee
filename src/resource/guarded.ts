import type { Ceph } from "../ceph/ceph.ts";
import { isMutation } from "../ceph/is-mutation.ts";
import type { Clock } from "../kube/clock.ts";
import type { Kube, KubeReader } from "../kube/kube.ts";
import type { Kind, KubeObject } from "../kube/object.ts";

/** The object is deleted, or another one of its name has come: what the pass knows of it is over. */
export class ObjectGoneError extends Error {
  override readonly name = "ObjectGoneError";
}

/** Milliseconds that an answer counts for: a pass may stand still between two changes. */
const trustedMs = 2000;

/**
 * Both waists for a pass over `object`, which change nothing for an object that is not what the pass takes it for. Before the first
 * change, the API server itself is asked: a cache that is late would have the pass make again what was removed, or, worse, remove from Ceph
 * or Kubernetes what belongs to a new object of the same name. It is asked again where that is more than 2 s ago.
 *
 * @throws ObjectGoneError from whatever would change something
 */
export function guarded<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  { kube, live, clock }: { readonly kube: Kube; readonly live: KubeReader; readonly clock: Clock },
): { readonly kube: Kube; readonly ceph: (connection: Ceph) => Ceph } {
  const { namespace = "", name = "", uid, deletionTimestamp } = object.metadata;
  let asked: Promise<void> | undefined;
  let askedAt = 0;
  const ask = async (): Promise<void> => {
    const found = await live.get(kind, { namespace, name });
    if (found?.metadata.uid !== uid || (found?.metadata.deletionTimestamp === undefined) !== (deletionTimestamp === undefined))
      throw new ObjectGoneError(`${kind.kind} ${namespace}/${name} is not what it was`);
  };
  const assure = (): Promise<void> => {
    if (asked === undefined || clock.now() - askedAt > trustedMs) {
      asked = ask();
      askedAt = clock.now();
    }
    return asked;
  };
  return {
    kube: {
      ...kube,
      create: async (of, made) => {
        await assure();
        return kube.create(of, made);
      },
      apply: async (of, made, options) => {
        await assure();
        return kube.apply(of, made, options);
      },
      // what is found by its name may be the next one's
      delete: async (of, key, options) => {
        await assure();
        return kube.delete(of, key, options);
      },
    },
    ceph: (connection) => ({
      command: async (command, options) => {
        if (isMutation(command)) await assure();
        return connection.command(command, options);
      },
      close: () => connection.close(),
    }),
  };
}
