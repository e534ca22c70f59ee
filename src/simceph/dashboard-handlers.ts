import { refuse, type SimCall, type SimHandler, type SimHandlers, text } from "./sim-command.ts";

/** The dashboard's commands, as far as an operator sets it up. They are there while the module is. */
export const dashboardHandlers: Readonly<SimHandlers> = {
  "dashboard create-self-signed-cert": loaded(({ state }) => {
    state.configKeys.set("mgr/dashboard/crt", "simulated");
    state.configKeys.set("mgr/dashboard/key", "simulated");
    return "Self-signed certificate created";
  }),
  "dashboard ac-user-show": loaded((call) => {
    const username = text(call, "username");
    if (!call.state.dashboardUsers.has(username)) throw refuse(call, "ENOENT", `User '${username}' does not exist`);
    return { username, roles: ["administrator"], enabled: true };
  }),
  "dashboard ac-user-create": loaded((call) => {
    const username = text(call, "username");
    if (call.state.dashboardUsers.has(username)) return `User '${username}' already exists`;
    const role = text(call, "rolename");
    if (!roles.includes(role)) throw refuse(call, "ENOENT", `Role '${role}' does not exist`);
    checkPassword(call);
    call.state.dashboardUsers.set(username, call.input);
    return { username, roles: [text(call, "rolename")], enabled: true };
  }),
  "dashboard ac-user-delete": loaded((call) => {
    const username = text(call, "username");
    if (!call.state.dashboardUsers.delete(username)) throw refuse(call, "ENOENT", `User '${username}' does not exist`);
    return `User '${username}' deleted`;
  }),
  "dashboard ac-user-set-password": loaded((call) => {
    const username = text(call, "username");
    if (!call.state.dashboardUsers.has(username)) throw refuse(call, "ENOENT", `User '${username}' does not exist`);
    checkPassword(call);
    call.state.dashboardUsers.set(username, call.input);
    return { username, roles: ["administrator"], enabled: true };
  }),
};

/** Roles that every dashboard has. */
const roles: readonly string[] = [
  ...["administrator", "read-only", "block-manager", "rgw-manager", "cluster-manager", "pool-manager", "cephfs-manager", "ganesha-manager"],
  "smb-manager",
];

/** Refuses a password that the dashboard's policy finds too weak. */
function checkPassword(call: SimCall): void {
  const password = call.input;
  if (password === "") throw refuse(call, "EINVAL", 'Please specify the file containing the password/secret with "-i" option.');
  if (password.length < 8) throw refuse(call, "EINVAL", "Password is too weak.");
}

function loaded(handler: SimHandler): SimHandler {
  return (call: SimCall) => {
    if (!call.state.mgrModules.has("dashboard"))
      throw refuse(call, "EOPNOTSUPP", `Module 'dashboard' is not enabled/loaded (required by command '${call.command.prefix}')`);
    return handler(call);
  };
}
