/** A Ceph command: `prefix` is its words, the rest its named arguments, as `ceph` itself sends them (`ceph --verbose` shows them). */
export interface CephCommand {
  readonly prefix: string;
  readonly [argument: string]: string | number | boolean | readonly string[] | undefined;
}

export interface CephCommandOptions {
  /** What goes in on standard input with the CLI (`-i -`). */
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds until `timedOut`; 15 s unless set. */
  readonly timeoutMs?: number;
  /** Who answers: the mons (the default), the active mgr, or one daemon (`tell`), such as `osd.3`. */
  readonly target?: "mon" | "mgr" | `osd.${number}` | `mon.${string}`;
}

/** Everything the operator says to one Ceph cluster: one narrow waist, with librados, pod-exec and simulated implementations. Errors are `CephError`. */
export interface Ceph {
  /** The command's answer: parsed where it is JSON (`format: "json"` is added), else the text. */
  command<T = unknown>(command: CephCommand, options?: CephCommandOptions): Promise<T>;
  /** Ends the connection; commands under way fail with `aborted`. */
  close(): Promise<void>;
}

/** What it takes to reach a cluster as an admin. */
export interface CephIdentity {
  /** Where it is known from: the CephCluster's namespace. */
  readonly namespace: string;
  readonly fsid: string;
  /** `mon_host` form: `[v2:10.0.0.1:3300,v1:10.0.0.1:6789],…` */
  readonly monHost: string;
  /** With the `client.` */
  readonly user: string;
  readonly key: string;
}

/** Gives a connection to a cluster, made on first use and kept while the identity is the same. A connection is no state: losing it costs time only. */
export interface CephConnector {
  /** Never waits for the cluster: the first command does, up to its time limit. */
  connect(identity: CephIdentity): Ceph;
  /** Ends the connection to the cluster of a namespace, where there is one: it is gone, and would be looked for on and on. */
  release(namespace: string): Promise<void>;
  close(): Promise<void>;
}
