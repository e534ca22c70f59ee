/**
 * A device filter as Go and Python write it; the script in the Pod is what applies it.
 *
 * @throws SyntaxError where it is none
 */
export function toRegExp(pattern: string): RegExp {
  const [prefix = "", flags = ""] = /^\(\?([imsU]+)\)/.exec(pattern) ?? [];
  return new RegExp(pattern.slice(prefix.length).replaceAll("(?P<", "(?<"), flags.replaceAll(/[^ims]/g, ""));
}
