import { stringify } from "yaml";

/** A kubeconfig with one cluster, in YAML. `cert` is the server's certificate, in PEM. */
export function kubeconfigFor(options: {
  readonly url: string;
  readonly cert: string;
  readonly token: string;
  readonly namespace: string;
}): string {
  const name = "simulated";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: options.url, "certificate-authority-data": Buffer.from(options.cert).toString("base64") } }],
    users: [{ name, user: { token: options.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: options.namespace } }],
  });
}
