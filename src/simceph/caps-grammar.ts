/** What may stand in the capabilities of each service, one grant; see the manual page of ceph-authtool and Ceph's user management. */
const word = String.raw`(?:"[^"]*"|'[^']*'|[\w./*-]+)`;
const equals = String.raw`\s*=\s*`;
const pair = String.raw`\w+(?:${equals}|\s+prefix\s+)${word}`;
const network = String.raw`(?:\s+network\s+[0-9a-fA-F.:]+/\d+)?`;
const rwx = String.raw`(?:all|\*|[rwx]+)`;
const poolOrTag = String.raw`(?:pool(?:${equals}|\s+)${word}|namespace(?:${equals}|\s+)${word}|object_prefix\s+${word}|tag\s+${word}\s+[\w*]+${equals}${word})`;
const osdRight = String.raw`(?:all|\*|class-read|class-write|class\s+${word}(?:\s+${word})?|(?:[rwx]+))`;
const mdsRight = String.raw`(?:all|\*|r[wpfs]*)`;
const mdsPlace = String.raw`(?:path${equals}${word}|fsname${equals}${word}|root_squash|uid${equals}\d+|gids${equals}[\d,]+)`;

const grammars: Readonly<Record<string, readonly RegExp[]>> = {
  mon: [
    `allow\\s+${rwx}${network}`,
    `allow\\s+(?:service|profile)(?:\\s+|${equals})${word}(?:\\s+${rwx})?${network}`,
    `allow\\s+command(?:\\s+|${equals})${word}(?:\\s+with\\s+${pair}(?:\\s+${pair})*)?${network}`,
    `allow\\s+fsname${equals}${word}(?:\\s+${rwx})?${network}`,
    `allow\\s+${rwx}\\s+fsname${equals}${word}${network}`,
    `profile(?:\\s+|${equals})${word}${network}`,
  ].map(whole),
  mgr: [
    `allow\\s+${rwx}${network}`,
    `allow\\s+(?:service|module)(?:\\s+|${equals})${word}(?:\\s+with\\s+${pair}(?:\\s+${pair})*)?\\s+${rwx}${network}`,
    `allow\\s+profile(?:\\s+|${equals})${word}(?:\\s+${pair})*${network}`,
    `allow\\s+command(?:\\s+|${equals})${word}(?:\\s+with\\s+${pair}(?:\\s+${pair})*)?${network}`,
    `profile(?:\\s+|${equals})${word}(?:\\s+${pair})*${network}`,
  ].map(whole),
  osd: [
    `allow(?:\\s+${poolOrTag})*(?:\\s+${osdRight})+${network}`,
    `allow(?:\\s+${osdRight})+(?:\\s+${poolOrTag})+${network}`,
    `profile(?:\\s+|${equals})${word}(?:\\s+(?:pool|namespace)(?:${equals}|\\s+)${word})*${network}`,
  ].map(whole),
  // the old form by itself is every right, as daemons have it
  mds: ["allow", `allow\\s+${mdsRight}(?:\\s+${mdsPlace})*${network}`, `allow(?:\\s+${mdsPlace})+(?:\\s+${mdsRight})?${network}`].map(
    whole,
  ),
};

/** What Ceph says against the capabilities of one service; undefined: it takes them. */
export function refusedCaps(service: string, caps: string): string | undefined {
  const grammar = grammars[service];
  if (grammar === undefined) return `unknown cap type '${service}'`;
  const bad = grantsOf(caps).find((grant) => !grammar.some((form) => form.test(grant)));
  if (bad === undefined) return undefined;
  if (service === "mds" && /^allow\s+\w/.test(bad))
    return "Permission flags in MDS capability string must be '*' or 'all' or must start with 'r'";
  return `${service} capability parse failed, stopped at '${bad}' of '${caps}'`;
}

/** Grants are kept apart by commas and semicolons, but for those in quotes and between numbers of groups. */
function grantsOf(caps: string): string[] {
  return caps
    .split(/[,;](?!\d)(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((grant) => grant.trim())
    .filter((grant, index, all) => grant !== "" || index < all.length - 1);
}

function whole(form: string): RegExp {
  return new RegExp(`^${form}$`);
}
