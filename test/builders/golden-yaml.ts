import { Document, isMap, isScalar } from "yaml";
import type { KubeObject } from "../../src/kube/object.ts";

/**
 * An object as its golden file has it: as it was built, but that a script which has a file of its own is only named, `<mon.sh>`, and what
 * a Secret says in base64 is there in plain words as well.
 */
export function goldenYaml(object: KubeObject, scripts: ReadonlyMap<string, string>): string {
  const document = new Document(namingScripts(object, scripts), { aliasDuplicateObjects: false });
  const data = document.get("data");
  if (object.kind === "Secret" && isMap(data))
    for (const { key, value } of data.items)
      if (isScalar(key) && isScalar(value)) key.commentBefore = asComment(Buffer.from(String(value.value), "base64").toString());
  return document.toString({ lineWidth: 0, blockQuote: "literal" });
}

/** `object` with the names of scripts in their places. */
export function namingScripts(object: KubeObject, scripts: ReadonlyMap<string, string>): unknown {
  const nameAll = (text: string) => [...scripts].reduce((left, [file, script]) => left.replaceAll(script, `<${file}>`), text);
  return JSON.parse(JSON.stringify(object), (_key, value: unknown) => (typeof value === "string" ? nameAll(value) : value));
}

const asComment = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => ` ${line.replaceAll("\t", "  ")}`)
    .join("\n");
