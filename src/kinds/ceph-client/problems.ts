import { isDnsSubdomain } from "../../kube/dns-names.ts";
import type { SpecProblem } from "../../resource/child-kind.ts";
import { type CephClient, secretNameOf, userOf } from "./ceph-client.ts";
import { isReservedUser } from "./is-reserved-user.ts";

/** Types of daemons that capabilities are given for. */
const services: readonly string[] = ["mon", "mgr", "osd", "mds"];

/** What the schema cannot tell of a CephClient, and what would be right. */
export function clientProblems(client: CephClient): SpecProblem[] {
  const problems: SpecProblem[] = [];
  const name = userOf(client);
  const { caps } = client.spec;
  if (isReservedUser(name))
    problems.push({
      field: "name",
      value: name,
      message: "Ceph or the operator needs the user of this name; choose another name, in spec.name or metadata.name",
    });
  else if (!/^[-._a-zA-Z0-9]{1,253}$/.test(name))
    problems.push({
      field: "name",
      value: name,
      message: "the user's Secret has a key of this name, which may have letters, digits, -, _ and . only, 253 at most; choose such a name",
    });
  const secretName = secretNameOf(client);
  if (!isDnsSubdomain(secretName))
    problems.push({
      field: "secretName",
      value: secretName,
      message: "a Secret's name may have lower-case letters, digits, - and . only, 253 at most, and begins and ends with a letter or digit",
    });
  if (Object.keys(caps).length === 0)
    problems.push({ field: "caps", value: caps, message: "a user needs at least one capability, such as mon: allow r" });
  for (const [service, cap] of Object.entries(caps)) {
    if (!services.includes(service))
      problems.push({ field: `caps.${service}`, value: cap, message: `capabilities are given for ${services.join(", ")}` });
    else if (cap.trim() === "")
      problems.push({ field: `caps.${service}`, value: cap, message: "it must say what is allowed, such as allow r" });
  }
  return problems;
}
