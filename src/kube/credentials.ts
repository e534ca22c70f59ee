import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Clock, systemClock } from "./clock.ts";
import type { ClusterCredentials } from "./cluster-credentials.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { inClusterCredentials, serviceAccountDir } from "./in-cluster-credentials.ts";
import { kubeconfigCredentials } from "./kubeconfig-credentials.ts";

export interface LoadCredentialsOptions {
  /** A kubeconfig file, before everything else. */
  kubeconfig?: string | undefined;
  /** A context in it; its current one where absent. */
  context?: string | undefined;
  /** The environment: KUBECONFIG, HOME, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are read. */
  env: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
  /** Where the Pod's service account is mounted; Kubernetes' own place where absent. */
  serviceAccountDir?: string;
}

/**
 * Finds the cluster as kubectl does: the kubeconfig named by the caller or in `KUBECONFIG`; else the Pod's service account, where
 * this is a Pod; else `~/.kube/config`.
 *
 * @throws ConfigurationError with one sentence that says what to do.
 * @example const credentials = await loadCredentials({ env: process.env });
 */
export async function loadCredentials(options: LoadCredentialsOptions): Promise<ClusterCredentials> {
  const { env, context, clock = systemClock } = options;
  if (options.kubeconfig !== undefined) return kubeconfigCredentials({ files: [options.kubeconfig], context, clock });
  const named = (env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  if (named.length > 0) return kubeconfigCredentials({ files: await present(named), context, clock });

  const host = env["KUBERNETES_SERVICE_HOST"];
  const dir = options.serviceAccountDir ?? serviceAccountDir;
  if (context === undefined && host !== undefined && host !== "" && (await isThere(join(dir, "token")))) {
    return inClusterCredentials({ host, port: env["KUBERNETES_SERVICE_PORT"] ?? "443", clock, dir });
  }
  const home = env["HOME"] ?? env["USERPROFILE"];
  const usual = home === undefined || home === "" ? undefined : join(home, ".kube", "config");
  if (usual !== undefined && (await isThere(usual))) return kubeconfigCredentials({ files: [usual], context, clock });
  throw new ConfigurationError(
    `No cluster is known: name a kubeconfig with --kubeconfig or in KUBECONFIG, or have one at ${usual ?? "~/.kube/config"}.`,
  );
}

/** As kubectl does, files in a list may be missing, if one is there. */
async function present(files: string[]): Promise<string[]> {
  const there: string[] = [];
  for (const file of files) if (await isThere(file)) there.push(file);
  return there.length === 0 ? files : there;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
