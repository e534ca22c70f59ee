import { knowsAes256k, parseCephVersion } from "../ceph/ceph-version.ts";
import { type CephxKeyType, cephxKeyType, makeCephxKey } from "../ceph/cephx-key.ts";
import { type KeyringEntry, parseKeyring } from "../ceph/keyring.ts";
import { refusedCaps } from "./caps-grammar.ts";
import { entityOf, isEntity } from "./entity-name.ts";
import { list, monVersion, refuse, type SimCall, type SimHandlers, text } from "./sim-command.ts";

/** Entities, their keys and capabilities. */
export const authHandlers: Readonly<SimHandlers> = {
  "auth get": (call) => [found(call)],
  "auth get-key": (call) => ({ key: found(call).key }),
  "auth ls": ({ state }) => ({ auth_dump: [...state.entities].map(([entity, { key, caps }]) => ({ entity, key, caps: sorted(caps) })) }),
  "auth get-or-create": (call) => [getOrCreate(call)],
  "auth get-or-create-key": (call) => ({ key: getOrCreate(call).key }),
  "auth caps": (call) => {
    const entity = entityOf(call);
    const known = call.state.entities.get(entity);
    if (known === undefined) throw refuse(call, "ENOENT", `couldn't find entry ${entity}`);
    known.caps = capsOf(call);
    return [found(call)];
  },
  "auth import": (call) => {
    const entries = imported(call);
    if (entries.some(({ caps }) => Object.keys(caps).length === 0)) throw refuse(call, "EINVAL", "auth import: no caps supplied");
    for (const { entity, key, caps } of entries) call.state.entities.set(entity, { key, caps: { ...caps } });
    return "";
  },
  "auth rm": (call) => {
    call.state.entities.delete(entityOf(call));
    return "";
  },
  "auth del": (call) => {
    call.state.entities.delete(entityOf(call));
    return "";
  },
};

/** The entries of a keyring. What their capabilities say is not looked at here. */
function imported(call: SimCall): readonly KeyringEntry[] {
  if (call.input === "") throw refuse(call, "EINVAL", "auth import: no data supplied");
  const entries = parseKeyring(call.input);
  if (entries.length === 0) throw refuse(call, "EINVAL", "error decoding keyring: cannot parse buffer");
  for (const { entity, key } of entries) {
    if (!isEntity(entity)) throw refuse(call, "EINVAL", `error decoding keyring: bad entity name in keyring: ${entity}`);
    if (cephxKeyType(key) === undefined)
      throw refuse(call, "EINVAL", `error decoding keyring: error setting modifier for [${entity}] type=key`);
  }
  return entries;
}

function found(call: SimCall): { entity: string; key: string; caps: Record<string, string> } {
  const entity = entityOf(call);
  const known = call.state.entities.get(entity);
  if (known === undefined) throw refuse(call, "ENOENT", `failed to find ${entity} in keyring`);
  return { entity, key: known.key, caps: sorted(known.caps) };
}

function getOrCreate(call: SimCall): { entity: string; key: string; caps: Record<string, string> } {
  const entity = entityOf(call);
  const known = call.state.entities.get(entity);
  const caps = call.command["caps"] === undefined ? {} : capsOf(call);
  if (known === undefined) {
    const key = newKey(call, keyTypeOf(call));
    call.state.entities.set(entity, { key, caps });
  } else if (call.command["caps"] !== undefined) {
    const other = [...Object.keys(known.caps), ...Object.keys(caps)].find((service) => known.caps[service] !== caps[service]);
    if (other !== undefined) throw refuse(call, "EINVAL", `key for ${entity} exists but cap ${other} does not match`);
  }
  return found(call);
}

/** The type of key that is asked for; a Ceph that knows one type only is not told. */
function keyTypeOf(call: SimCall): CephxKeyType | undefined {
  const version = parseCephVersion(monVersion(call));
  if (call.command["key_type"] === undefined || version === undefined || !knowsAes256k(version)) return undefined;
  const type = text(call, "key_type");
  if (type !== "aes" && type !== "aes256k") throw refuse(call, "EINVAL", `invalid key type: ${type}`);
  return type;
}

/** A new key of the type asked for, else of the best that its mons know. */
export function newKey(call: SimCall, type?: CephxKeyType): string {
  const version = parseCephVersion(monVersion(call));
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
  for (let i = 0; i < words.length; i += 2) {
    const [service = "", said = ""] = words.slice(i, i + 2);
    const why = refusedCaps(service, said);
    if (why !== undefined) throw refuse(call, "EINVAL", why);
    caps[service] = said;
  }
  return caps;
}

function sorted(caps: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(caps).sort(([a], [b]) => a.localeCompare(b)));
}
