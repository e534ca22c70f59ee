import { cleanObject } from "./clean-object.ts";
import type { Clock } from "./clock.ts";
import type { ClusterCredentials } from "./cluster-credentials.ts";
import type { DeleteTeller } from "./delete-outcome.ts";
import { httpDelete } from "./http-delete.ts";
import { listPages, listSelected } from "./http-list.ts";
import { createHttpSender } from "./http-sender.ts";
import { createHttpTransport, type TransportRequest } from "./http-transport.ts";
import { httpWatch } from "./http-watch.ts";
import { isObjectAbsent } from "./is-object-absent.ts";
import type { Kube, WriteOptions } from "./kube.ts";
import type { Logger } from "./logger.ts";
import { nameRequest } from "./name-request.ts";
import type { Kind, KubeObject, ObjectKey } from "./object.ts";
import type { RequestInfo } from "./request-info.ts";
import { collectionPath, objectPath } from "./request-path.ts";

export interface HttpKubeOptions {
  credentials: ClusterCredentials;
  clock: Clock;
  log: Logger;
  /** Who asks, as the server's audit log shows it: `jackdaw/0.1.0`. */
  userAgent: string;
  /** Uniform in [0, 1); `Math.random` where absent. */
  random?: () => number;
  /** Hears of every request that was sent, retries among them. */
  onRequest?: (info: RequestInfo) => void;
}

export interface HttpKube extends Kube, DeleteTeller {
  /** Ends every connection and watch; requests under way fail with `aborted`. */
  close(): Promise<void>;
}

/**
 * The API server over HTTP.
 *
 * Guarantees: lists are read in pages of 500 and are of one version; objects have kind and apiVersion and no `managedFields`.
 * Reads are tried again up to three times for 429, 5xx and lost connections; writes only where the server surely has not done
 * them (429, connection refused); `listForWatch` and `watch` never, since who follows a collection has a back-off of its own. An
 * answer 401 reads the credentials again, once.
 * Caveats: the annotation that `kubectl apply` leaves is dropped on reading, so `update` of an object that was read removes it;
 * to change what others wrote, use `mergePatch`. Bodies and credentials are never logged.
 *
 * @example
 * const credentials = await loadCredentials({ env: process.env });
 * const kube = createHttpKube({ credentials, clock: systemClock, log: silentLogger, userAgent: "widgets/1.0" });
 * const pod = await kube.get(Pod, { namespace: "default", name: "web" });
 * await kube.close();
 */
export function createHttpKube(options: HttpKubeOptions): HttpKube {
  const { credentials, clock, log, userAgent, random = Math.random, onRequest } = options;
  const transport = createHttpTransport({ credentials, userAgent });
  const { send, sendOnce } = createHttpSender({ transport, credentials, clock, log, random, onRequest });

  /** A request that answers with the object. */
  const call = async <T extends KubeObject>(
    verb: RequestInfo["verb"],
    kind: Kind<T>,
    key: ObjectKey,
    { subresource, ...request }: Omit<TransportRequest, "what"> & WriteOptions,
  ): Promise<T> => cleanObject(kind, (await send(verb, kind, { ...request, what: nameRequest(verb, kind, key, subresource) })) as T);

  return {
    get: async (kind, key) => {
      try {
        return await call("get", kind, key, { method: "GET", path: objectPath(kind, key) });
      } catch (error) {
        if (isObjectAbsent(error)) return undefined;
        throw error;
      }
    },
    list: (kind, selection = {}) => listSelected(send, kind, selection),
    listForWatch: (kind, options = {}) => listPages(sendOnce, kind, options),
    watch: (kind, options) =>
      httpWatch(
        { transport, clock, random, onAnswer: (code, seconds) => onRequest?.({ verb: "watch", kind: kind.kind, code, seconds }) },
        kind,
        options,
      ),
    create: (kind, object) => {
      const path = collectionPath(kind, object.metadata.namespace);
      return call("create", kind, keyOf(object), { method: "POST", path, body: JSON.stringify(object) });
    },
    update: (kind, object) => {
      const key = keyOf(object);
      return call("update", kind, key, { method: "PUT", path: objectPath(kind, key), body: JSON.stringify(object) });
    },
    apply: (kind, object, { fieldManager, subresource }) => {
      const key = keyOf(object);
      return call("apply", kind, key, {
        method: "PATCH",
        path: objectPath(kind, key, subresource, { fieldManager, force: "true" }),
        body: JSON.stringify({ ...object, apiVersion: kind.apiVersion, kind: kind.kind }),
        contentType: "application/apply-patch+yaml",
        ...(subresource === undefined ? {} : { subresource }),
      });
    },
    mergePatch: (kind, key, patch, { subresource } = {}) =>
      call("patch", kind, key, {
        method: "PATCH",
        path: objectPath(kind, key, subresource),
        body: JSON.stringify(patch),
        contentType: "application/merge-patch+json",
        ...(subresource === undefined ? {} : { subresource }),
      }),
    delete: async (kind, key, options) => (await httpDelete(send, kind, key, options)).type !== "absent",
    deleteAndTell: (kind, key, options) => httpDelete(send, kind, key, options),
    close: () => transport.close(),
  };
}

function keyOf(object: KubeObject): ObjectKey {
  const { namespace, name = object.metadata.generateName ?? "" } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}
