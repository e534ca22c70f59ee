/**
 * A regular expression as Go and Python write it, which other users of these fields have.
 *
 * @throws SyntaxError where it is none
 */
export function toRegExp(pattern: string): RegExp {
  const [prefix = "", flags = ""] = /^\(\?([imsU]+)\)/.exec(pattern) ?? [];
  return new RegExp(pattern.slice(prefix.length).replaceAll("(?P<", "(?<"), flags.replaceAll(/[^ims]/g, ""));
}
