import type { Ceph, CephCommandOptions } from "../ceph.ts";

/** One setting in the mons' store. */
export interface ConfigSetting {
  /** `global`, a type (`osd`) or a daemon (`osd.3`). */
  readonly section: string;
  readonly name: string;
  /** As Ceph writes it, which may differ from what was set: `1G` becomes 1073741824, `1` becomes true. */
  readonly value: string;
  /** `host:node1` or `class:ssd`, or both with a slash; empty: everywhere. */
  readonly mask: string;
  readonly level: string;
  readonly can_update_at_runtime: boolean;
}

export function configDump(ceph: Ceph, options?: CephCommandOptions): Promise<ConfigSetting[]> {
  return ceph.command({ prefix: "config dump" }, options);
}

/** `who` as `config set` takes it: the section, with the mask behind a slash. */
export function settingOwner(setting: Pick<ConfigSetting, "section" | "mask">): string {
  return setting.mask === "" ? setting.section : `${setting.section}/${setting.mask}`;
}

/** Sets an option. `EINVAL` where Ceph does not know it, unless `force`, or its value is of the wrong form. */
export async function configSet(
  ceph: Ceph,
  who: string,
  name: string,
  value: string,
  options: { readonly force?: boolean } = {},
): Promise<void> {
  await ceph.command({ prefix: "config set", who, name, value, ...options });
}

/** Removes a setting; one that is not there is no error. */
export async function configRemove(ceph: Ceph, who: string, name: string): Promise<void> {
  await ceph.command({ prefix: "config rm", who, name });
}
