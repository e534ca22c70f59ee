import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import type { ClusterCredentials, TlsOptions } from "./cluster-credentials.ts";
import { ConfigurationError } from "./configuration-error.ts";

/** Where the kubelet puts a Pod's service account. */
export const serviceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The kubelet replaces the token well before it ends; reading it once a minute is enough. */
const rereadMs = 60_000;

/**
 * The credentials of the Pod that this process runs in. The token and the CA are read again at most once in 60 s, so rotation is
 * followed. Loads nothing of client-node until `kubeConfig` is called.
 *
 * @throws ConfigurationError where the files are not readable.
 * @example const credentials = await inClusterCredentials({ host: "10.96.0.1", port: "443", clock: systemClock });
 */
export async function inClusterCredentials(options: {
  host: string;
  port: string;
  clock: Clock;
  dir?: string;
}): Promise<ClusterCredentials> {
  const { host, port, clock, dir = serviceAccountDir } = options;
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  let readAt = Number.NEGATIVE_INFINITY;
  let token = "";
  let tls: TlsOptions = {};

  const read = async (): Promise<void> => {
    if (clock.now() - readAt < rereadMs) return;
    const [newToken, ca] = await Promise.all([readServiceAccountFile(dir, "token"), readServiceAccountFile(dir, "ca.crt")]);
    token = newToken.trim();
    if (tls.ca !== ca) tls = { ca };
    readAt = clock.now();
  };

  await read();
  const namespace = await readFile(join(dir, "namespace"), "utf8").then(
    (text) => text.trim() || undefined,
    () => undefined,
  );
  return {
    server,
    namespace,
    headers: async () => {
      await read();
      return { authorization: `Bearer ${token}` };
    },
    tls: async () => {
      await read();
      return tls;
    },
    refresh: () => {
      readAt = Number.NEGATIVE_INFINITY;
    },
    kubeConfig: async () => {
      const { KubeConfig } = await import("@kubernetes/client-node");
      await read();
      const config = new KubeConfig();
      config.loadFromClusterAndUser(
        { name: "in-cluster", server, caData: Buffer.from(tls.ca ?? "").toString("base64"), skipTLSVerify: false },
        { name: "service-account", token },
      );
      return config;
    },
  };
}

async function readServiceAccountFile(dir: string, name: string): Promise<string> {
  const path = join(dir, name);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigurationError(
      `Cannot read the service account file ${path} (${(cause as NodeJS.ErrnoException).code ?? "unknown error"}): ` +
        "let the Pod mount its service account token (automountServiceAccountToken).",
      { cause },
    );
  }
}
