import type { Ceph, CephCommandOptions } from "../ceph.ts";
import { CephError, isCephError } from "../ceph-error.ts";
import type { CephxKeyType } from "../cephx-key.ts";
import { type KeyringEntry, renderKeyring } from "../keyring.ts";

/** The entity with its key and capabilities, or undefined where there is none. `EIO` where the answer does not tell of it. */
export async function authGet(ceph: Ceph, entity: string, options?: CephCommandOptions): Promise<KeyringEntry | undefined> {
  try {
    const answer = await ceph.command<unknown>({ prefix: "auth get", entity }, options);
    const found = (Array.isArray(answer) ? answer : []).find(
      (each: Partial<KeyringEntry>) => each.entity === entity && each.key !== undefined,
    );
    // what is taken from an answer that is cut short would be written as if it were so
    if (found === undefined) throw new CephError("EIO", "auth get", `the answer does not tell of ${entity}`);
    return found as KeyringEntry;
  } catch (error) {
    if (isCephError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Every entity. */
export async function authList(ceph: Ceph, options?: CephCommandOptions): Promise<KeyringEntry[]> {
  const { auth_dump } = await ceph.command<{ auth_dump: KeyringEntry[] }>({ prefix: "auth ls" }, options);
  return auth_dump;
}

/**
 * The entity, made with a new key where it is not there yet. `EINVAL` where it is there with other capabilities, or where
 * the monmap's allowed ciphers do not have the type; `authImport` takes any.
 * `keyType` only for a Ceph for which `knowsAes256k` holds.
 */
export async function authGetOrCreate(
  ceph: Ceph,
  entity: string,
  caps: Readonly<Record<string, string>>,
  keyType?: CephxKeyType,
): Promise<KeyringEntry> {
  const type = keyType === undefined ? {} : { key_type: keyType };
  const [made] = await ceph.command<[KeyringEntry]>({ prefix: "auth get-or-create", entity, caps: capsList(caps), ...type });
  return made;
}

/** Makes the entities, or gives them these keys and capabilities. Each needs at least one capability. */
export async function authImport(ceph: Ceph, entries: readonly KeyringEntry[]): Promise<void> {
  await ceph.command({ prefix: "auth import" }, { input: renderKeyring(entries) });
}

/** Replaces all the capabilities of an entity; `ENOENT` where it is not there. */
export async function authCaps(ceph: Ceph, entity: string, caps: Readonly<Record<string, string>>): Promise<void> {
  await ceph.command({ prefix: "auth caps", entity, caps: capsList(caps) });
}

/** Removes an entity; one that is not there is no error. */
export async function authRemove(ceph: Ceph, entity: string): Promise<void> {
  await ceph.command({ prefix: "auth rm", entity });
}

/** `["mon", "allow r", "osd", "allow rw"]`: the form in which commands take capabilities. */
export function capsList(caps: Readonly<Record<string, string>>): string[] {
  return Object.entries(caps).flat();
}
