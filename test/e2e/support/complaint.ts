import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { run } from "./run.ts";
import { testCluster, top } from "./test-cluster.ts";

/** What the operator says as it gives up, started on this machine with this kubeconfig. Rejects where it does not give up. */
export async function complaintOf(kubeconfig: string): Promise<string> {
  const command = 'node dist/main.mjs operator --kubeconfig "$1" 2>&1 >/dev/null; test $? = 1';
  return (await run("bash", ["-c", `cd "$2" && ${command}`, "bash", kubeconfig, top], { seconds: 30 })).trim();
}

interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
  users: { user: { token?: string } }[];
}

/** The test cluster's kubeconfig with another server, or another user; gives its file. */
export async function otherKubeconfig(name: string, change: { server?: string; token?: string }): Promise<string> {
  const config = parse(await readFile(testCluster.kubeconfig, "utf8")) as Kubeconfig;
  for (const { cluster } of config.clusters) cluster.server = change.server ?? cluster.server;
  for (const entry of config.users) entry.user = change.token === undefined ? entry.user : { token: change.token };
  const file = join(testCluster.state, `${name}.kubeconfig`);
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}
