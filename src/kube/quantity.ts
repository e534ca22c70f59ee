const factors: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/**
 * A Kubernetes quantity (`1500m`, `1Gi`, `2e3`) as a number; undefined for what is none.
 *
 * @example parseQuantity("1500m") // 1.5
 */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text.trim());
  const factor = factors[match?.[2] ?? "none"];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}

/**
 * Whether two quantities, as text or number, are the same amount.
 *
 * @example sameQuantity("1Gi", "1024Mi") // true
 */
export function sameQuantity(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isScalar(left) || !isScalar(right)) return false;
  const [a, b] = [parseQuantity(String(left)), parseQuantity(String(right))];
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Math.abs(a) * 1e-12;
}

function isScalar(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
