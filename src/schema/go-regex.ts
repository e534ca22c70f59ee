import { RE2JS } from "re2js";

/**
 * A regular expression in Go's language, in which Rook reads it, as a question about texts; it may match anywhere in them. The time
 * that it takes grows with the text alone: a pattern of one cluster holds up no other.
 *
 * @throws RE2JSException where the pattern is none, in Go's own words
 * @example goRegex("^active\\+clean$")("active+clean") // true
 */
export function goRegex(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern);
  return (text) => compiled.test(text);
}
