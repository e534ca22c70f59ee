import type { CephAnswer } from "../answer.ts";
import type { CephIdentity } from "../ceph.ts";
import type { CephTarget } from "../target.ts";
import { guestOptions, requiredOptions } from "./options.ts";
import type { Rados, RadosHandle } from "./rados.ts";

/**
 * One native connection, from its making to its freeing.
 *
 * Guarantees: the handle is freed once, after every call on it has returned; nothing is called on it after that.
 */
export class RadosSession {
  /** 0 once connected, or the negated errno why not; what the library threw rejects. */
  readonly connected: Promise<number>;
  readonly #handle: RadosHandle;
  readonly #calls = new Set<Promise<unknown>>();
  #retired: Promise<void> | undefined;

  /** Begins to connect. Throws where librados cannot make a handle. */
  constructor(rados: Rados, identity: CephIdentity) {
    this.#handle = rados.create(identity.user);
    this.connected = this.#track(this.#open(identity));
  }

  /** Sends a command. Only when connected and not retired. */
  command(target: CephTarget, json: string, input: string): Promise<CephAnswer> {
    return this.#track(this.#handle.command(target, json, input));
  }

  get retired(): boolean {
    return this.#retired !== undefined;
  }

  /** Takes no more commands, and frees the handle when the calls under way have returned. Resolves then; never rejects. */
  retire(): Promise<void> {
    this.#retired ??= Promise.allSettled(this.#calls).then(() => this.#handle.shutdown().catch(() => {}));
    return this.#retired;
  }

  async #open(identity: CephIdentity): Promise<number> {
    for (const [option, value] of Object.entries(guestOptions)) this.#handle.set(option, value);
    for (const [option, value] of Object.entries(requiredOptions(identity))) {
      const ret = this.#handle.set(option, value);
      if (ret < 0) return ret;
    }
    return this.#handle.connect();
  }

  #track<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    const forget = () => this.#calls.delete(call);
    call.then(forget, forget);
    return call;
  }
}
