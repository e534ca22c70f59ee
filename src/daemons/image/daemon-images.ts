import { type CephVersion, parseCephVersion } from "../../ceph/ceph-version.ts";
import type { Deployment, Pod } from "../../kube/kinds.ts";
import type { DaemonType } from "../daemon-type.ts";
import { cephVersionLabel } from "../labels.ts";

/** An image, and the Ceph in it. */
export interface CephImage {
  readonly image: string;
  /** As in labels: 20.2.4-0. */
  readonly label: string;
  readonly version: CephVersion;
}

/** What a daemon is built with: an image, and the Ceph in it as in labels. */
export type BuiltImage = Pick<CephImage, "image" | "label">;

/** What a daemon's Deployment makes it run, whether or not it does yet. */
export interface DaemonImage extends CephImage {
  /** `mon` */
  readonly type: string;
  readonly id: string;
}

/**
 * The images of all daemons of these types that have a Deployment which says its version. Twins made for maintenance are none, nor is what Rook
 * makes only to see where a mon could run, and may have left.
 */
export function daemonImages(deployments: readonly Deployment[], types: readonly DaemonType[]): DaemonImage[] {
  const find = imageFinder(types);
  return deployments.flatMap((deployment) => find(deployment) ?? []);
}

/** The same of one Deployment at a time. */
export function imageFinder(types: readonly DaemonType[]): (deployment: Deployment) => DaemonImage | undefined {
  const find = daemonFinder(types);
  return (deployment) => {
    const [daemon, found] = [find(deployment), imageOfDeployment(deployment)];
    if (daemon === undefined || found === undefined || isMaintenanceTwin(deployment.metadata.name ?? "")) return undefined;
    return deployment.metadata.labels?.["mon_canary"] === "true" ? undefined : { ...daemon, ...found };
  };
}

/** Says which daemon of these types a Deployment or Pod is of, by its labels; undefined for anything else. */
export function daemonFinder(types: readonly DaemonType[]): (object: Deployment | Pod) => Pick<DaemonImage, "type" | "id"> | undefined {
  const rows = new Map(types.map((row) => [row.app, { type: row.type, labels: ["ceph_daemon_id", ...idLabels(row)] }]));
  return ({ metadata: { labels = {} } }) => {
    const row = rows.get(labels["app"] ?? "");
    const id = row?.labels.map((label) => labels[label]).find((value) => value !== undefined);
    return row === undefined || id === undefined ? undefined : { type: row.type, id };
  };
}

/** The labels of its selector that hold a daemon's id. */
function idLabels({ selector }: DaemonType): string[] {
  const id = "id";
  return Object.entries(selector(id, "")).flatMap(([label, value]) => (value === id ? [label] : []));
}

/** What the Deployment of anything of Ceph runs; undefined where it does not say its version. */
export function imageOfDeployment(deployment: Deployment): CephImage | undefined {
  // the first container is Ceph's: tools that change Rook's Deployments rely on that, too
  const image = deployment.spec?.template.spec?.containers[0]?.image;
  const label = deployment.metadata.labels?.[cephVersionLabel];
  const version = label === undefined ? undefined : parseCephVersion(label);
  return image === undefined || label === undefined || version === undefined ? undefined : { image, label, version };
}

/** Whether the Deployment stands in for a daemon's own while somebody works on its data. */
export function isMaintenanceTwin(name: string): boolean {
  return name.endsWith("-maintenance");
}

/** `20.2.4` of `20.2.4-0`: nothing but a build of one's own has commits after a release. */
export function sayLabel(label: string): string {
  return label.replace(/-0$/, "");
}
