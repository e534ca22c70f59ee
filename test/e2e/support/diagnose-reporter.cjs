// At a file's first failure, while its cluster is still up: what the cluster and the operator have to say about it.
const { execFileSync } = require("node:child_process");
const path = require("node:path");

const state = process.env.CLUSTER_STATE ?? "/var/tmp/testcluster";
const looks = [
  ["get", "nodes"],
  ["get", "-n", "rook-ceph", "pods", "-o", "wide"],
  ["get", "-n", "rook-ceph", "cephcluster", "-o", 'jsonpath={range .items[*]}{.status}{"\\n"}{end}'],
  ["get", "-n", "rook-ceph", "events", "--sort-by=.lastTimestamp", "--field-selector=type=Warning"],
  ["logs", "-n", "rook-ceph", "deployment/rook-ceph-operator", "--tail=60"],
];

module.exports = class DiagnoseReporter {
  seen = new Set();

  onTestCaseResult(test, result) {
    if (result.status !== "failed" || this.seen.has(test.path)) return;
    this.seen.add(test.path);
    for (const look of looks) {
      process.stderr.write(`\n--- kubectl ${look.join(" ")}\n`);
      try {
        const env = { ...process.env, KUBECONFIG: path.join(state, "admin.kubeconfig") };
        process.stderr.write(
          execFileSync(path.join(state, "bin/hyperkube"), ["kubectl", ...look], { env, timeout: 15_000, stdio: "pipe" }),
        );
      } catch (error) {
        process.stderr.write(String(error.stderr ?? error));
      }
    }
  }
};
