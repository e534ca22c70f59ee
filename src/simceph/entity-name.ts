import { refuse, type SimCall, text } from "./sim-command.ts";

/** The entity that a command names; refused where its type is none of Ceph's. Its id may be anything, and nothing. */
export function entityOf(call: SimCall): string {
  const entity = text(call, "entity");
  if (!isEntity(entity))
    throw refuse(call, "EINVAL", call.command.prefix.startsWith("auth get ") ? `invalid entity_auth ${entity}` : "bad entity name");
  return entity;
}

/** Whether it has a type that Ceph knows, and an id, were it an empty one. */
export function isEntity(name: string): boolean {
  return /^(auth|mon|osd|mds|mgr|client)\./.test(name);
}
