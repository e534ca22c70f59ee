import type { CephAnswer } from "../answer.ts";
import type { CephTarget } from "../target.ts";

/** librados, as far as it is used; the seam at which tests put a fake. Every `ret` is 0 or more, or a negated errno. */
export interface Rados {
  /** A handle for this user (with the `client.`), not connected. Throws where librados cannot make one. */
  create(user: string): RadosHandle;
}

/** One `rados_t`. Each asynchronous call holds one of libuv's worker threads until librados returns. */
export interface RadosHandle {
  /** Sets one option; only before `connect`. */
  set(option: string, value: string): number;
  connect(): Promise<number>;
  /** Sends a command in its JSON form, with `input` as its data. */
  command(target: CephTarget, json: string, input: string): Promise<CephAnswer>;
  /** Frees the handle, connected or not. Only once no other call is under way; nothing may be called afterwards. */
  shutdown(): Promise<void>;
}
