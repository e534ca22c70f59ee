import { isDnsLabel } from "../../kube/dns-names.ts";
import type { Container, EnvVar, PodSpec, PodTemplateSpec, Probe, ResourceRequirements, Volume, VolumeMount } from "../../kube/kinds.ts";
import type { DaemonType } from "../daemon-type.ts";
import { names } from "../names.ts";
import adminSocketScript from "./admin-socket.py";
import type { BuildContext, DaemonContext } from "./context.ts";

/** Components that have their own annotations, labels, resources and priority class in the spec. */
export type Component = "mon" | "mgr" | "osd" | "prepareosd" | "crashcollector" | "cmdreporter" | "cleanup";

/** An image of Ceph and how to pull it; the fields that every container of ours shares. */
export function imageOf(context: BuildContext, image: string): Pick<Container, "image" | "imagePullPolicy"> {
  return { image, imagePullPolicy: context.spec.imagePullPolicy };
}

const field = (name: string, fieldPath: string): EnvVar => ({ name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } });
const resource = (name: string, of: string): EnvVar => ({ name, valueFrom: { resourceFieldRef: { resource: of, divisor: "0" } } });
const config = (name: string, key: string): EnvVar => ({ name, valueFrom: { secretKeyRef: { name: names.config, key } } });

/** Environment of every daemon, which learns what image it runs in. Where the mons are comes from a Secret, so that a change of mons restarts no daemon. */
export function daemonEnv(image: string): EnvVar[] {
  return [
    { name: "CONTAINER_IMAGE", value: image },
    field("POD_NAME", "metadata.name"),
    field("POD_NAMESPACE", "metadata.namespace"),
    field("NODE_NAME", "spec.nodeName"),
    field("ROOK_POD_IP", "status.podIP"),
    resource("POD_MEMORY_LIMIT", "limits.memory"),
    resource("POD_MEMORY_REQUEST", "requests.memory"),
    resource("POD_CPU_LIMIT", "limits.cpu"),
    resource("POD_CPU_REQUEST", "requests.cpu"),
    // daemons in containers all have process id 1, from which Ceph would otherwise make its nonce
    { name: "CEPH_USE_RANDOM_NONCE", value: "true" },
    ...monEnv,
  ];
}

/** Where the mons are. */
export const monEnv: readonly EnvVar[] = [
  config("ROOK_CEPH_MON_HOST", "mon_host"),
  config("ROOK_CEPH_MON_INITIAL_MEMBERS", "mon_initial_members"),
];

/** Flags that every daemon gets. Those with `default-` give way to the mons' configuration. */
export function daemonFlags(context: DaemonContext, id: string): string[] {
  return [
    `--fsid=${context.fsid}`,
    "--keyring=/etc/ceph/keyring-store/keyring",
    ...loggingFlags,
    "--mon-host=$(ROOK_CEPH_MON_HOST)",
    "--mon-initial-members=$(ROOK_CEPH_MON_INITIAL_MEMBERS)",
    `--id=${id}`,
    "--setuser=ceph",
    "--setgroup=ceph",
    ...bindFlags(context),
  ];
}

/** Logs go to the container's standard error. */
export const loggingFlags = [
  "--default-log-to-stderr=true",
  "--default-err-to-stderr=true",
  "--default-mon-cluster-log-to-stderr=true",
  "--default-log-stderr-prefix=debug ",
  "--default-log-to-file=false",
  "--default-mon-cluster-log-to-file=false",
] as const;

/** Which address family the daemons bind to. */
export function bindFlags(context: BuildContext): string[] {
  const { ipFamily, dualStack } = context.spec.network;
  return [`--ms-bind-ipv4=${String(dualStack || ipFamily !== "IPv6")}`, `--ms-bind-ipv6=${String(dualStack || ipFamily === "IPv6")}`];
}

/** Where on a node the cluster's logs, crash reports and admin sockets are. */
export function daemonVolumes(context: BuildContext): Volume[] {
  const base = `${context.spec.dataDirHostPath}/${context.namespace}`;
  return [
    configVolume,
    hostFolder("rook-ceph-log", `${base}/log`),
    hostFolder("rook-ceph-crash", `${base}/crash`),
    hostFolder("ceph-daemons-sock-dir", `${context.spec.dataDirHostPath}/exporter`),
  ];
}

export const daemonMounts: readonly VolumeMount[] = [
  { name: "rook-config-override", mountPath: "/etc/ceph", readOnly: true },
  { name: "rook-ceph-log", mountPath: "/var/log/ceph" },
  { name: "rook-ceph-crash", mountPath: "/var/lib/ceph/crash" },
  { name: "ceph-daemons-sock-dir", mountPath: "/run/ceph" },
];

