import { knowsAes256k, parseCephVersion } from "../ceph/ceph-version.ts";
import { type CephxKeyType, makeCephxKey } from "../ceph/cephx-key.ts";
import { parseKeyring } from "../ceph/keyring.ts";
import { list, refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";

/** Entities, their keys and capabilities. */
export const authHandlers: SimHandlers = {
  "auth get": (call) => [found(call)],
  "auth get-key": (call) => ({ key: found(call).key }),
  "auth ls": ({ state }) => ({ auth_dump: [...state.entities].map(([entity, { key, caps }]) => ({ entity, key, caps: sorted(caps) })) }),
  "auth get-or-create": (call) => [getOrCreate(call)],
  "auth get-or-create-key": (call) => ({ key: getOrCreate(call).key }),
  "auth caps": (call) => {
    const entity = text(call, "entity");
    const known = call.state.entities.get(entity);
    if (known === undefined) throw refuse(call, "ENOENT", `couldn't find entry ${entity}`);
    known.caps = capsOf(call);
    return [found(call)];
  },
  "auth import": (call) => {
    const entries = parseKeyring(call.input);
    if (entries.some(({ caps }) => Object.keys(caps).length === 0)) throw refuse(call, "EINVAL", "auth import: no caps supplied");
    for (const { entity, key, caps } of entries) call.state.entities.set(entity, { key, caps: { ...caps } });
    return "";
  },
  "auth rm": (call) => {
    call.state.entities.delete(text(call, "entity"));
    return "";
  },
  "auth del": (call) => {
    call.state.entities.delete(text(call, "entity"));
    return "";
  },
};

function found(call: SimCall): { entity: string; key: string; caps: Record<string, string> } {
  const entity = text(call, "entity");
  const known = call.state.entities.get(entity);
  if (known === undefined) throw refuse(call, "ENOENT", `failed to find ${entity} in keyring`);
  return { entity, key: known.key, caps: sorted(known.caps) };
}

function getOrCreate(call: SimCall): { entity: string; key: string; caps: Record<string, string> } {
  const entity = text(call, "entity");
  const known = call.state.entities.get(entity);
  const caps = call.command["caps"] === undefined ? {} : capsOf(call);
  if (known === undefined) {
    const key = newKey(call, call.command["key_type"] as CephxKeyType | undefined);
    call.state.entities.set(entity, { key, caps });
  } else if (call.command["caps"] !== undefined) {
    const other = [...Object.keys(known.caps), ...Object.keys(caps)].find((service) => known.caps[service] !== caps[service]);
    if (other !== undefined) throw refuse(call, "EINVAL", `key for ${entity} exists but cap ${other} does not match`);
  }
  return found(call);
}

/** A new key of the type asked for, else of the best that its mons know. */
export function newKey(call: SimCall, type?: CephxKeyType): string {
  const version = parseCephVersion(call.state.mons[0]?.version ?? call.version);
  const best = version !== undefined && knowsAes256k(version) ? "aes256k" : "aes";
  const allowed = call.state.monCiphers.get("auth_allowed_ciphers");
  if (type !== undefined && allowed !== undefined && !allowed.split(",").includes(type))
    throw refuse(call, "EINVAL", `creating key with insecure key type ("${type}") not allowed`);
  return makeCephxKey({ type: type ?? best, random: call.random, nowSeconds: call.now / 1000 });
}

function capsOf(call: SimCall): Record<string, string> {
  const words = list(call, "caps");
  if (words.length % 2 !== 0) throw refuse(call, "EINVAL", "bad capabilities request; odd number of arguments");
  const caps: Record<string, string> = {};
  for (let i = 0; i < words.length; i += 2) caps[words[i] ?? ""] = words[i + 1] ?? "";
  return caps;
}

function sorted(caps: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(caps).sort(([a], [b]) => a.localeCompare(b)));
}
