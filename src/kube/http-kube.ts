import { cleanObject } from "./clean-object.ts";
import type { Clock } from "./clock.ts";
import type { ClusterCredentials } from "./cluster-credentials.ts";
import type { DeleteOutcome, DeleteTeller } from "./delete-outcome.ts";
import { errorFromAnswer } from "./error-from-answer.ts";
import { createHttpTransport, type TransportAnswer, type TransportRequest } from "./http-transport.ts";
import { httpWatch } from "./http-watch.ts";
import type { DeleteOptions, Kube, WriteOptions } from "./kube.ts";
import { isKubeError, KubeError, type KubeStatus } from "./kube-error.ts";
import type { Logger } from "./logger.ts";
import type { Kind, KubeObject, ObjectKey } from "./object.ts";
import { collectionPath, objectPath } from "./request-path.ts";
import { readRetryable, withRetries, writeRetryable } from "./retry.ts";

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

/** One request. Watches count when they are answered, not when they end. */
export interface RequestInfo {
  verb: "get" | "list" | "watch" | "create" | "update" | "apply" | "patch" | "delete";
  kind: string;
  /** The HTTP status, or `unreachable` or `aborted` where there was no answer. */
  code: string;
  seconds: number;
}

export interface HttpKube extends Kube, DeleteTeller {
  /** Ends every connection and watch; requests under way fail with `aborted`. */
  close(): Promise<void>;
}

const pageSize = "500";

/**
 * The API server over HTTP.
 *
 * Guarantees: lists are read in pages of 500 and are of one version; objects have kind and apiVersion and no `managedFields`.
 * Reads are tried again up to three times for 429, 5xx and lost connections; writes only where the server surely has not done
 * them (429, connection refused); `listForWatch` and `watch` never, since who follows a collection has a back-off of its own. An
 * answer 401 reads the credentials again, once.
 * Caveats: the annotation that `kubectl apply` leaves is dropped on reading, so `update` of an object that was read removes it;
 * to change what others wrote, use `mergePatch`. Bodies and credentials are never logged.
 */
