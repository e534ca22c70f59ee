import type { Ceph, CephCommand, CephCommandOptions } from "../ceph.ts";
import { isCephError } from "../ceph-error.ts";

/** The dashboard is a module of the active mgr, which knows these commands only once it has loaded it. */
const ask = (ceph: Ceph, command: CephCommand, options: CephCommandOptions = {}) => ceph.command(command, { ...options, target: "mgr" });

/** `dashboard create-self-signed-cert` */
export async function createDashboardCertificate(ceph: Ceph, options?: CephCommandOptions): Promise<void> {
  await ask(ceph, { prefix: "dashboard create-self-signed-cert" }, options);
}

/** `dashboard ac-user-show`: whether there is such a user. */
export async function hasDashboardUser(ceph: Ceph, username: string, options?: CephCommandOptions): Promise<boolean> {
  try {
    await ask(ceph, { prefix: "dashboard ac-user-show", username }, options);
    return true;
  } catch (error) {
    if (isCephError(error, "ENOENT")) return false;
    throw error;
  }
}

/** `dashboard ac-user-create`, with a password that need not be a strong one, and the role of an administrator. */
export async function createDashboardAdmin(ceph: Ceph, username: string, password: string, options?: CephCommandOptions): Promise<void> {
  const command = { prefix: "dashboard ac-user-create", username, force_password: true, rolename: "administrator" };
  await ask(ceph, command, { ...options, input: password });
}

/** `dashboard ac-user-set-password` */
export async function setDashboardPassword(ceph: Ceph, username: string, password: string, options?: CephCommandOptions): Promise<void> {
  await ask(ceph, { prefix: "dashboard ac-user-set-password", username, force_password: true }, { ...options, input: password });
}
