import { cephxKeyType, makeCephxKey } from "../../src/ceph/cephx-key.ts";

/** Replaces what is secret or long: each key by a stand-in of the same type, always the same one; passwords; scripts. */
export function createScrubber(): (value: unknown) => unknown {
  const standIns = new Map<string, string>();
  const standIn = (key: string): string => {
    const known = standIns.get(key);
    if (known !== undefined) return known;
    const type = cephxKeyType(key);
    if (type === undefined) return key;
    const made = makeCephxKey({ type, random: (n) => new Uint8Array(n).fill(standIns.size + 1), nowSeconds: 0 });
    standIns.set(key, made);
    return made;
  };
  const inText = (text: string): string => text.replaceAll(/\bA[A-Za-z0-9+/]{30,}={0,2}/g, standIn);
  const scrub = (value: unknown, field = "", isSecret = false): unknown => {
    if (typeof value === "string") {
      if (field === "password") return isSecret ? Buffer.from("a-password").toString("base64") : "a-password";
      if (!isSecret) return value.length > 400 && value.includes("\n") ? "<script>" : inText(value);
      return Buffer.from(inText(Buffer.from(value, "base64").toString())).toString("base64");
    }
    if (Array.isArray(value)) return value.map((item) => scrub(item, field, isSecret));
    if (typeof value !== "object" || value === null) return value;
    const isData = (value as { kind?: unknown }).kind === "Secret";
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, scrub(each, name, isSecret || (isData && name === "data"))]),
    );
  };
  return (value) => scrub(value);
}
