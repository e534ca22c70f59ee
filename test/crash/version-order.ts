import { type CephVersion, compareCephVersions, parseCephVersion } from "../../src/ceph/ceph-version.ts";
import { daemonImages } from "../../src/daemons/image/daemon-images.ts";
import { updatedTypes } from "../../src/kinds/ceph-cluster/common/daemon-types.ts";
import { Deployment } from "../../src/kube/kinds.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { Change } from "../../src/simkube/api/change-log.ts";

/**
 * What a Deployment's change makes newer than it may be: a mgr or an OSD newer than any mon, an OSD newer than any mgr; whether by what the
 * others are made to run, or by what they do run.
 */
export function versionsOutOfOrder(sim: SimCluster, { type, object, before }: Change): string[] {
  if (type === "deleted") return [];
  const [made] = daemonImages([object], updatedTypes);
  const [was] = daemonImages(before === undefined ? [] : [before], updatedTypes);
  if (made === undefined || made.image === was?.image) return [];
  const order = updatedTypes.map(({ type }) => type);
  const firsts = order.slice(0, order.indexOf(made.type));
  const deployments = sim.store.list(sim.store.resource(Deployment));
  const state = sim.ceph.state();
  const running: Readonly<Record<string, readonly { readonly name: string; readonly version: string }[]>> = {
    mon: state?.mons ?? [],
    mgr: state?.mgrs ?? [],
  };
  const others: { readonly what: string; readonly version: CephVersion }[] = [
    ...daemonImages(deployments, updatedTypes).map((each) => ({
      type: each.type,
      what: `${each.type}.${each.id} is to run`,
      version: each.version,
      label: each.label,
    })),
    ...firsts.flatMap((first) =>
      (running[first] ?? []).flatMap(({ name, version }) => {
        const parsed = parseCephVersion(version);
        return parsed === undefined ? [] : [{ type: first, what: `${first}.${name} runs`, version: parsed, label: version }];
      }),
    ),
  ]
    .filter((each) => firsts.includes(each.type))
    .map(({ what, label, version }) => ({ what: `${what} ${label}`, version }));
  return others
    .filter(({ version }) => compareCephVersions(made.version, version) > 0)
    .map(({ what }) => `${made.type}.${made.id} is made to run ${made.label} while ${what}`);
}
