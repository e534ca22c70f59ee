import { z } from "zod";

const kept = (description: string) => z.object({}).meta({ "x-kubernetes-preserve-unknown-fields": true, description }).optional();

/** Fields of the status that Rook writes, and the operator leaves as they are: see `keptFields`. A kind has some of them. */
export const keptStatusFields = {
  cephx: kept("Generations of its keys, as Rook last told them; left as they are."),
  mirroringStatus: kept("How mirroring goes, as Rook last told it; left as it is."),
  mirroringInfo: kept("Who mirrors, as Rook last told it; left as it is."),
  snapshotScheduleStatus: kept("When snapshots are taken, as Rook last told it; left as it is."),
} as const;
