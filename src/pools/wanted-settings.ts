import type { PoolSpec } from "./pool-spec.ts";

/** Settings that the spec asks for, by the names that `ceph osd pool set` takes; the mode of autoscaling first, since others follow it. */
export function wantedSettings({ parameters, replicated, compressionMode }: PoolSpec): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  const mode = parameters?.["pg_autoscale_mode"];
  if (mode !== undefined) wanted.set("pg_autoscale_mode", mode);
  if (compressionMode) wanted.set("compression_mode", compressionMode);
  // its size is a field of its own, with which the parameter agrees
  for (const [name, value] of Object.entries(parameters ?? {})) if (name !== "size") wanted.set(name, value);
  if (replicated?.targetSizeRatio !== undefined && replicated.targetSizeRatio > 0)
    wanted.set("target_size_ratio", String(replicated.targetSizeRatio));
  return wanted;
}