export function createHttpKube(options: HttpKubeOptions): HttpKube {
  const { credentials, clock, log, userAgent, random = Math.random, onRequest } = options;
  const transport = createHttpTransport({ credentials, userAgent });

  /** Sends once and gives the parsed body of a success. */
  const sendOnce = async (verb: RequestInfo["verb"], kind: Kind, request: TransportRequest): Promise<unknown> => {
    const startedAt = clock.now();
    let answer: TransportAnswer | undefined;
    let code = "unreachable";
    try {
      answer = await transport.call(request);
      code = String(answer.status);
      if (answer.status >= 200 && answer.status < 300) return await answer.json();
      throw errorFromAnswer(request.what, answer.status, await answer.text(), answer.headers["retry-after"]);
    } catch (cause) {
      const error = transport.unanswered(request, cause);
      if (answer === undefined && error instanceof KubeError) code = error.code;
      throw error;
    } finally {
      onRequest?.({ verb, kind: kind.kind, code, seconds: (clock.now() - startedAt) / 1000 });
    }
  };

  const sendAuthorized = async (verb: RequestInfo["verb"], kind: Kind, request: TransportRequest): Promise<unknown> => {
    const before = (await credentials.headers())["authorization"];
    try {
      return await sendOnce(verb, kind, request);
    } catch (error) {
      if (!isKubeError(error, "unauthorized")) throw error;
      credentials.refresh();
      if ((await credentials.headers())["authorization"] === before) throw error;
      log.debug("Credentials were refused and have been read again");
      return sendOnce(verb, kind, request);
    }
  };

  const send = (verb: RequestInfo["verb"], kind: Kind, request: TransportRequest): Promise<unknown> =>
    withRetries(() => sendAuthorized(verb, kind, request), {
      clock,
      random,
      retryable: verb === "get" || verb === "list" ? readRetryable : writeRetryable,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });

  const listPages = async <T extends KubeObject>(
    kind: Kind<T>,
    query: { namespace?: string; labelSelector?: string; fieldSelector?: string; signal?: AbortSignal },
    sendPage: typeof send,
  ): Promise<{ items: T[]; resourceVersion: string }> => {
    const what = `list ${kind.plural}${query.namespace === undefined ? "" : ` in ${query.namespace}`}`;
    const page = async (limit: string | undefined, token: string | undefined) => {
      const { labelSelector, fieldSelector } = query;
      const path = collectionPath(kind, query.namespace, { limit, continue: token, labelSelector, fieldSelector });
      const request = { method: "GET" as const, path, what, ...(query.signal === undefined ? {} : { signal: query.signal }) };
      return (await sendPage("list", kind, request)) as ListBody<T>;
    };
    const items: T[] = [];
    let token: string | undefined;
    for (;;) {
      let body: ListBody<T>;
      try {
        body = await page(pageSize, token);
      } catch (error) {
        // The version that the pages are of was compacted between two of them: once more, in one piece.
        if (token === undefined || !isKubeError(error, "gone")) throw error;
        items.length = 0;
        body = await page(undefined, undefined);
      }
      for (const item of body.items ?? []) items.push(cleanObject(kind, item));
      token = body.metadata?.continue;
      if (token === undefined || token === "") return { items, resourceVersion: body.metadata?.resourceVersion ?? "" };
    }
  };

  /** A write that answers with the object. */
  const write = async <T extends KubeObject>(verb: RequestInfo["verb"], kind: Kind<T>, request: TransportRequest): Promise<T> =>
    cleanObject(kind, (await send(verb, kind, request)) as T);

  const deleteAndTell: DeleteTeller["deleteAndTell"] = async <T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ) => {
    const { uid, resourceVersion, propagationPolicy, gracePeriodSeconds } = options;
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy,
      gracePeriodSeconds,
      preconditions: uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion },
    };
    const request = {
      method: "DELETE" as const,
      path: objectPath(kind, key),
      body: JSON.stringify(body),
      what: nameOf("delete", kind, key),
    };
    try {
      const answer = (await send("delete", kind, request)) as KubeStatus | T;
      return deleteOutcome(kind, answer);
    } catch (error) {
      if (isObjectAbsent(error)) return { type: "absent" };
      throw error;
    }
  };

  return {
    get: async (kind, key) => {
      try {
        return await write("get", kind, { method: "GET", path: objectPath(kind, key), what: nameOf("get", kind, key) });
      } catch (error) {
        if (isObjectAbsent(error)) return undefined;
        throw error;
      }
    },
    list: async (kind, selection = {}) => {
      const { namespace, labels, ownerUid, about } = selection;
      const labelSelector =
        labels === undefined
          ? ""
          : Object.entries(labels)
              .map(([name, value]) => `${name}=${value}`)
              .join(",");
      const { items } = await listPages(
        kind,
        {
          ...(namespace === undefined ? {} : { namespace }),
          ...(labelSelector === "" ? {} : { labelSelector }),
          ...(about === undefined ? {} : { fieldSelector: `involvedObject.uid=${about}` }),
        },
        send,
      );
      if (ownerUid === undefined) return items;
      return items.filter((item) => item.metadata.ownerReferences?.some((owner) => owner.uid === ownerUid) ?? false);
    },
    listForWatch: (kind, options = {}) => listPages(kind, options, sendAuthorized),
    watch: (kind, options) =>
      httpWatch(
        { transport, clock, random, onAnswer: (code, seconds) => onRequest?.({ verb: "watch", kind: kind.kind, code, seconds }) },
        kind,
        options,
      ),
    create: (kind, object) => {
      const path = collectionPath(kind, object.metadata.namespace);
      return write("create", kind, { method: "POST", path, body: JSON.stringify(object), what: nameOf("create", kind, keyOf(object)) });
    },
    update: (kind, object) => {
      const key = keyOf(object);
      return write("update", kind, {
        method: "PUT",
        path: objectPath(kind, key),
        body: JSON.stringify(object),
        what: nameOf("update", kind, key),
      });
    },
    apply: (kind, object, { fieldManager, subresource }) => {
      const key = keyOf(object);
      return write("apply", kind, {
        method: "PATCH",
        path: objectPath(kind, key, subresource, { fieldManager, force: "true" }),
        body: JSON.stringify({ ...object, apiVersion: kind.apiVersion, kind: kind.kind }),
        contentType: "application/apply-patch+yaml",
        what: nameOf("apply", kind, key, subresource),
      });
    },
    mergePatch: (kind, key, patch, options = {}) =>
      write("patch", kind, {
        method: "PATCH",
        path: objectPath(kind, key, options.subresource),
        body: JSON.stringify(patch),
        contentType: "application/merge-patch+json",
        what: nameOf("patch", kind, key, options.subresource),
      }),
    delete: async (kind, key, options) => (await deleteAndTell(kind, key, options)).type !== "absent",
    deleteAndTell,
    close: () => transport.close(),
  };
}

interface ListBody<T> {
  items?: T[] | null;
  metadata?: { resourceVersion?: string; continue?: string };
}

/** Where the kind itself is unknown, such as a CRD that is not installed, the server names no object, and that is an error to tell. */
function isObjectAbsent(error: unknown): boolean {
  return isKubeError(error, "notFound") && error.status?.details?.name !== undefined;
}

/** The server answers with a `Status` or with the object, as it was or as it is now, by kind and by what holds it up. */
function deleteOutcome<T extends KubeObject>(kind: Kind<T>, answer: KubeStatus | T): DeleteOutcome<T> {
  if ("metadata" in answer && answer.kind !== "Status") {
    const object = cleanObject(kind, answer);
    if (object.metadata.deletionTimestamp !== undefined) return { type: "terminating", object };
    return object.metadata.uid === undefined ? { type: "gone" } : { type: "gone", uid: object.metadata.uid };
  }
  const uid = (answer as KubeStatus).details?.uid;
  return uid === undefined ? { type: "gone" } : { type: "gone", uid };
}

function keyOf(object: KubeObject): ObjectKey {
  const { namespace, name = object.metadata.generateName ?? "" } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

/** `apply status of Deployment default/web`, for messages. */
function nameOf(verb: string, kind: Kind, key: ObjectKey, subresource?: WriteOptions["subresource"]): string {
  const part = subresource === undefined ? "" : `${subresource} of `;
  return `${verb} ${part}${kind.kind} ${key.namespace === undefined ? "" : `${key.namespace}/`}${key.name}`;
}
