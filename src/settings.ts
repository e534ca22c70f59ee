import { readFlags, SettingsError } from "./read-flags.ts";
import { parseDuration } from "./schema/duration.ts";

/** One setting of the operator: a flag, and the environment variable that stands in for it. docs/reference.md lists them. */
export interface Setting {
  readonly flag: string;
  readonly env?: string;
}

export const settings = [
  { flag: "kubeconfig", env: "KUBECONFIG" },
  { flag: "context" },
  { flag: "namespace", env: "POD_NAMESPACE" },
  { flag: "watch-namespace", env: "JACKDAW_WATCH_NAMESPACE" },
  { flag: "leader-election", env: "JACKDAW_LEADER_ELECTION" },
  { flag: "health-port", env: "JACKDAW_HEALTH_PORT" },
  { flag: "log-level", env: "ROOK_LOG_LEVEL" },
  { flag: "log-format", env: "JACKDAW_LOG_FORMAT" },
  { flag: "ceph-transport", env: "JACKDAW_CEPH_TRANSPORT" },
  { flag: "discover-devices-interval", env: "ROOK_DISCOVER_DEVICES_INTERVAL" },
] as const satisfies readonly Setting[];

type Flag = (typeof settings)[number]["flag"];

export interface Settings {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string;
  readonly watchNamespace: string | undefined;
  readonly leaderElection: boolean;
  /** 0: no server. */
  readonly healthPort: number;
  readonly logLevel: LogLevel;
  readonly logFormat: "json" | "text";
  readonly cephTransport: "librados" | "exec";
  /** Milliseconds after which a node's devices are looked at again; 0: never for their age. */
  readonly deviceIntervalMs: number;
  /** Whether this process is a Pod of the cluster that it works on. */
  readonly inCluster: boolean;
}

export type LogLevel = "error" | "warn" | "info" | "debug";

/** Reads flags (`--name=value` or `--name value`), then the environment, then defaults, which differ inside and outside a cluster. */
export function readSettings(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Settings {
  const given = readFlags(
    args,
    "the flags",
    settings.map(({ flag }) => flag),
  );
  const inCluster = env["KUBERNETES_SERVICE_HOST"] !== undefined && given.kubeconfig === undefined && !env["KUBECONFIG"];
  const read = (flag: Flag): string | undefined => {
    const setting: Setting | undefined = settings.find((each) => each.flag === flag);
    return given[flag] ?? (setting?.env === undefined ? undefined : env[setting.env] || undefined);
  };
  return {
    kubeconfig: read("kubeconfig"),
    context: read("context"),
    namespace: read("namespace") ?? "rook-ceph",
    watchNamespace: read("watch-namespace"),
    leaderElection: oneOf("leader-election", read("leader-election") ?? "true", ["true", "false"]) === "true",
    healthPort: portOf(read("health-port") ?? (inCluster ? "8080" : "0")),
    logLevel: oneOf("log-level", (read("log-level") ?? "info").toLowerCase(), ["error", "warn", "info", "debug"]),
    logFormat: oneOf("log-format", read("log-format") ?? (inCluster ? "json" : "text"), ["json", "text"]),
    cephTransport: oneOf("ceph-transport", read("ceph-transport") ?? (inCluster ? "librados" : "exec"), ["librados", "exec"]),
    deviceIntervalMs: durationOf("discover-devices-interval", read("discover-devices-interval") ?? "60m"),
    inCluster,
  };
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw new SettingsError(`--${flag} is "${value}"; it must be one of ${allowed.join(", ")}`);
  return found;
}

function durationOf(flag: string, value: string): number {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined) throw new SettingsError(`--${flag} is "${value}"; it must be a duration, such as 60m, or 0 for never`);
  return milliseconds;
}

function portOf(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SettingsError(`--health-port is "${value}"; it must be a port, or 0 for none`);
  return port;
}
