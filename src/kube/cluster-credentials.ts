import type { KubeConfig } from "@kubernetes/client-node";

/** How to reach one API server, and as whom. */
export interface ClusterCredentials {
  /** `https://host:port`, and a path where the server stands behind a gateway; no slash at the end. */
  readonly server: string;
  /** The namespace of the service account or of the context; undefined where neither names one. */
  readonly namespace: string | undefined;
  /** An HTTP proxy on the way, as the kubeconfig names it. */
  readonly proxyUrl?: string;
  /** What to send with each request, `authorization` among it; never to be logged. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** What a new connection needs; the same object as long as nothing has changed. */
  tls(): Promise<TlsOptions>;
  /** Forgets what is remembered, after the server has refused it: the next call reads it again. */
  refresh(): void;
  /** The same for client-node, which is loaded by this call. */
  kubeConfig(): Promise<KubeConfig>;
}

/** PEM texts, and how the server's certificate is judged. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False only where the kubeconfig says so. */
  readonly rejectUnauthorized?: boolean;
  /** The name in the server's certificate, where it is not the one in the URL. */
  readonly servername?: string;
}
