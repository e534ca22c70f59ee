import { describe, expect, test } from "@jest/globals";
import type { Ceph } from "../../src/ceph/ceph.ts";
import { isCephError } from "../../src/ceph/ceph-error.ts";
import { enableMgrModule } from "../../src/ceph/commands/mgr.ts";
import { createRunningCeph } from "../support/running-ceph.ts";
import { type Answer, askAll, type CallRow } from "./ask-all.ts";
import type { AskedVersion, CephCall } from "./ceph-refusals/ceph-refusal.ts";

const versions: readonly AskedVersion[] = ["20.2.4", "18.2.7"];

describe.each(versions)("bad commands, as the simulated Ceph %s takes them", (version) => {
  test("are refused as real Ceph does, and say what they are about", async () => {
    const { ceph, clock } = await createRunningCeph(
      ["node1", "node2", "node3"].map((node) => ({ node })),
      { version },
    );
    if (version === "20.2.4") await enableMgrModule(ceph, "dashboard");

    const said = await askAll(version, async (rows) => {
      const said: Answer[][] = [];
      for (const row of rows) said.push(await answers(ceph, row, () => clock.advance(2000)));
      return said;
    });

    expect(said.asked).toBeGreaterThan(250);
    expect(said.differences).toEqual([]);
  });
});

async function answers(ceph: Ceph, row: CallRow, wait: () => Promise<void>): Promise<Answer[]> {
  const said: Answer[] = [];
  for (const call of row) {
    if (call === "wait") await wait();
    said.push(call === "wait" ? ["taken", ""] : await answer(ceph, call));
  }
  return said;
}

async function answer(ceph: Ceph, { command, input, target }: CephCall): Promise<Answer> {
  try {
    await ceph.command(command, { ...(input === undefined ? {} : { input }), ...(target === undefined ? {} : { target }) });
    return ["taken", ""];
  } catch (error) {
    if (!isCephError(error)) throw error;
    return [error.code, error.words];
  }
}
