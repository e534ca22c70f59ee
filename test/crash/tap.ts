import { decodeAnswer } from "../../src/ceph/answer.ts";
import type { Ceph, CephCommand, CephCommandOptions, CephConnector } from "../../src/ceph/ceph.ts";
import { CephError } from "../../src/ceph/ceph-error.ts";
import { isMutation } from "../../src/ceph/is-mutation.ts";
import type { DeleteTeller } from "../../src/kube/delete-outcome.ts";
import { Event } from "../../src/kube/kinds.ts";
import type { Kube, WatchEvent } from "../../src/kube/kube.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import type { Kind, KubeObject } from "../../src/kube/object.ts";
import type { FakeKube } from "../../src/simkube/api/fake-kube.ts";
import type { commandFaults, readFaults, watchFaults, writeFaults } from "./fault.ts";
import { type Journal, type TappedWrite, uncounted } from "./journal.ts";
import type { SimProcess } from "./sim-process.ts";

/** What decides about each thing that an operator does; undefined lets it happen. */
export interface Interference {
  onWrite(write: TappedWrite): keyof typeof writeFaults | undefined;
  onCommand(command: CephCommand): keyof typeof commandFaults | undefined;
  onRead(command: CephCommand): keyof typeof readFaults | undefined;
  onWatchEvent(kind: Kind): keyof typeof watchFaults | undefined;
  /** A change is told to an operator now. */
  told(): void;
  /** Stops the operator, and lets a new one start. */
  kill(process: SimProcess): void;
  /** Stops the operator after so long, and lets a new one start. */
  killLater(process: SimProcess, ms: number): void;
  /** Makes it stand still for 30 s; another may take over. */
  pause(process: SimProcess): void;
  /** Ends all watches, and lets nobody through for 3 s. */
  restartApi(): void;
  /** Whether the API server is gone just now. */
  isApiGone(): boolean;
  /** Until when changes are held back from operators, in milliseconds since 1970. */
  frozenUntil(): number;
  freeze(ms: number): void;
  /** What a list shows to the next operator, where it is older than what is. */
  staleList<T extends KubeObject>(kind: Kind<T>): { items: T[]; resourceVersion: string } | undefined;
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** `kube`, as one process sees it; what it does stands in the journal. */
export function tapKube(kube: FakeKube, process: SimProcess, interference: Interference, journal: Journal): Kube & DeleteTeller {
  /** Versions that this process has written: their echo in a watch tells it nothing new. */
  const own = new Set<string>();
  const remember = <T extends KubeObject>(object: T): T => {
    own.add(object.metadata.resourceVersion ?? "");
    return object;
  };
  const gone = () => new KubeError("unreachable", "connect ECONNREFUSED");
  const read = async <R>(verb: string, kind: Kind, run: () => Promise<R>): Promise<R> => {
    await process.reach(undefined);
    if (kind.kind !== "Lease") journal.read(`${verb} ${kind.kind}`);
    if (interference.isApiGone()) throw gone();
    return process.reach(await run());
  };
  const write = async <R>(verb: string, kind: Kind, name: string | undefined, act: () => Promise<R>): Promise<R> => {
    await process.reach(undefined);
    if (interference.isApiGone()) throw gone();
    const what: TappedWrite = { verb, kind: kind.kind, name: name ?? "" };
    const run = async (): Promise<R> => {
      try {
        return await act();
      } catch (error) {
        if (error instanceof KubeError && kind.kind !== "Lease") journal.refused(what, error.code);
        throw error;
      }
    };
    const fault = uncounted.has(kind.kind) ? undefined : interference.onWrite(what);
    switch (fault) {
      case undefined:
      case "stale":
        return process.reach(await run());
      case "staleAct":
      case "staleBetween":
      case "kill":
        await run().catch(() => {});
        interference.kill(process);
        return never();
      case "hang":
        await run().catch(() => {});
        interference.killLater(process, 2000);
        return never();
      case "loseReply":
        await run().catch(() => {});
        throw new KubeError("unreachable", "socket hang up");
      case "refuse":
        throw new KubeError("serverError", "the server is currently unable to handle the request", { httpStatus: 503 });
      case "conflict":
        throw new KubeError("conflict", "the object has been modified", { httpStatus: 409 });
      case "pause":
        interference.pause(process);
        return process.reach(await run());
      case "apiRestart":
        await run().catch(() => {});
        interference.restartApi();
        throw new KubeError("unreachable", "socket hang up");
    }
  };

  async function* watch<T extends KubeObject>(kind: Kind<T>, options: Parameters<Kube["watch"]>[1]): AsyncIterable<WatchEvent<T>> {
    await process.reach(undefined);
    if (interference.isApiGone()) throw gone();
    const over = new AbortController();
    process.onKill(() => over.abort(new Error("killed")));
    options.signal?.addEventListener("abort", () => over.abort(options.signal?.reason), { once: true });
    for await (const event of kube.watch(kind, { ...options, signal: over.signal })) {
      await process.reach(undefined);
      const isEcho = event.type !== "bookmark" && own.has(event.object.metadata.resourceVersion ?? "");
      switch (isEcho || uncounted.has(kind.kind) ? undefined : interference.onWatchEvent(kind)) {
        case "gone":
          kube.compact();
          throw new KubeError("gone", "too old resource version", { httpStatus: 410 });
        case "freeze":
          interference.freeze(15_000);
          break;
        case "late":
          await process.clock.sleep(3000);
          break;
        case undefined:
      }
      const holdMs = interference.frozenUntil() - process.clock.now();
      if (holdMs > 0) await process.clock.sleep(holdMs);
      interference.told();
      yield await process.reach(event);
    }
  }

  return {
    get: (kind, key) => read("get", kind, () => kube.get(kind, key)),
    list: (kind, selection) => read("list", kind, () => kube.list(kind, selection)),
    listForWatch: (kind, options) =>
      read("list for a watch", kind, async () => interference.staleList(kind) ?? kube.listForWatch(kind, options)),
    create: (kind, object) => {
      if (kind.kind === Event.kind) journal.event(nameOfEvent(object));
      return write("create", kind, object.metadata.name, async () => remember(await kube.create(kind, object)));
    },
    update: (kind, object) => write("update", kind, object.metadata.name, async () => remember(await kube.update(kind, object))),
    apply: (kind, object, options) =>
      write("apply", kind, object.metadata.name, async () => remember(await kube.apply(kind, object, options))),
    mergePatch: (kind, key, patch, options) => {
      if (kind.kind === Event.kind) journal.event(`again ${key.name}`);
      return write(options?.subresource === undefined ? "patch" : "patch status of", kind, key.name, () =>
        kube.mergePatch(kind, key, patch, options),
      );
    },
    delete: (kind, key, options) => write("delete", kind, key.name, () => kube.delete(kind, key, options)),
    deleteAndTell: (kind, key, options) => write("delete", kind, key.name, () => kube.deleteAndTell(kind, key, options)),
    watch,
  };
}

/** `Normal Created of CephCluster rook-ceph: the message`. */
function nameOfEvent(object: KubeObject): string {
  const { type = "", reason = "", message = "", involvedObject } = object as Event;
  return `${type} ${reason} of ${involvedObject.kind ?? ""} ${involvedObject.name ?? ""}: ${message}`;
}

/** The way to Ceph, as one process sees it; what it asks and commands stands in the journal. */
export function tapCeph(connector: CephConnector, process: SimProcess, interference: Interference, journal: Journal): CephConnector {
  const run = async <T>(inner: Ceph, command: CephCommand, options: CephCommandOptions | undefined): Promise<T> => {
    await process.reach(undefined);
    const changes = isMutation(command);
    const fault = changes ? interference.onCommand(command) : interference.onRead(command);
    const act = async (): Promise<T> => {
      try {
        return await inner.command<T>(command, options);
      } catch (error) {
        if (changes && error instanceof CephError) journal.commandRefused(command, error.code);
        throw error;
      }
    };
    switch (fault) {
      case undefined:
        return process.reach(await act());
      case "kill":
        await act().catch(() => {});
        interference.kill(process);
        return never();
      case "hang":
        await act().catch(() => {});
        interference.killLater(process, 2000);
        return never();
      case "timeOutAfter":
        await act().catch(() => {});
        throw new CephError("timedOut", command.prefix, "no answer");
      case "timeOutBefore":
      case "timeOut":
        throw new CephError("timedOut", command.prefix, "no answer");
      case "garbage":
        await act().catch(() => {});
        // cut off in the middle
        await process.reach(undefined);
        return decodeAnswer(command, { ret: 0, out: '{"half":[{"an', outs: "" }) as T;
      case "slow": {
        const answer = act();
        answer.catch(() => {});
        await process.clock.sleep(20_000);
        return process.reach(await answer);
      }
    }
  };
  return {
    connect: (identity) => {
      const inner = connector.connect(identity);
      return { command: (command, options) => run(inner, command, options), close: () => inner.close() };
    },
    release: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
