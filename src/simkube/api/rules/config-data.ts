import { isDeepStrictEqual } from "node:util";
import type { ConfigMap, Secret } from "../../../kube/kinds.ts";
import { type Causes, forbidden, immutable, invalid, required, tooLong } from "./cause.ts";
import { isDataKey } from "./names.ts";

/** All values of a Secret or ConfigMap together; the keys do not count for a Secret. */
const mostBytes = 1024 * 1024;

/** Keys that a Secret of a type must have. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

export function* secretRules(secret: Secret, before: Secret | undefined): Causes {
  let bytes = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    if (!isDataKey(key)) yield badKey(`data[${key}]`, key);
    bytes += Buffer.from(value, "base64").length;
  }
  if (bytes > mostBytes) yield tooLong("data", mostBytes);
  for (const key of requiredKeys[secret.type ?? ""] ?? []) if (secret.data?.[key] === undefined) yield required(`data[${key}]`);
  if (before === undefined) return;
  const type = secret.type ?? "Opaque";
  if (type !== (before.type ?? "Opaque")) yield immutable("type", type);
  if (before.immutable !== true) return;
  if (secret.immutable !== true) yield forbidden("immutable", "field is immutable when `immutable` is set");
  if (!isDeepStrictEqual(before.data ?? {}, secret.data ?? {})) yield forbidden("data", "field is immutable when `immutable` is set");
}

export function* configMapRules(configMap: ConfigMap, before: ConfigMap | undefined): Causes {
  let bytes = 0;
  for (const [key, value] of Object.entries(configMap.data ?? {})) {
    if (!isDataKey(key)) yield badKey(`data[${key}]`, key);
    if (configMap.binaryData?.[key] !== undefined) yield invalid(`data[${key}]`, key, "duplicate of key present in binaryData");
    bytes += Buffer.byteLength(value);
  }
  for (const [key, value] of Object.entries(configMap.binaryData ?? {})) {
    if (!isDataKey(key)) yield badKey(`binaryData[${key}]`, key);
    bytes += Buffer.from(value, "base64").length;
  }
  // of the whole object: the server's name for no field
  if (bytes > mostBytes) yield tooLong("[]", mostBytes);
  if (before?.immutable !== true) return;
  if (configMap.immutable !== true) yield forbidden("immutable", "field is immutable when `immutable` is set");
  for (const field of ["data", "binaryData"] as const)
    if (!isDeepStrictEqual(before[field] ?? {}, configMap[field] ?? {}))
      yield forbidden(field, "field is immutable when `immutable` is set");
}

function badKey(field: string, key: string) {
  return invalid(field, key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'");
}
