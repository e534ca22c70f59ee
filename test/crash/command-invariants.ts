import type { CephCommand, CephCommandOptions } from "../../src/ceph/ceph.ts";
import { isMutation } from "../../src/ceph/is-mutation.ts";
import { misfit } from "../../src/simceph/check-arguments.ts";
import { monTwice, namesOneMonTwice } from "../../src/simceph/daemon-start.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import type { SimState } from "../../src/simceph/sim-state.ts";
import { robbedDaemons } from "./key-invariants.ts";
import { tooEarlyRelease } from "./release-invariants.ts";
import type { SecretWatch } from "./secret-invariants.ts";

/**
 * Judges each command: its form, which real Ceph may not even look at, or die of; its words, the keys that it takes away, what it says of the OSDs' release; and has what
 * lasts looked at.
 */
export function watchCommands(
  sim: SimCluster,
  secrets: Pick<SecretWatch, "hearCommand">,
  check: () => void,
  say: (violation: string) => void,
): void {
  const keysBefore = new WeakMap<CephCommand, ReadonlySet<string>>();
  sim.ceph.intercept((command, when, { target }, { namespace, monHost }) => {
    if (when === "before") {
      const fault = namesOneMonTwice(monHost) ? `the operator ends: ${monTwice}` : misfitOf(command, target, sim.ceph.state(namespace));
      if (fault !== undefined) say(fault);
    }
    if (!isMutation(command)) return;
    const state = sim.ceph.state(namespace);
    if (when === "before") {
      secrets.hearCommand(command);
      keysBefore.set(command, new Set(state?.entities.keys()));
      const fault = tooEarlyRelease(command, state);
      if (fault !== undefined) say(fault);
      return;
    }
    for (const daemon of robbedDaemons(sim, namespace, keysBefore.get(command) ?? new Set()))
      say(`the key of ${daemon} is taken away while it runs`);
    check();
  });
}

/** What is wrong with the form of a command to the mons or the mgr, by what they tell of their commands. */
function misfitOf(command: CephCommand, target: CephCommandOptions["target"], state: SimState | undefined): string | undefined {
  return target?.startsWith("osd.") === true ? undefined : misfit(command, state?.mons[0]?.version ?? "20.2.4");
}
