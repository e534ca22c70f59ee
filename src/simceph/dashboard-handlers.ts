import { refuse, type SimCall, type SimHandler, type SimHandlers, text } from "./sim-command.ts";

/** The dashboard's commands, as far as an operator sets it up. They are there while the module is. */
export const dashboardHandlers: SimHandlers = {
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
    if (call.state.dashboardUsers.has(username)) throw refuse(call, "EEXIST", `User '${username}' already exists`);
    call.state.dashboardUsers.set(username, call.input);
    return { username, roles: [text(call, "rolename")], enabled: true };
  }),
  "dashboard ac-user-set-password": loaded((call) => {
    const username = text(call, "username");
    if (!call.state.dashboardUsers.has(username)) throw refuse(call, "ENOENT", `User '${username}' does not exist`);
    call.state.dashboardUsers.set(username, call.input);
    return { username, roles: ["administrator"], enabled: true };
  }),
};

function loaded(handler: SimHandler): SimHandler {
  return (call: SimCall) => {
    if (!call.state.mgrModules.has("dashboard"))
      throw refuse(call, "EOPNOTSUPP", `Module 'dashboard' is not enabled/loaded (required by command '${call.command.prefix}')`);
    return handler(call);
  };
}
