const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50, e: 2 ** 60 };

/** Whether two option values mean the same: Ceph shows `True` for `true`, `1073741824` for `1G`, `0.050000` for `.05`. */
export function sameValue(left: string, right: string): boolean {
  return left === right || normal(left) === normal(right);
}

function normal(value: string): string {
  const text = value.trim().toLowerCase();
  const match = /^(-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([kmgtpe]?)(?:ib?|b)?$/.exec(text);
  const unit = units[match?.[2] ?? ""];
  return match?.[1] !== undefined && unit !== undefined ? String(Number(match[1]) * unit) : text;
}
