import { parseBytes } from "./config-rules.ts";
import { bucketTypes } from "./osd-answers.ts";
import { refuse, type SimCall } from "./sim-command.ts";

/** Plugins with their techniques. */
const plugins: Readonly<Record<string, readonly string[]>> = {
  jerasure: ["reed_sol_van", "reed_sol_r6_op", "cauchy_orig", "cauchy_good", "liberation", "blaum_roth", "liber8tion"],
  isa: ["reed_sol_van", "cauchy"],
  clay: ["reed_sol_van", "reed_sol_r6_op", "cauchy_orig", "cauchy_good", "liber8tion", "cauchy"],
  shec: ["single", "multiple"],
  lrc: [],
};

/** Refuses an erasure code profile that its plugin does not take. Whether root and class are there, only the pool's rule shows. */
export function checkProfile(call: SimCall, profile: Readonly<Record<string, string>>): void {
  const { plugin = "", technique = "" } = profile;
  const techniques = plugins[plugin];
  if (techniques === undefined) throw refuse(call, "EIO", `load dlopen(libec_${plugin}.so): cannot open shared object file`);
  if (techniques.length > 0 && technique !== "" && !techniques.includes(technique))
    throw refuse(
      call,
      "ENOENT",
      `technique=${technique} is not a valid coding technique. Choose one of the following: ${techniques.join(", ")}`,
    );
  for (const [name, least] of [
    ["k", 2],
    ["m", 1],
  ] as const) {
    const value = profile[name] ?? String(least);
    if (!/^-?\d+$/.test(value)) throw refuse(call, "EINVAL", `could not convert ${name}=${value} to int`);
    if (Number(value) < least && plugin !== "lrc") throw refuse(call, "EINVAL", `${name}=${value} must be >= ${least}`);
  }
  const domain = profile["crush-failure-domain"] ?? "host";
  if (domain !== "osd" && bucketTypes[domain] === undefined)
    throw refuse(call, "EINVAL", `erasure-code-profile contains an invalid failure-domain "${domain}"`);
  checkStripeUnit(call, profile["stripe_unit"]);
}

/** A chunk is a multiple of 32 bytes for each of the plugins. */
function checkStripeUnit(call: SimCall, unit: string | undefined): void {
  if (unit === undefined) return;
  const bytes = parseBytes(unit);
  if (bytes === undefined) throw refuse(call, "EINVAL", `could not parse stripe_unit '${unit}'`);
  if (bytes % 32 !== 0) throw refuse(call, "EINVAL", `stripe_unit ${bytes} does not match ec profile alignment`);
}
