import { isIP } from "node:net";
import { cephFacts, type OptionFact } from "./ceph-facts.ts";
import { monVersion, refuse, type SimCall } from "./sim-command.ts";

/** Whose setting it is; refused where Ceph knows no such section or mask. */
export function parseOwner(call: SimCall, who: string): { readonly section: string; readonly mask: string } {
  const isMask = (part: string) => part.includes(":");
  const sections = who.split("/").filter((part) => !isMask(part));
  const [section = ""] = sections;
  if (sections.length !== 1 || !/^(global|(mon|mgr|osd|mds|client)(\..*)?)$/.test(section))
    throw refuse(call, "EINVAL", `unrecognized config target '${who}'`);
  return { section, mask: who.split("/").filter(isMask).join("/") };
}

/** The value as Ceph keeps it; refused where there is no such option, or the value is none for it. */
export function parseSetting(call: SimCall, name: string, value: string): string {
  const option = cephFacts(monVersion(call)).option(name);
  if (option === undefined) {
    if (call.command["force"] === true) return value;
    throw refuse(call, "EINVAL", `unrecognized config option '${name}'`);
  }
  if (option.isElsewhere) throw refuse(call, "EINVAL", `${name} is special and cannot be stored by the mon`);
  const parsed = parseValue(option, value);
  if ("why" in parsed) throw refuse(call, "EINVAL", `error parsing value: ${parsed.why}`);
  return parsed.value;
}

type Parsed = { readonly value: string } | { readonly why: string };

function parseValue(option: OptionFact, value: string): Parsed {
  const number = parseNumber(option, value);
  if (number !== undefined) return "why" in number ? number : (outOfRange(option, number.value) ?? number);
  const { type, words } = option;
  if (type === "bool") {
    if (/^(true|false)$/i.test(value)) return { value: value.toLowerCase() };
    return /^-?\d+$/.test(value) ? { value: String(Number(value) !== 0) } : { why: `Expected option value to be integer, got '${value}'` };
  }
  if (words !== undefined)
    return words.includes(value) ? { value } : { why: `'${value}' is not one of the permitted values: ${words.join(", ")}` };
  if (type === "level") {
    if (!/^\d+(\/\d+)?$/.test(value)) return { why: "value must take the form N or N/M, where N and M are integers" };
    return { value: value.includes("/") ? value : `${value}/${value}` };
  }
  if (type === "addr" && value !== "" && isIP(value.replace(/^\[|\](:\d+)?$|:\d+$/g, "")) === 0) return { why: "" };
  return { value };
}

/** Undefined for an option that is no number. */
function parseNumber({ type }: OptionFact, value: string): Parsed | undefined {
  switch (type) {
    case "int":
    case "uint":
      if (value === "") return { why: "strict_sistrtoll: value not specified" };
      if (!/^-?\d+$/.test(value)) return { why: "strict_si_cast: unit prefix not recognized" };
      return type === "uint" && value.startsWith("-")
        ? { why: "strict_sistrtoll: value should not be negative" }
        : { value: String(Number(value)) };
    case "size": {
      const bytes = parseBytes(value);
      return bytes === undefined ? { why: `strict_iecstrtoll: unit prefix not recognized in '${value}'` } : { value: String(bytes) };
    }
    case "float":
      if (value.trim() === "" || Number.isNaN(Number(value))) return { why: `strict_strtod: expected double, got: '${value}'` };
      return { value: Number(value).toFixed(6) };
    case "secs":
    case "millisecs":
      return parseTime(type, value);
    default:
      return undefined;
  }
}

function outOfRange({ type, min, max }: OptionFact, value: string): Parsed | undefined {
  if (type === "secs" || type === "millisecs") return undefined;
  if (min !== undefined && Number(value) < min) return { why: `Value '${value}' is below minimum ${min}` };
  return max !== undefined && Number(value) > max ? { why: `Value '${value}' exceeds maximum ${max}` } : undefined;
}

/** `4Gi`, `4G`, `4096B`: all by 1024. Undefined: no number of bytes. */
export function parseBytes(value: string): number | undefined {
  const [, amount = "", unit = ""] = /^(\d+)([KMGTPE]?)(i?B?)$/.exec(value) ?? [];
  return amount === "" ? undefined : Number(amount) * 1024 ** " KMGTPE".indexOf(unit || " ");
}

const seconds: readonly (readonly [RegExp, number])[] = [
  [/^(s|secs?|seconds?)$/, 1],
  [/^(m|mins?|minutes?)$/, 60],
  [/^(h|hrs?|hours?)$/, 3600],
  [/^(d|days?)$/, 86_400],
  [/^(w|wks?|weeks?)$/, 604_800],
  [/^(mo|months?)$/, 2_629_746],
  [/^(y|yrs?|years?)$/, 31_556_952],
];

/** Seconds of `1h 5m`; a reason where it is no time. */
export function parseSeconds(value: string): number | { readonly why: string } {
  if (/^\d+$/.test(value)) return Number(value);
  let total = 0;
  let rest = value.trim();
  while (rest !== "") {
    const [all = "", amount = "", unit = ""] = /^(\d+)\s*([a-z]*)\s*/i.exec(rest) ?? [];
    if (amount === "") return { why: "expected digit" };
    const factor = unit === "" ? 1 : seconds.find(([words]) => words.test(unit))?.[1];
    if (factor === undefined) return { why: `unrecogized unit '${unit}'` };
    total += Number(amount) * factor;
    rest = rest.slice(all.length);
  }
  return value.trim() === "" ? { why: "expected digit" } : total;
}

function parseTime(type: "secs" | "millisecs", value: string): Parsed {
  if (type === "millisecs") return /^\d+$/.test(value) ? { value } : { why: "expected digit" };
  const time = parseSeconds(value);
  return typeof time === "number" ? { value: String(time) } : time;
}
