import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Clock } from "./clock.ts";
import type { ClusterCredentials, TlsOptions } from "./cluster-credentials.ts";
import { ConfigurationError } from "./configuration-error.ts";

/** Plugins and files are asked at most once in this time; an answer 401 asks them sooner. */
const rereadMs = 60_000;

/**
 * The credentials of a context of kubeconfig files: certificates, tokens, exec and OIDC plugins as client-node knows them.
 * Several files are merged, the first winning, as kubectl does.
 *
 * @throws ConfigurationError where a file is not readable or no kubeconfig, or the context, its cluster or its user is not there.
 * @example const credentials = await kubeconfigCredentials({ files: ["kubeconfig.yaml"], context: "staging", clock: systemClock });
 */
export async function kubeconfigCredentials(options: {
  files: readonly string[];
  context?: string | undefined;
  clock: Clock;
}): Promise<ClusterCredentials> {
  const { clock } = options;
  const config = await load(options.files, options.context);
  const where = options.files.join(":");
  const contextName = config.getCurrentContext();
  const context = config.getContextObject(contextName);
  const cluster = config.getCurrentCluster();
  if (context === null || cluster === null) {
    throw new ConfigurationError(
      `The context "${contextName}" of ${where} names the cluster "${context?.cluster ?? ""}", which is not there: correct the kubeconfig.`,
    );
  }
  const plain = cluster.server.startsWith("http:");
  if (config.getCurrentUser() === null && !plain) {
    throw new ConfigurationError(
      `The context "${contextName}" of ${where} names the user "${context.user}", which is not there: correct the kubeconfig.`,
    );
  }

  let readAt = Number.NEGATIVE_INFINITY;
  let headers: Record<string, string> = {};
  let tls: TlsOptions = {};
  let reading: Promise<void> | undefined;
  const readNow = async (): Promise<void> => {
    if (!plain) {
      const answer = await authOf(config, where);
      headers = answer.headers;
      if (!sameTls(tls, answer.tls)) tls = answer.tls;
    }
    readAt = clock.now();
  };
  const read = async (): Promise<void> => {
    if (clock.now() - readAt < rereadMs) return;
    // A plugin may open a browser: one at a time.
    reading ??= readNow().finally(() => {
      reading = undefined;
    });
    await reading;
  };

  return {
    server: cluster.server.replace(/\/+$/, ""),
    namespace: context.namespace,
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
    headers: async () => {
      await read();
      return headers;
    },
    tls: async () => {
      await read();
      return tls;
    },
    refresh: () => {
      readAt = Number.NEGATIVE_INFINITY;
    },
    kubeConfig: async () => config,
  };
}

async function load(files: readonly string[], context: string | undefined): Promise<KubeConfig> {
  const where = files.join(":");
  for (const file of files) {
    try {
      await readFile(file);
    } catch (cause) {
      throw new ConfigurationError(
        `Cannot read the kubeconfig ${file} (${(cause as NodeJS.ErrnoException).code ?? "unknown error"}): ` +
          "name a readable file with --kubeconfig or in KUBECONFIG.",
        { cause },
      );
    }
  }
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    for (const [index, file] of files.entries()) {
      if (index === 0) {
        config.loadFromFile(file);
      } else {
        const next = new KubeConfig();
        next.loadFromFile(file);
        config.mergeConfig(next, true);
      }
    }
  } catch (cause) {
    throw new ConfigurationError(`${where} is not a kubeconfig: ${(cause as Error).message}.`, { cause });
  }
  if (context !== undefined) config.setCurrentContext(context);
  const names = config.getContexts().map((each) => each.name);
  const current = config.getCurrentContext();
  if (!names.includes(current)) {
    const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    throw new ConfigurationError(
      current === undefined || current === ""
        ? `${where} has no current context: name one with --context (${known}).`
        : `${where} has no context "${current}": name another with --context (${known}).`,
    );
  }
  return config;
}

async function authOf(config: KubeConfig, where: string): Promise<{ headers: Record<string, string>; tls: TlsOptions }> {
  const options: RequestOptions & { servername?: string } = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new ConfigurationError(`The credentials of ${where} cannot be used: ${(cause as Error).message}.`, { cause });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  if (typeof options.auth === "string") headers["authorization"] ??= `Basic ${Buffer.from(options.auth).toString("base64")}`;
  const tls: { -readonly [K in keyof TlsOptions]: TlsOptions[K] } = {};
  for (const name of ["ca", "cert", "key"] as const) {
    const pem = options[name];
    if (typeof pem === "string" || Buffer.isBuffer(pem)) tls[name] = pem.toString();
  }
  if (options.rejectUnauthorized !== undefined) tls.rejectUnauthorized = options.rejectUnauthorized;
  if (options.servername !== undefined) tls.servername = options.servername;
  return { headers, tls };
}

function sameTls(a: TlsOptions, b: TlsOptions): boolean {
  return (
    a.ca === b.ca && a.cert === b.cert && a.key === b.key && a.rejectUnauthorized === b.rejectUnauthorized && a.servername === b.servername
  );
}
