import { authGet, authRemove } from "../../ceph/commands/auth.ts";
import type { ChildPass } from "../../resource/child-pass.ts";
import { done, type StepOutcome } from "../../resource/outcome.ts";
import { CephClient, userOf } from "./ceph-client.ts";
import { isReservedUser } from "./is-reserved-user.ts";

/** Takes the user out of Ceph, unless another CephClient names the same one, or it is Ceph's own: such a one was never made for the object. */
export async function removeClient({ ceph, deps, object, namespace }: ChildPass<CephClient>): Promise<StepOutcome<never>> {
  const user = userOf(object);
  if (isReservedUser(user)) return done;
  const others = (await deps.live.list(CephClient, { namespace })).filter(
    (other) => other.metadata.uid !== object.metadata.uid && other.metadata.deletionTimestamp === undefined && userOf(other) === user,
  );
  if (others.length === 0 && (await authGet(ceph, `client.${user}`)) !== undefined) await authRemove(ceph, `client.${user}`);
  return done;
}
