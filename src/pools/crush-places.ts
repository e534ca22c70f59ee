import type { CrushMap, CrushRule } from "../ceph/commands/crush.ts";

/** Where a rule puts what it places. */
export interface Places {
  readonly root: string;
  /** Undefined: any. */
  readonly deviceClass: string | undefined;
  /** The type of bucket that copies or chunks are spread over: the widest where there are several. */
  readonly failureDomain: string;
}

/** Where a rule puts things; undefined for a rule of a form that is not known, or that puts copies below several buckets. */
export function placesOf({ steps }: CrushRule): Places | undefined {
  const [taken, ...more] = steps.flatMap(({ op, item_name }) => (op === "take" ? [item_name] : []));
  if (more.length > 0) return undefined;
  const chosen = failureDomainOf({ steps });
  if (taken === undefined || chosen === undefined) return undefined;
  const [root = taken, deviceClass] = taken.split("~");
  return { root, deviceClass, failureDomain: chosen };
}

/** The type of bucket that a rule spreads copies or chunks over: the widest where there are several; undefined for a rule of an unknown form. */
export function failureDomainOf({ steps }: Pick<CrushRule, "steps">): string | undefined {
  return steps.find(({ op, type }) => op.startsWith("choose") && type !== undefined)?.type;
}

/** Whether a rule puts each copy into a failure domain of its own: it takes and chooses once. */
export function isPlain({ steps }: CrushRule): boolean {
  return ["take", "choose"].every((op) => steps.filter((step) => step.op.startsWith(op)).length === 1);
}

/** Whether there is a bucket of this name that things can be placed below. */
export function hasRoot(crush: CrushMap, root: string): boolean {
  return crush.buckets.some(({ name }) => name === root);
}

/** How many failure domains there are for these places, each with at least `osds` OSDs. */
export function countDomains(crush: CrushMap, { root, deviceClass, failureDomain }: Places, osds = 1): number {
  const buckets = new Map(crush.buckets.map((bucket) => [bucket.id, bucket]));
  const classes = new Map(crush.devices.map((device) => [device.id, device.class]));
  const osdsBelow = (id: number): number => {
    if (id >= 0) return deviceClass === undefined || classes.get(id) === deviceClass ? 1 : 0;
    return (buckets.get(id)?.items ?? []).reduce((sum, item) => sum + osdsBelow(item.id), 0);
  };
  const count = (id: number): number => {
    const isDomain = id >= 0 ? failureDomain === "osd" : buckets.get(id)?.type_name === failureDomain;
    if (isDomain) return osdsBelow(id) >= (id >= 0 ? 1 : osds) ? 1 : 0;
    return (buckets.get(id)?.items ?? []).reduce((sum, item) => sum + count(item.id), 0);
  };
  const top = crush.buckets.find(({ name }) => name === root);
  return top === undefined ? 0 : count(top.id);
}
