import type { PassResult } from "./pass-result.ts";

/** What a pass found, in one sentence. */
export interface Verdict {
  /** All that the spec asks for is so. */
  readonly isReady: boolean;
  /** The operator, Ceph or Kubernetes is at work. */
  readonly isProgressing: boolean;
  /** A user has to do something. */
  readonly isBlocked: boolean;
  readonly reason: string;
  readonly message: string;
}

/** Sentences for what no step says. */
interface Words {
  readonly done: { readonly reason: string; readonly message: string };
  readonly unsaid: { readonly reason: string; readonly message: string };
}

/** The limit that keeps a status readable; Kubernetes' own is 32,768. */
const longest = 1024;

/** The text, with an ellipsis in the place of what is too long for a status. */
export function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** One verdict from all steps: the first reason, and every open step's sentence. */
export function verdictOf({ outcomes, remarks = [], asides = [], deletion }: PassResult, { done, unsaid }: Words): Verdict {
  if (outcomes.length === 0 && deletion?.state === "blocked")
    return { isReady: false, isProgressing: false, isBlocked: false, reason: deletion.reason, message: cut(deletion.message) };
  const open = outcomes.filter((o) => o.state === "waiting" || o.state === "blocked");
  if (outcomes.every(({ state }) => state === "done"))
    return {
      isReady: true,
      isProgressing: false,
      isBlocked: false,
      reason: done.reason,
      message: cut([done.message, ...asides, ...remarks].join("; ")),
    };
  const sentences = [...new Set(open.map(({ message }) => message).filter((message) => message !== ""))];
  const [first] = open;
  return {
    isReady: false,
    isProgressing: first === undefined || open.some(({ state }) => state === "waiting"),
    isBlocked: open.some(({ state }) => state === "blocked"),
    reason: first?.reason ?? unsaid.reason,
    message: cut([sentences.join("; ") || unsaid.message, ...asides].join("; ")),
  };
}
