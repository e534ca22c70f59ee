import { metadataCases } from "./cases/metadata-cases.ts";
import { customCases, dataCases, jobCases, otherCases, serviceCases } from "./cases/small-cases.ts";
import { workloadCases } from "./cases/workload-cases.ts";
import type { ContractCase } from "./contract-case.ts";

/** What API servers take and refuse, in one table that both sides are held to: the real one and the simulated one. */
export const contractCases: readonly ContractCase[] = [
  ...metadataCases,
  ...dataCases,
  ...serviceCases,
  ...workloadCases,
  ...jobCases,
  ...otherCases,
  ...customCases,
];
