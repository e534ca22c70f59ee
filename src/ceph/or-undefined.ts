import { isCephError } from "./ceph-error.ts";

/** Milliseconds after which Ceph is asked again what it gave no answer to. */
export const unansweredAgainMs = 5_000;

/** The answer; undefined where Ceph gives none. */
export async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isCephError(error)) return undefined;
    throw error;
  }
}
