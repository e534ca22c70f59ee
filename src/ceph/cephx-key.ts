/** How a key encrypts: `aes` is AES-128, `aes256k` is AES-256 with HMAC, which only newer Ceph knows (`knowsAes256k`). */
export type CephxKeyType = "aes" | "aes256k";

const types: Readonly<Record<CephxKeyType, { code: number; length: number }>> = {
  aes: { code: 1, length: 16 },
  aes256k: { code: 2, length: 32 },
};

const headerLength = 12;

/** A new cephx key in Ceph's text form: base64 of a little-endian header (type, seconds, nanoseconds, length) and the secret. */
export function makeCephxKey(input: {
  readonly type: CephxKeyType;
  /** Gives `n` bytes fit for a secret. */
  readonly random: (n: number) => Uint8Array;
  /** When it is made, in seconds since 1970. Ceph only shows it. */
  readonly nowSeconds: number;
}): string {
  const { code, length } = types[input.type];
  const header = Buffer.alloc(headerLength);
  header.writeUInt16LE(code, 0);
  header.writeUInt32LE(Math.floor(input.nowSeconds), 2);
  header.writeUInt16LE(length, 10);
  return Buffer.concat([header, input.random(length)]).toString("base64");
}

/** The type of a cephx key; undefined where it is no key of a known type. */
export function cephxKeyType(key: string): CephxKeyType | undefined {
  const bytes = Buffer.from(key, "base64");
  if (bytes.length < headerLength) return undefined;
  const code = bytes.readUInt16LE(0);
  const length = bytes.readUInt16LE(10);
  if (bytes.length !== headerLength + length) return undefined;
  return (["aes", "aes256k"] as const).find((type) => types[type].code === code && types[type].length === length);
}
