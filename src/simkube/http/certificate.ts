import { generate } from "selfsigned";

/** A certificate for loopback, signed by itself, with its key; both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A new certificate, valid for a year from `now` (milliseconds since 1970). */
export async function makeCertificate(now: number): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "simulated-kubernetes" }], {
    keyType: "ec",
    notBeforeDate: new Date(now - 60_000),
    notAfterDate: new Date(now + 365 * 86_400_000),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { cert, key };
}
