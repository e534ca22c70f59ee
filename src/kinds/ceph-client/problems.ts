import type { SpecProblem } from "../../resource/child-kind.ts";
import { type CephClient, userOf } from "./ceph-client.ts";
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
