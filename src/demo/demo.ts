import { randomBytes } from "node:crypto";
import { Registry } from "prom-client";
import { assembleOperator, type Operator } from "../assemble-operator.ts";
import { type Clock, systemClock } from "../kube/clock.ts";
import { loadCredentials } from "../kube/credentials.ts";
import { createHttpKube, type HttpKube } from "../kube/http-kube.ts";
import { silentLogger } from "../kube/logger.ts";
import { createRuntimeMetrics } from "../runtime/metrics.ts";
import { CephCluster } from "../schema/ceph-cluster.ts";
import { version } from "../version.ts";
import { demoCluster, demoImages } from "./demo-cluster.ts";
import { type DemoOptions, readDemoOptions } from "./demo-options.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "./embedded-cluster.ts";
import { createNarrator } from "./narrator.ts";
import { createScreen, type Picture } from "./screen.ts";
import { showUpgrade } from "./show-upgrade.ts";

/** Simulated Pods take about as long as quick real ones. */
const timing = { startMs: 600, readyMs: 700, jobMs: 900, stopMs: 500 } as const;
const pictureMs = 250;

/**
 * Starts an embedded cluster, runs the operator against it over HTTPS, makes a CephCluster, and shows what happens until it is Ready, then an
 * upgrade of Ceph in which a Pod is deleted; then stays until `stop` aborts, or ends at once with `--once`. Resolves with the process's exit code.
 */
export async function runDemo(args: readonly string[], out: NodeJS.WriteStream, stop: AbortSignal): Promise<number> {
  const options = readDemoOptions(args);
  const disks = Array.from({ length: options.osdsPerNode }, (_, index) => `sd${diskLetters(index + 1)}`).join(" ");
  const clock = systemClock;
  const startedAt = clock.now();
  const cluster = await startEmbeddedCluster({ clock, nodes: options.nodes, disks: () => disks, timing });
  const screen = createScreen(out);
  const seconds = () => (clock.now() - startedAt) / 1000;
  const { http, operator, requests } = await operatorOf(cluster, clock);
  const end = endingWith(stop);

  screen.say(introduction(options, cluster));
  const narrator = createNarrator(cluster.sim.store, (happening) => screen.tell(happening, seconds()));
  const readyIn = whenReady(cluster, seconds);
  const show = () => screen.show({ ...pictureOf(cluster), seconds: seconds(), daemons: narrator.daemons() });
  const pictures = setInterval(show, pictureMs);
  const running = operator.manager.run(end.signal);
  /** What comes first: the end of an act, the operator's, the user's wish, or with `--once` the limit. */
  const race = async <T>(act: Promise<T>): Promise<{ is: "shown"; answer: T } | { is: "over"; code: number }> => {
    const late = Promise.withResolvers<"late">();
    const cancel = options.once ? clock.after(options.timeoutMs, () => late.resolve("late")) : () => {};
    const first = await Promise.race([
      act.then((answer) => ({ answer })),
      late.promise,
      running.then((ended) => ended.reason),
      aborted(end.signal),
    ]);
    cancel();
    show();
    if (typeof first === "object") return { is: "shown", answer: first.answer };
    if (first === "stopped" || end.signal.aborted) return { is: "over", code: 0 };
    const { message } = pictureOf(cluster);
    screen.say(first === "late" ? `Not Ready after ${options.timeoutMs / 1000} s: ${message}` : `The operator has ended: ${first}`);
    return { is: "over", code: 1 };
  };
  try {
    await http.create(CephCluster, demoCluster(options.nodes, options.upgrade ? demoImages.old : demoImages.new));
    const ready = await race(readyIn.promise);
    if (ready.is === "over") return ready.code;
    const made = `${requests.all} requests of the operator, ${requests.writes} of them writes`;
    screen.tell({ about: "cluster", text: `Ready after ${ready.answer.toFixed(1)} s, ${made}` }, ready.answer);
    if (options.upgrade) {
      const from = seconds();
      const tell = (text: string) => screen.tell({ about: "user", text }, seconds());
      const upgraded = await race(showUpgrade({ kube: http, store: cluster.sim.store, image: demoImages.new, tell }));
      if (upgraded.is === "over") return upgraded.code;
      screen.tell({ about: "cluster", text: `Upgraded to ${demoImages.new} in ${(seconds() - from).toFixed(1)} s` }, seconds());
    }
    if (options.once) return 0;
    screen.say(whatToTry(cluster, options));
    const last = await race(new Promise<never>(() => {}));
    return last.is === "over" ? last.code : 0;
  } finally {
    clearInterval(pictures);
    narrator.stop();
    screen.end();
    end.abort(new Error("the demo ends"));
    await running;
    await http.close();
    await cluster.close();
  }
}

