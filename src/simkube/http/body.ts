import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { KubeError } from "../../kube/kube-error.ts";

/** A request's body: its media type, and what it says in JSON or YAML; undefined where there is none. @throws KubeError `invalid` */
export async function readBody(request: IncomingMessage): Promise<{ readonly type: string; readonly value: unknown }> {
  const type = (request.headers["content-type"] ?? "application/json").split(";")[0]?.trim() ?? "";
  const said = await text(request);
  if (said === "") return { type, value: undefined };
  if (type.includes("protobuf"))
    throw new KubeError("invalid", "the simulated API server speaks JSON and YAML only, not protobuf", { httpStatus: 415 });
  try {
    // JSON is YAML too, and read far faster as what it is
    return { type, value: type.endsWith("yaml") && !said.startsWith("{") ? (parse(said) as unknown) : (JSON.parse(said) as unknown) };
  } catch (cause) {
    throw new KubeError("invalid", `the body is no ${type}: ${(cause as Error).message}`, { httpStatus: 400, cause });
  }
}
