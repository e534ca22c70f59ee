import { errnoName } from "../../../src/ceph/ceph-error.ts";
import type { Answer, CallRow } from "../../contract/ask-all.ts";
import script from "./ask-ceph.py";
import { toolbox } from "./ceph-cluster.ts";

/** Gives rows of commands to the cluster's Ceph, as librados sends them, all rows at once. Rejects where one is not answered. */
export async function askCeph(rows: readonly CallRow[]): Promise<readonly (readonly Answer[])[]> {
  const printed = await toolbox(["python3", "-c", script], { input: JSON.stringify(rows), seconds: 280 });
  return (JSON.parse(printed) as [number, string][][]).map((row) =>
    row.map(([ret, words]) => [ret < 0 ? errnoName(-ret) : "taken", words]),
  );
}
