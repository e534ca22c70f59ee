import type { Trouble } from "./trouble.ts";

/** What helps against each refusal of the API server to make a Pod, by its words. */
const remedies: readonly (readonly [words: RegExp, help: string])[] = [
  [
    /service ?account/i,
    "make the service account: manifests/common.yaml has those of namespace rook-ceph, and every other namespace needs its own",
  ],
  [/exceeded quota|must specify/i, "raise the namespace's ResourceQuota, or set the resources in the spec so that they fit"],
  [/PriorityClass/, "make that PriorityClass, or correct priorityClassNames in the spec"],
  [/violates PodSecurity/, "let the namespace run privileged Pods: label it pod-security.kubernetes.io/enforce=privileged"],
  [/(maximum|minimum) .* usage|LimitRange/i, "change the namespace's LimitRange, or the resources in the spec"],
  [/admission webhook|admission policy/i, "change that policy, or exempt the namespace from it"],
];

/** The trouble of something that gets no Pod, since the API server refuses it with these words. */
export function creationTrouble(message: string, since: number | undefined): Trouble {
  return {
    what: "gets no Pod",
    since,
    // the name of a Pod that there is not would only differ with every try
    detail: message.replace(/^(Error creating: )?(pods "[^"]*" is forbidden: )?/, ""),
    help: remedies.find(([words]) => words.test(message))?.[1] ?? "cure what it names; Kubernetes tries again by itself",
  };
}
