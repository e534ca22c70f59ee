/** Fields of the status that Rook decides by or tells of, and the operator does not write: they stay for whoever goes back to Rook. */
export const keptFields: readonly string[] = ["cephx", "mirroringStatus", "mirroringInfo", "snapshotScheduleStatus"];
