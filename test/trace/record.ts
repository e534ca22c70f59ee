// `make trace`: brings a real Ceph cluster up on the test cluster, and writes down what operator, Kubernetes and Ceph said to each other.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Registry } from "prom-client";
import { assembleOperator } from "../../src/assemble-operator.ts";
import type { CephConnector, CephIdentity } from "../../src/ceph/ceph.ts";
import { isCephError } from "../../src/ceph/ceph-error.ts";
import { createExecConnector } from "../../src/ceph/exec/exec-connector.ts";
import { systemClock } from "../../src/kube/clock.ts";
import { loadCredentials } from "../../src/kube/credentials.ts";
import { createHttpKube } from "../../src/kube/http-kube.ts";
import type { Kube } from "../../src/kube/kube.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import { createPodExec } from "../../src/kube/pod-exec.ts";
import { createRuntimeMetrics } from "../../src/runtime/metrics.ts";
import { cephCluster, readCephCluster, waitForReady } from "../e2e/support/ceph-cluster.ts";
import { applyObjects } from "../e2e/support/kubectl.ts";
import { operator as manifests } from "../e2e/support/operator.ts";
import { testCluster } from "../e2e/support/test-cluster.ts";
import { createScrubber } from "./scrub.ts";
import type { Trace, TraceEntry } from "./trace.ts";

const entries: TraceEntry[] = [];
const scrub = createScrubber();
let identity: CephIdentity | undefined;

function recordKube(kube: Kube): Kube {
  const note = (
    verb: Extract<TraceEntry, { type: "write" }>["verb"],
    kind: Kind,
    key: { name?: string; namespace?: string },
    more: object = {},
  ): void => {
    if (kind.kind === "Event" || kind.kind === "Lease") return;
    const { apiVersion, kind: name, plural } = kind;
    entries.push({
      type: "write",
      verb,
      apiVersion,
      kind: name,
      plural,
      name: key.name ?? "",
      ...(key.namespace === undefined ? {} : { namespace: key.namespace }),
      ...more,
    });
  };
  const body = (object: unknown) => ({ body: scrub(JSON.parse(JSON.stringify(object))) });
  return {
    ...kube,
    create: async <T extends KubeObject>(kind: Kind<T>, object: T) => {
      const made = await kube.create(kind, object);
      note("create", kind, made.metadata, body(object));
      return made;
    },
    apply: async (kind, object, options) => {
      const made = await kube.apply(kind, object, options);
      note("apply", kind, object.metadata, body(object));
      return made;
    },
    mergePatch: async (kind, key, patch, options) => {
      const made = await kube.mergePatch(kind, key, patch, options);
      note("patch", kind, key, { ...body(patch), ...(options?.subresource ? { subresource: options.subresource } : {}) });
      return made;
    },
    delete: async (kind, key, options) => {
      const was = await kube.delete(kind, key, options);
      note("delete", kind, key);
      return was;
    },
  };
}

function recordCeph(connector: CephConnector): CephConnector {
  return {
    connect: (given) => {
      identity = given;
      const inner = connector.connect(given);
      return {
        close: () => inner.close(),
        command: async <T>(command: Parameters<typeof inner.command>[0], options: Parameters<typeof inner.command>[1] = {}) => {
          const said = {
            type: "ceph" as const,
            command,
            ...(options.target === undefined ? {} : { target: options.target }),
            ...(options.input === undefined
              ? {}
              : { input: String(command.prefix.startsWith("dashboard") ? "a-password" : scrub(options.input)) }),
          };
          try {
            const answer = await inner.command<T>(command, options);
            entries.push({ ...said, answer: scrub(JSON.parse(JSON.stringify(answer ?? null))) });
            return answer;
          } catch (error) {
            if (isCephError(error)) entries.push({ ...said, error: error.code });
            throw error;
          }
        },
      };
    },
    release: (namespace) => connector.release(namespace),
    close: () => connector.close(),
  };
}

const [, , file = "test/trace/ceph-20.2.4.json"] = process.argv;
await testCluster.up(3);
try {
  const devices = { node1: [await testCluster.addDisk(1)], node2: [await testCluster.addDisk(2)], node3: [await testCluster.addDisk(3)] };
  await manifests.prepare();
  const clock = systemClock;
  const credentials = await loadCredentials({ kubeconfig: testCluster.kubeconfig, context: undefined, env: {}, clock });
  const http = createHttpKube({ credentials, clock, log: silentLogger, userAgent: "jackdaw-trace" });
  const operator = assembleOperator({
    kube: recordKube(http),
    connect: (reader) => recordCeph(createExecConnector({ exec: createPodExec(credentials), kube: reader, clock })),
    clock,
    random: Math.random,
    randomBytes: (count) => randomBytes(count),
    log: silentLogger,
    metrics: createRuntimeMetrics(new Registry()),
    namespace: "rook-ceph",
    cephPatienceMs: 10_000,
    deviceIntervalMs: 0,
  });
  const stop = new AbortController();
  const running = operator.manager.run(stop.signal);
  const wanted = await cephCluster({ mons: 3, mgrs: 2, devices });
  await applyObjects(wanted);
  await waitForReady();
  const made = await readCephCluster();
  stop.abort(new Error("recorded"));
  await running;
  await operator.close();
  await http.close();
  if (identity === undefined) throw new Error("Ceph was never asked");
  const { fsid, monHost, user, key } = identity;
  const trace: Trace = {
    ceph: made.spec["cephVersion"] === undefined ? "" : "20.2.4",
    identity: { fsid, monHost, user, key: String(scrub(key)) },
    clusterUid: made.metadata.uid ?? "",
    cluster: wanted,
    entries,
  };
  const { entries: lines, ...head } = trace;
  // an entry a line, for those who compare two
  const said = lines.map((entry) => JSON.stringify(entry)).join(",\n");
  await writeFile(file, `${JSON.stringify(head).slice(0, -1)},"entries":[\n${said}\n]}\n`);
  process.stdout.write(`${entries.length} entries in ${file}\n`);
} finally {
  await testCluster.down();
}
process.exit(0);
