import { StringDecoder } from "node:string_decoder";
import { cleanObject } from "./clean-object.ts";
import { codeOf } from "./error-from-answer.ts";
import type { WatchEvent } from "./kube.ts";
import { KubeError, type KubeStatus } from "./kube-error.ts";
import type { Kind, KubeObject } from "./object.ts";

/**
 * Cuts a stream of bytes into lines; a last line without an end is dropped, since it may be half of one.
 *
 * @example for await (const line of linesOf(answer.body, () => {})) console.log(parseWatchLine(Pod, line, "watch pods").type);
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, onData: () => void): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    onData();
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      const line = rest + text.slice(from, end);
      rest = "";
      from = end + 1;
      if (line.trim() !== "") yield line;
    }
    rest += text.slice(from);
  }
}

/**
 * One line of a watch as an event.
 *
 * @throws KubeError `gone` where the version is too old, the code of any other `ERROR` event, and `serverError` for a line that is
 * no event: going on after it could lose a change.
 * @example parseWatchLine(Pod, line, "watch pods") // { type: "added", object: { ... } }
 */
export function parseWatchLine<T extends KubeObject>(kind: Kind<T>, line: string, what: string): WatchEvent<T> {
  let event: { type?: unknown; object?: unknown };
  try {
    event = JSON.parse(line) as typeof event;
  } catch (cause) {
    throw new KubeError("serverError", `Cannot ${what}: a line of the stream is not JSON`, { cause });
  }
  const object = event.object;
  if (typeof object !== "object" || object === null) throw new KubeError("serverError", `Cannot ${what}: an event without an object`);
  switch (event.type) {
    case "ADDED":
      return { type: "added", object: cleanObject(kind, object as T) };
    case "MODIFIED":
      return { type: "modified", object: cleanObject(kind, object as T) };
    case "DELETED":
      return { type: "deleted", object: cleanObject(kind, object as T) };
    case "BOOKMARK":
      return { type: "bookmark", resourceVersion: (object as KubeObject).metadata?.resourceVersion ?? "" };
    case "ERROR":
      throw errorEvent(object, what);
    default:
      throw new KubeError("serverError", `Cannot ${what}: an event of the unknown type ${JSON.stringify(event.type)}`);
  }
}

function errorEvent(status: KubeStatus, what: string): KubeError {
  const httpStatus = status.code ?? 500;
  return new KubeError(codeOf(httpStatus, status), `Cannot ${what}: ${status.message ?? "no message"} (ERROR event, code ${httpStatus})`, {
    httpStatus,
    status,
    ...(status.details?.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: status.details.retryAfterSeconds }),
  });
}
