import { createHash } from "node:crypto";

/** What is chance elsewhere: the same in each run, and never the same twice. */
export interface Determined {
  readonly uid: () => string;
  readonly bytes: (count: number) => Uint8Array;
  /** How many things by chance there have been. */
  readonly serial: () => number;
}

/** Goes on after `serial` things by chance. */
export function createDetermined(serial = 0): Determined {
  let last = serial;
  return {
    uid: () => {
      const hex = createHash("sha1").update(String(++last)).digest("hex");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    bytes: (count) => {
      last += 1;
      const out = new Uint8Array(count);
      for (let offset = 0; offset < count; offset += 20)
        out.set(
          createHash("sha1")
            .update(`${last}/${offset}`)
            .digest()
            .subarray(0, Math.min(20, count - offset)),
          offset,
        );
      return out;
    },
    serial: () => last,
  };
}
