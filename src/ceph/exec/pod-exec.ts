/** Runs a command in a container and waits for its end. Rejects (a `KubeError`) where it could not be run or its end was not seen. */
export type PodExec = (
  target: {
    readonly namespace: string;
    readonly pod: string;
    readonly container: string;
    readonly command: readonly string[];
    /** All of the command's standard input. */
    readonly stdin?: string;
  },
  options: { readonly signal?: AbortSignal },
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;
