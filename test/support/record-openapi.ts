// Records the shapes of the built-in kinds that the simulation serves, as a running API server has them: that of KUBECONFIG, or
// else of a test cluster that is started for it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { builtInResources } from "../../src/simkube/api/resources.ts";
import { run } from "../e2e/support/run.ts";
import { testCluster, top } from "../e2e/support/test-cluster.ts";
import { compactOpenApi, type OpenApiDocument } from "./compact-openapi.ts";

const out = join(top, "src/simkube/api/shape/shapes.json");

async function record(kubeconfig: string): Promise<void> {
  const roots = new Set(builtInResources.map(({ apiVersion }) => `${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}`));
  const documents: OpenApiDocument[] = [];
  for (const root of roots) {
    const text = await run(testCluster.hyperkube, ["kubectl", "--kubeconfig", kubeconfig, "get", "--raw", `/openapi/v3/${root}`]);
    documents.push(JSON.parse(text) as OpenApiDocument);
  }
  const { kinds, shapes } = compactOpenApi(
    documents,
    builtInResources.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
  );
  // a line for each shape, so that a newer Kubernetes shows as a diff
  const lines = Object.entries(shapes).map(([name, shape]) => `${JSON.stringify(name)}:${JSON.stringify(shape)}`);
  await writeFile(out, `{"kinds":${JSON.stringify(kinds)},"shapes":{\n${lines.join(",\n")}\n}}\n`);
}

const given = process.env["KUBECONFIG"];
if (given === undefined) {
  try {
    await testCluster.up(1);
    await record(testCluster.kubeconfig);
  } finally {
    await testCluster.down();
  }
} else await record(given);