/** The operator on an embedded cluster, over HTTPS, and how many requests it has made. */
async function operatorOf(
  cluster: EmbeddedCluster,
  clock: Clock,
): Promise<{ http: HttpKube; operator: Operator; requests: { all: number; writes: number } }> {
  const requests = { all: 0, writes: 0 };
  const credentials = await loadCredentials({ kubeconfig: cluster.kubeconfig, context: undefined, env: {}, clock });
  const http = createHttpKube({
    credentials,
    clock,
    log: silentLogger,
    userAgent: `jackdaw/${version}`,
    onRequest: ({ verb }) => {
      requests.all += 1;
      if (verb !== "get" && verb !== "list" && verb !== "watch") requests.writes += 1;
    },
  });
  const operator = assembleOperator({
    kube: http,
    connect: () => cluster.sim.ceph,
    clock,
    random: Math.random,
    randomBytes: (count) => randomBytes(count),
    log: silentLogger,
    metrics: createRuntimeMetrics(new Registry()),
    namespace: "rook-ceph",
    cephPatienceMs: 300,
    // a disk that is put in shows soon
    deviceIntervalMs: 60_000,
  });
  return { http, operator, requests };
}

function introduction({ nodes, osdsPerNode }: DemoOptions, { server, kubeconfig }: EmbeddedCluster): string {
  return [
    `A simulated Kubernetes of ${nodes} node${nodes === 1 ? "" : "s"} with ${osdsPerNode} disk${osdsPerNode === 1 ? "" : "s"} each is at ${server.url}; its Ceph is simulated too, the operator is the real one.`,
    `  export KUBECONFIG=${kubeconfig}`,
    "",
  ].join("\n");
}

function whatToTry({ kubeconfig }: EmbeddedCluster, { nodes }: DemoOptions): string {
  const [second, last] = [`node${Math.min(2, nodes)}`, `node${nodes}`];
  return `
Look, in another terminal:
  export KUBECONFIG=${kubeconfig}
  kubectl get cephcluster,pods -o wide
  kubectl describe cephcluster rook-ceph

Try:
  kubectl delete pod -l mon=a                                                  # kill a Pod
  kubectl annotate node ${second} --overwrite sim.jackdaw.dev/disks=sdb            # pull every disk but sdb out of ${second}
  kubectl annotate node ${last} --overwrite sim.jackdaw.dev/power=off            # cut the power of ${last}; "on" brings it back
  kubectl delete deployment rook-ceph-mgr-a                                    # delete anything the operator made
  kubectl patch cephcluster rook-ceph --type merge -p '{"spec":{"cephVersion":{"image":"quay.io/ceph/ceph:v20.2.5"}}}'

Ctrl-C ends it and leaves nothing behind.
`;
}

/** Resolves with the seconds until the CephCluster is Ready for the first time. */
function whenReady({ sim }: EmbeddedCluster, seconds: () => number): { promise: Promise<number> } {
  const ready = Promise.withResolvers<number>();
  const unsubscribe = sim.store.subscribe((resource, { object }) => {
    if (resource.kind !== "CephCluster") return;
    const { conditions } = (object["status"] ?? {}) as { conditions?: { type: string; status: string }[] };
    if (conditions?.some((c) => c.type === "Ready" && c.status === "True") !== true) return;
    unsubscribe();
    ready.resolve(seconds());
  });
  return { promise: ready.promise };
}

function pictureOf({ sim }: EmbeddedCluster): Pick<Picture, "phase" | "message"> {
  const resource = sim.store.resource(CephCluster);
  const { phase, message } = (sim.store.get(resource, { namespace: "rook-ceph", name: "rook-ceph" })?.["status"] ?? {}) as {
    phase?: string;
    message?: string;
  };
  return { phase: phase ?? "Starting", message: message ?? "the operator takes its first look" };
}

/** A controller of its own that aborts with `stop`. */
function endingWith(stop: AbortSignal): AbortController {
  const end = new AbortController();
  const onStop = (): void => end.abort(stop.reason);
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  return end;
}

function aborted(signal: AbortSignal): Promise<"stopped"> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("stopped");
    else signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
}

/** b, c … z, aa, ab …: the kernel's letters of the nth disk from 0. */
function diskLetters(index: number): string {
  const letter = String.fromCharCode("a".charCodeAt(0) + (index % 26));
  return index < 26 ? letter : diskLetters(Math.floor(index / 26) - 1) + letter;
}
