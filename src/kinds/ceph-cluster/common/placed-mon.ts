/** A mon with its place: which node, and the address under which everybody knows it. */
export interface PlacedMon {
  readonly id: string;
  /** Value of the node's label kubernetes.io/hostname. */
  readonly hostname: string;
  readonly address: string;
}
