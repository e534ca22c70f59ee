import { type Causes, invalid, required } from "./cause.ts";

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dns1035Pattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedPattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const portNamePattern = /^[-a-z0-9]+$/;

/** RFC 1123 label: `rook-ceph`, 63 characters at most. */
export function isLabel(text: string): boolean {
  return text.length <= 63 && labelPattern.test(text);
}

/** RFC 1035 label: as `isLabel`, and it begins with a letter. */
export function isServiceName(text: string): boolean {
  return text.length <= 63 && dns1035Pattern.test(text);
}

/** RFC 1123 subdomain: labels with dots between, 253 characters at most. */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && subdomainPattern.test(text);
}

/** `app`, `ceph.rook.io/name`: keys of labels, annotations, finalizers. */
export function isQualifiedName(text: string): boolean {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2 || name.length > 63 || !qualifiedPattern.test(name)) return false;
  return parts.length === 1 || isSubdomain(parts[0] ?? "");
}

export function isLabelValue(text: string): boolean {
  return text.length <= 63 && labelValuePattern.test(text);
}

/** Keys of Secrets and ConfigMaps. */
export function isDataKey(text: string): boolean {
  return text.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(text) && text !== "." && !text.startsWith("..");
}

/** Names of variables: any printable ASCII but `=`. */
export function isVariableName(text: string): boolean {
  return text !== "" && /^[ -<>-~]+$/.test(text);
}

/** IANA service names: names of ports. */
export function isPortName(text: string): boolean {
  return text.length <= 15 && portNamePattern.test(text) && /[a-z]/.test(text) && !/^-|-$|--/.test(text);
}

/** A name of a container, volume or port of a Service, which is a label and has to be there. */
export function* labelNamed(field: string, name: string | undefined): Causes {
  if (name === undefined || name === "") yield required(field);
  else if (!isLabel(name))
    yield invalid(field, name, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'");
}

/** Keys and values of labels, or of a selector by labels. */
export function* labelsOf(labels: Readonly<Record<string, string>> | undefined, field: string): Causes {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!isQualifiedName(key)) yield invalid(field, key, "name part must consist of alphanumeric characters, '-', '_' or '.'");
    if (!isLabelValue(value)) yield invalid(field, value, "a valid label must be an empty string or consist of alphanumeric characters");
  }
}
