/** Labels of an OSD's Deployment and Pods that tell its place in CRUSH, by bucket type. */
export const topologyLabelPrefix = "topology-location-";

/** The label of one type of bucket. */
export function topologyLabel(type: string): string {
  return `${topologyLabelPrefix}${type}`;
}
