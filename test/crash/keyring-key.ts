import { parseKeyring } from "../../src/ceph/keyring.ts";
import { Secret } from "../../src/kube/kinds.ts";
import { type CrashWorld, clusterKey } from "./crash-world.ts";

/** The key that a Secret's keyring has for a daemon or user; undefined where there is no such Secret, or no such entry in it. */
export function keyringKey(world: CrashWorld, secret: string, entity: string): string | undefined {
  const text = world.user.get(Secret, { namespace: clusterKey.namespace, name: secret })?.data?.["keyring"] ?? "";
  return parseKeyring(Buffer.from(text, "base64").toString()).find((each) => each.entity === entity)?.key;
}
