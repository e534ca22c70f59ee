import type { CephIdentity } from "../ceph.ts";

/** Seconds after which librados itself gives up; no command takes longer, whatever its caller allows. */
export const nativeTimeoutSeconds = 30;

/** Seconds that one attempt to connect lasts. Callers stop waiting before; the attempt goes on for the next of them. */
export const connectTimeoutSeconds = 15;

/** Options without which there is no connection: where, and as whom. */
export function requiredOptions(identity: CephIdentity): Record<string, string> {
  return { mon_host: identity.monHost, key: identity.key };
}

/** Options that make librados a small guest in this process. A version of it that does not know one goes without. */
export const guestOptions: Readonly<Record<string, string>> = {
  // the key is given; no file of this machine has a say
  keyring: "",
  client_mount_timeout: String(connectTimeoutSeconds),
  rados_mon_op_timeout: String(nativeTimeoutSeconds),
  rados_osd_op_timeout: String(nativeTimeoutSeconds),
  // a quorum that has just formed, or moved, is found soon
  mon_client_hunt_interval: "0.5",
  mon_client_hunt_interval_max_multiple: "6",
  mon_client_ping_interval: "5",
  mon_client_ping_timeout: "12",
  // one connection with little to say
  ms_async_op_threads: "1",
  client_asio_thread_count: "1",
  librados_thread_count: "1",
  // nothing is written to this process's output or to files
  admin_socket: "",
  log_file: "",
  log_to_file: "false",
  log_to_stderr: "false",
  err_to_stderr: "false",
  log_to_syslog: "false",
  log_max_recent: "1",
  ...Object.fromEntries(
    ["none", "ms", "monc", "mgrc", "auth", "rados", "objecter", "client", "context"].map((part) => [`debug_${part}`, "0/0"]),
  ),
};