/** /etc/ceph/ceph.conf, of the user's content. */
export const configVolume: Readonly<Volume> = {
  name: "rook-config-override",
  projected: {
    defaultMode: 0o444,
    sources: [{ configMap: { name: names.override, items: [{ key: "config", path: "ceph.conf", mode: 0o444 }] } }],
  },
};

export function hostFolder(name: string, path: string): Volume {
  return { name, hostPath: { path, type: "DirectoryOrCreate" } };
}

/** A keyring Secret as a volume, and where it is mounted. */
export function keyringVolume(secret: string, folder = "/etc/ceph/keyring-store/"): { volume: Volume; mount: VolumeMount } {
  // a Secret's name may be longer than a volume's, and have dots
  const name = isDnsLabel(secret) ? secret : "keyring";
  return {
    volume: { name, secret: { secretName: secret, defaultMode: 0o444 } },
    mount: { name, mountPath: folder, readOnly: true },
  };
}

/** Security of a daemon that begins as root to give itself its folders and then becomes `ceph`. */
export const daemonSecurity: Readonly<NonNullable<Container["securityContext"]>> = {
  privileged: false,
  readOnlyRootFilesystem: false,
  capabilities: { drop: ["NET_RAW"] },
};

interface ProbeSettings {
  readonly disabled?: boolean | undefined;
  readonly probe?: Probe | undefined;
}

/** A user's changes to the probes of daemons of a type. */
export interface ProbeChanges {
  readonly livenessProbe?: ProbeSettings | null | undefined;
  readonly startupProbe?: ProbeSettings | null | undefined;
}

/** Liveness and startup probes on the daemon's admin socket, with the user's changes; the question itself stays. */
export function probesOf(
  { type, question, startupFailures }: DaemonType,
  id: string,
  given: ProbeChanges,
): Pick<Container, "livenessProbe" | "startupProbe"> {
  const socket = `/run/ceph/ceph-${type}.${id}.asok`;
  const exec = { command: ["python3", "-E", "-S", "-c", adminSocketScript, socket, question] };
  const make = (settings: ProbeSettings | null | undefined, base: Probe): Probe | undefined =>
    settings?.disabled === true ? undefined : { ...base, ...withoutHandler(settings?.probe), exec };
  const livenessProbe = make(given.livenessProbe, {
    initialDelaySeconds: 10,
    periodSeconds: 10,
    timeoutSeconds: 5,
    successThreshold: 1,
    failureThreshold: 3,
  });
  const startupProbe = make(given.startupProbe, {
    initialDelaySeconds: 5,
    periodSeconds: 5,
    timeoutSeconds: 5,
    successThreshold: 1,
    failureThreshold: startupFailures,
  });
  return { ...(livenessProbe ? { livenessProbe } : {}), ...(startupProbe ? { startupProbe } : {}) };
}

function withoutHandler(probe: Probe | undefined): Probe {
  if (probe === undefined) return {};
  const { exec: _exec, httpGet: _httpGet, tcpSocket: _tcpSocket, grpc: _grpc, ...times } = probe;
  return times;
}

/** What the spec says for the Pods of a component. */
export interface ComponentSettings {
  readonly resources?: ResourceRequirements;
  readonly priorityClassName?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Resources, priority, annotations and labels of a component, as the spec says for it or for `all`. */
export function settingsOf(context: BuildContext, component: Component): ComponentSettings {
  const { spec } = context;
  const resources = spec.resources[component === "cmdreporter" ? "cmd-reporter" : component];
  const priorityClassName = spec.priorityClassNames[component] ?? spec.priorityClassNames["all"];
  return {
    ...(resources ? { resources } : {}),
    ...(priorityClassName !== undefined && priorityClassName !== "" ? { priorityClassName } : {}),
    annotations: { ...spec.annotations["all"], ...spec.annotations[component] },
    labels: { ...spec.labels["all"], ...spec.labels[component] },
  };
}

/** A Pod's labels, annotations and spec before the settings of its component. */
interface TemplateParts {
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly spec: PodSpec;
}

/** Wraps a Pod's spec up with the component's labels and annotations; ours win where they meet, since selectors need them. */
export function podTemplate(context: BuildContext, component: Component, parts: TemplateParts): PodTemplateSpec {
  return templateOf(settingsOf(context, component), parts);
}

/** As `podTemplate`, with settings that stand elsewhere than in the CephCluster. */
export function templateOf(settings: ComponentSettings, parts: TemplateParts): PodTemplateSpec {
  const annotations = { ...parts.annotations, ...settings.annotations };
  return {
    metadata: { labels: { ...settings.labels, ...parts.labels }, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: { ...parts.spec, ...(settings.priorityClassName ? { priorityClassName: settings.priorityClassName } : {}) },
  };
}

/** Network of a daemon's Pod. */
export function networkOf(context: BuildContext): Pick<PodSpec, "hostNetwork" | "dnsPolicy"> {
  return context.spec.network.hostNetwork ? { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" } : {};
}
