/** One entity of a keyring: its name with the type (`client.admin`, `mon.`), key, and capabilities per service (`mon`: `allow r`). */
export interface KeyringEntry {
  readonly entity: string;
  readonly key: string;
  readonly caps: Readonly<Record<string, string>>;
}

/** The text of a keyring file, as `ceph auth export` writes it. */
export function renderKeyring(entries: readonly KeyringEntry[]): string {
  return entries
    .map(({ entity, key, caps }) => {
      const lines = Object.entries(caps).map(([service, cap]) => `\tcaps ${service} = "${cap.replaceAll('"', '\\"')}"\n`);
      return `[${entity}]\n\tkey = ${key}\n${lines.join("")}`;
    })
    .join("");
}

/** Reads a keyring file. Lines that are not understood are left out, and so are entities without a key. */
export function parseKeyring(text: string): KeyringEntry[] {
  const entries: { entity: string; key: string; caps: Record<string, string> }[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const section = /^\[(.+)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      entries.push({ entity: section.trim(), key: "", caps: {} });
      continue;
    }
    const entry = entries.at(-1);
    const setting = /^([^=#;]+?)\s*=\s*(.*)$/.exec(line);
    if (entry === undefined || setting === null) continue;
    const [, name = "", value = ""] = setting;
    const service = /^caps\s+(\S+)$/.exec(name)?.[1];
    if (name === "key") entry.key = unquote(value);
    else if (service !== undefined) entry.caps[service] = unquote(value);
  }
  return entries.filter((entry) => entry.key !== "");
}

function unquote(value: string): string {
  const quoted = /^"(.*)"$/.exec(value.trim())?.[1];
  return quoted === undefined ? value.trim() : quoted.replaceAll('\\"', '"');
}
