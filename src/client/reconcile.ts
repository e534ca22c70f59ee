import { isDeepStrictEqual } from "node:util";
import { authCaps, authGet, authGetOrCreate } from "../ceph/commands/auth.ts";
import type { ChildFindings } from "../child/child-kind.ts";
import type { ChildPass } from "../child/child-pass.ts";
import { Secret } from "../kube/kinds.ts";
import { blocked, done, type StepOutcome } from "../resource/outcome.ts";
import { clientSecret } from "./build-secret.ts";
import { type CephClient, secretNameOf, userOf } from "./ceph-client.ts";

type Pass = ChildPass<CephClient>;

/** Every step, in order: the user in Ceph, then its Secret. */
export async function reconcileClient(pass: Pass): Promise<ChildFindings<NonNullable<CephClient["status"]>>> {
  const key = await user(pass);
  const secretName = secretNameOf(pass.object);
  return {
    outcomes: [await secret(pass, secretName, key)],
    status: pass.object.spec.removeSecret === true ? {} : { info: { secretName } },
  };
}

/** The user with its capabilities; answers its key. */
async function user({ ceph, object }: Pass): Promise<string> {
  const entity = `client.${userOf(object)}`;
  const { caps } = object.spec;
  const found = await authGet(ceph, entity);
  if (found === undefined) return (await authGetOrCreate(ceph, entity, caps)).key;
  if (!isDeepStrictEqual({ ...found.caps }, { ...caps })) await authCaps(ceph, entity, caps);
  return found.key;
}

/** The Secret, where one is wanted; another's is never touched. */
async function secret(pass: Pass, name: string, key: string): Promise<StepOutcome<"SecretTaken">> {
  const { namespace, owner, object } = pass;
  const found = await pass.deps.kube.get(Secret, { namespace, name });
  const isOurs = found?.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid) === true;
  if (object.spec.removeSecret === true) {
    if (isOurs && found?.metadata.uid !== undefined) await pass.deps.kube.delete(Secret, { namespace, name }, { uid: found.metadata.uid });
    return done;
  }
  // the cache may be late: what it does not know may be somebody's, and is asked for
  const actual = found ?? (await pass.deps.live.get(Secret, { namespace, name }));
  if (actual !== undefined && !isOurs && !isAbandoned(actual))
    return blocked(
      "SecretTaken",
      `Secret ${name} exists and is not this CephClient's; set spec.secretName to another name, or remove that Secret`,
      30_000,
    );
  await pass.apply(Secret, clientSecret({ namespace, name, owner, user: userOf(object), key }));
  return done;
}

/** A Secret of a CephClient that was deleted and restored has no owner, or one that is gone. */
function isAbandoned({ type, metadata }: Secret): boolean {
  return type === "kubernetes.io/rook" && (metadata.ownerReferences ?? []).every(({ kind }) => kind === "CephClient");
}
