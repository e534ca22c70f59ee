import { readdirSync, readFileSync } from "node:fs";

/** The scripts that Pods run, by the names of their files below `src`. */
export function scriptFiles(src: URL): ReadonlyMap<string, string> {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.(py|sh)$/.test(file));
  return new Map(files.map((file) => [file.split("/").at(-1) ?? file, readFileSync(new URL(file, src), "utf8")]));
}
