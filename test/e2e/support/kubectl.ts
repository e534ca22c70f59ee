import type { KubeObject } from "../../../src/kube/object.ts";
import { type RunOptions, run, runBytes } from "./run.ts";
import { testCluster } from "./test-cluster.ts";

const env = { KUBECONFIG: testCluster.kubeconfig };

/** Runs `kubectl` against the test cluster as its admin; gives what it printed. */
export function kubectl(args: readonly string[], options: RunOptions = {}): Promise<string> {
  return run(testCluster.hyperkube, ["kubectl", ...args], { ...options, env: { ...options.env, ...env } });
}

/** One object. Rejects where it is absent. */
export async function getObject<T extends KubeObject>(namespace: string, kind: string, name: string): Promise<T> {
  return JSON.parse(await kubectl(["get", "-n", namespace, kind, name, "-o", "json"])) as T;
}

/** Every object of these kinds (`pods`, `deployments,services`) in a namespace. */
export async function listObjects<T extends KubeObject>(namespace: string, kinds: string, selector?: string): Promise<T[]> {
  const selection = selector === undefined ? [] : ["-l", selector];
  return (JSON.parse(await kubectl(["get", "-n", namespace, kinds, "-o", "json", ...selection])) as { items: T[] }).items;
}

/** Server-side apply. */
export async function applyObjects(...objects: KubeObject[]): Promise<void> {
  await applyText(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
}

/** Server-side apply of YAML or JSON text. */
export async function applyText(text: string): Promise<void> {
  await kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], { input: text });
}

/** Runs a command in a pod, or in a pod of `deploy/NAME`; gives its standard output. */
export async function execInPod(namespace: string, pod: string, command: readonly string[], options: RunOptions = {}): Promise<string> {
  return (await execInPodBytes(namespace, pod, command, options)).toString();
}

/** As `execInPod`, with the bytes as they came. */
export function execInPodBytes(namespace: string, pod: string, command: readonly string[], options: RunOptions = {}): Promise<Buffer> {
  const input = options.input === undefined ? [] : ["-i"];
  return runBytes(testCluster.hyperkube, ["kubectl", "exec", "-n", namespace, ...input, pod, "--", ...command], { ...options, env });
}
