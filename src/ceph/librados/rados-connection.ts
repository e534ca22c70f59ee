import type { Clock } from "../../kube/clock.ts";
import { connectError, decodeAnswer, encodeCommand } from "../answer.ts";
import type { CephCommand, CephCommandOptions, CephIdentity } from "../ceph.ts";
import { CephError } from "../ceph-error.ts";
import type { CachedConnection } from "../connection-cache.ts";
import { withinLimits } from "../limits.ts";
import { parseTarget } from "../target.ts";
import { createLane } from "./lane.ts";
import type { Rados } from "./rados.ts";
import { RadosSession } from "./rados-session.ts";

const ETIMEDOUT = 110;

/** How long `close` waits for librados to return from calls that nobody waits for any more. */
const closePatienceMs = 2_000;

/**
 * A cluster through librados.
 *
 * Guarantees: no caller is held longer than its time limit; an attempt to connect is shared by all who need it and outlives their
 * patience; one that failed is forgotten, so the next command tries again; after mons did not answer in time, the next command
 * connects anew. A cluster that does not answer holds at most three of libuv's worker threads, of which the operator's image has 128.
 */
export class RadosConnection implements CachedConnection {
  readonly #rados: () => Rados;
  readonly #clock: Clock;
  readonly #identity: CephIdentity;
  readonly #onConnected: () => void;
  readonly #closing = new AbortController();
  readonly #mons = createLane(2);
  readonly #daemons = createLane(1);
  readonly #retiring = new Set<Promise<void>>();
  #session: RadosSession | undefined;

  constructor(input: { rados: () => Rados; clock: Clock; identity: CephIdentity; onConnected: () => void }) {
    this.#rados = input.rados;
    this.#clock = input.clock;
    this.#identity = input.identity;
    this.#onConnected = input.onConnected;
  }

  async command<T>(command: CephCommand, options: CephCommandOptions = {}): Promise<T> {
    const limits = { ...options, closing: this.#closing.signal };
    return (await withinLimits(this.#clock, command.prefix, limits, (givenUp) => this.#send(command, options, givenUp))) as T;
  }

  /** Whether `close` was called: it takes no more commands. */
  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the connection is closed"));
    if (this.#session !== undefined) this.#retire(this.#session);
    if (this.#retiring.size === 0) return;
    const patience = new AbortController();
    await Promise.race([Promise.all(this.#retiring), this.#clock.sleep(closePatienceMs, patience.signal).catch(() => {})]);
    patience.abort();
  }

  async #send(command: CephCommand, options: CephCommandOptions, givenUp: AbortSignal): Promise<unknown> {
    const target = parseTarget(options.target);
    const lane = target.type === "mon" ? this.#mons : this.#daemons;
    // connecting takes no place in a lane: there is one attempt at a time, whoever waits for it
    const session = await this.#connected(command.prefix);
    const answer = await lane(givenUp, () => {
      if (session.retired) throw new CephError("unreachable", command.prefix, "the connection was lost");
      return session.command(target, encodeCommand(command), options.input ?? "");
    });
    if (answer.ret === -ETIMEDOUT && target.type === "mon") this.#retire(session);
    return decodeAnswer(command, answer);
  }

  async #connected(prefix: string): Promise<RadosSession> {
    const session = this.#session ?? this.#open(prefix);
    let ret: number;
    try {
      ret = await session.connected;
    } catch (cause) {
      throw new CephError("unreachable", prefix, cause instanceof Error ? cause.message : "librados failed", { cause });
    }
    if (ret < 0) throw connectError(prefix, ret);
    return session;
  }

  #open(prefix: string): RadosSession {
    let session: RadosSession;
    try {
      session = new RadosSession(this.#rados(), this.#identity);
    } catch (cause) {
      throw new CephError("unreachable", prefix, cause instanceof Error ? cause.message : "librados failed", { cause });
    }
    this.#session = session;
    session.connected.then(
      (ret) => (ret < 0 ? this.#retire(session) : this.#onConnected()),
      () => this.#retire(session),
    );
    return session;
  }

  #retire(session: RadosSession): void {
    if (this.#session === session) this.#session = undefined;
    const done = session.retire();
    this.#retiring.add(done);
    void done.then(() => this.#retiring.delete(done));
  }
}
