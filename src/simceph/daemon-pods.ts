import type { Container, Pod } from "../kube/kinds.ts";
import type { DaemonView } from "./daemon-view.ts";

export type SimDaemonType = "mon" | "mgr" | "osd" | "mds";

/** A daemon as its Pod shows it. */
export interface DaemonPod {
  readonly id: string;
  /** Of the Pod. */
  readonly uid: string;
  readonly ready: boolean;
  /** `--fsid`: the cluster it belongs to; undefined where it does not say. */
  readonly fsid: string | undefined;
  /** Where a mon serves: its `--public-addr`, else the Pod's address. */
  readonly host: string;
  readonly podIp: string;
  readonly nodeName: string;
  readonly version: string;
  /** `--crush-location` of an OSD, taken apart. */
  readonly location: [type: string, name: string][];
  /** Value of a variable of the daemon's container. */
  env(name: string): string | undefined;
}

/** The Pods of one type of daemon in a namespace, by id. A Pod that is being deleted counts as long as it is ready. */
export function daemonPods(view: DaemonView, namespace: string, type: SimDaemonType, defaultVersion: string): DaemonPod[] {
  return view
    .pods(namespace, `rook-ceph-${type}`)
    .flatMap((pod) => {
      const id = pod.metadata.labels?.[type] ?? pod.metadata.labels?.["ceph_daemon_id"];
      return id === undefined ? [] : [daemonPod(view, pod, type, id, defaultVersion)];
    })
    .sort((a, b) => Number(a.id) - Number(b.id) || (a.id < b.id ? -1 : 1));
}

function daemonPod(view: DaemonView, pod: Pod, type: string, id: string, defaultVersion: string): DaemonPod {
  const container = pod.spec?.containers.find((candidate) => candidate.name === type) ?? pod.spec?.containers[0];
  const crush = flag(container, "--crush-location") ?? "";
  return {
    id,
    uid: pod.metadata.uid ?? "",
    ready: pod.status?.phase !== "Failed" && (pod.status?.conditions ?? []).some((c) => c.type === "Ready" && c.status === "True"),
    fsid: flag(container, "--fsid"),
    host: flag(container, "--public-addr") ?? pod.status?.podIP ?? "",
    podIp: pod.status?.podIP ?? "",
    nodeName: pod.spec?.nodeName ?? pod.spec?.nodeSelector?.["kubernetes.io/hostname"] ?? "",
    version: /:v?(\d+\.\d+\.\d+)/.exec(container?.image ?? "")?.[1] ?? defaultVersion,
    location: crush.split(/\s+/).flatMap((part): [string, string][] => {
      const [bucket, name] = part.split("=");
      return bucket && name ? [[bucket, name]] : [];
    }),
    env: (name) => {
      const variable = container?.env?.find((candidate) => candidate.name === name);
      const from = variable?.valueFrom?.secretKeyRef;
      if (from === undefined) return variable?.value;
      const data = view.secret(pod.metadata.namespace ?? "", from.name ?? "")?.data?.[from.key];
      return data === undefined ? undefined : Buffer.from(data, "base64").toString();
    },
  };
}

/** A flag's value, as `--flag=value` or in the argument after it. */
function flag(container: Container | undefined, name: string): string | undefined {
  const words = [...(container?.command ?? []), ...(container?.args ?? [])];
  const joined = words.find((word) => word.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const index = words.indexOf(name);
  return index < 0 ? undefined : words[index + 1];
}
