import { isDeepStrictEqual } from "node:util";
import { cephxKeyType } from "../../ceph/cephx-key.ts";
import { authCaps, authGet, authGetOrCreate } from "../../ceph/commands/auth.ts";
import { createOnce } from "../../kube/create-once.ts";
import { Secret } from "../../kube/kinds.ts";
import type { ChildFindings } from "../../resource/child-kind.ts";
import type { ChildPass } from "../../resource/child-pass.ts";
import { olderOf } from "../../resource/older-of.ts";
import { blocked, done, type StepOutcome, waiting } from "../../resource/outcome.ts";
import { clientSecret } from "./build-secret.ts";
import { CephClient, keyTypeOf, secretNameOf, userOf } from "./ceph-client.ts";
import { newKeyType } from "./new-key-type.ts";

type Pass = ChildPass<CephClient>;

/** Every step, in order: the user in Ceph, then its Secret. */
export async function reconcileClient(pass: Pass): Promise<ChildFindings<NonNullable<CephClient["status"]>>> {
  const { object, deps, namespace } = pass;
  const older = olderOf(object, await deps.kube.list(CephClient, { namespace }), userOf);
  if (older !== undefined) return { outcomes: [userTaken(object, older)], status: {} };
  const found = await user(pass);
  if ("refused" in found) return { outcomes: [found.refused], status: {} };
  const { key } = found;
  const secretName = secretNameOf(object);
  const outcome = await secret(pass, secretName, key);
  const isThere = object.spec.removeSecret !== true && outcome.state === "done";
  return { outcomes: [outcome], status: isThere ? { info: { secretName } } : {}, remarks: otherKeyType(object, key) };
}

/** Each would set the capabilities to its own, and so on for ever. */
function userTaken(object: CephClient, { metadata }: CephClient): StepOutcome<"UserTaken"> {
  return blocked(
    "UserTaken",
    `CephClient ${metadata.name ?? ""} is about user client.${userOf(object)} since ${metadata.creationTimestamp ?? "before"}; delete one of the two`,
    10_000,
  );
}

/** What is said of a key that was there before its type was asked for: those who have it need it as it is. */
function otherKeyType(object: CephClient, key: string): string[] {
  const [asked, is] = [keyTypeOf(object), cephxKeyType(key)];
  if (asked === undefined || is === undefined || asked === is) return [];
  return [
    `the key of client.${userOf(object)} is of type ${is} and stays so, since security.cephx.keyType is for new users; ceph auth rm client.${userOf(object)} has it made anew`,
  ];
}

/** The user with its capabilities; answers its key, or why none can be made. */
async function user({ ceph, object }: Pass): Promise<{ key: string } | { refused: StepOutcome<"KeyTypeRefused"> }> {
  const entity = `client.${userOf(object)}`;
  const { caps } = object.spec;
  const found = await authGet(ceph, entity);
  if (found === undefined) {
    const asked = keyTypeOf(object);
    const decided = await newKeyType(ceph, asked);
    if ("refused" in decided)
      return { refused: blocked("KeyTypeRefused", `spec.security.cephx.keyType is ${asked ?? "unset"}: ${decided.refused}`, 30_000) };
    const { key } = await authGetOrCreate(ceph, entity, caps, decided.type);
    return { key };
  }
  if (!isDeepStrictEqual({ ...found.caps }, { ...caps })) await authCaps(ceph, entity, caps);
  return { key: found.key };
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
  if (actual !== undefined && !isOurs && !(await isAbandoned(pass, actual)))
    return blocked(
      "SecretTaken",
      `Secret ${name} exists and is not this CephClient's; set spec.secretName to another name, or remove that Secret`,
      30_000,
    );
  const wanted = clientSecret({ namespace, name, owner, user: userOf(object), key });
  if (actual !== undefined) await pass.apply(Secret, wanted);
  // one that has come since is not written over: whose it is shows in the next pass
  else if (!(await createOnce(() => pass.deps.kube.create(Secret, wanted))))
    return waiting("SecretTaken", `Another client has just created Secret ${name}`, 500);
  return done;
}

/** A Secret of a CephClient that was deleted and restored has no owner, or one that is gone. */
async function isAbandoned({ deps, namespace }: Pass, { type, metadata }: Secret): Promise<boolean> {
  const { ownerReferences = [] } = metadata;
  if (type !== "kubernetes.io/rook" || ownerReferences.some(({ kind }) => kind !== CephClient.kind)) return false;
  const living = new Set((await deps.live.list(CephClient, { namespace })).map(({ metadata: { uid } }) => uid));
  return !ownerReferences.some(({ uid }) => living.has(uid));
}
