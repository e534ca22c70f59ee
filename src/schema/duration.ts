/** Milliseconds by the units of Go, whose way of writing durations Kubernetes has. */
const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration such as `45s`, `1h30m` or `0` in milliseconds; undefined for what is none. Negative ones are none: nothing here can take one. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([a-zµμ]+)/g)) sum += Number(amount) * (units[unit ?? ""] ?? 0);
  return sum;
}
