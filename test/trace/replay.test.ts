import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { CephCommandOptions } from "../../src/ceph/ceph.ts";
import { isCephError } from "../../src/ceph/ceph-error.ts";
import { CustomResourceDefinition } from "../../src/kube/kinds.ts";
import { isKubeError } from "../../src/kube/kube-error.ts";
import { clusterCrd } from "../../src/schema/ceph-cluster/crd.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { crdOf } from "../../src/schema/crd.ts";
import { createSimCluster } from "../../src/simceph/sim-cluster.ts";
import { mergePatch } from "../../src/simkube/api/merge-patch.ts";
import type { SimObject } from "../../src/simkube/api/sim-object.ts";
import { typedStore } from "../../src/simkube/controllers/sim-kinds.ts";
import { createVirtualClock } from "../../src/simkube/virtual-clock.ts";
import { misfits } from "./shape.ts";
import type { Trace, TraceEntry } from "./trace.ts";

/** Not answered in time, or not yet: the simulated Ceph is quicker. */
const early: ReadonlySet<string> = new Set(["timedOut", "unreachable", "aborted", "EAGAIN"]);

describe("a trace of a real run, said again to the simulated cluster", () => {
  const trace = JSON.parse(readFileSync(new URL("ceph-20.2.4.json", import.meta.url), "utf8")) as Trace;
  /** What Ceph and its simulation answer otherwise, by command. */
  const found = new Map<string, Set<string>>();
  const asked = new Set<string>();
  let final: unknown;

  beforeAll(async () => {
    const clock = createVirtualClock();
    const disksOf = (node: number) => {
      const spec = (trace.cluster as CephCluster).spec;
      const devices = spec?.storage?.nodes?.find(({ name }) => name === `node${node}`)?.devices ?? [];
      return devices.map(({ name = "" }) => name.replace("/dev/", "")).join(" ");
    };
    const sim = createSimCluster({ clock, nodes: 3, disks: disksOf });
    const user = typedStore(sim.store);
    user.create(CustomResourceDefinition, crdOf(clusterCrd));
    const cluster = user.create(CephCluster, trace.cluster as CephCluster);
    const ceph = sim.ceph.connect({ namespace: "rook-ceph", ...trace.identity });

    const write = ({ verb, body, subresource, ...kind }: Extract<TraceEntry, { type: "write" }>): void => {
      const resource = sim.store.resource({ ...kind, namespaced: true });
      const key = { namespace: kind.namespace ?? "", name: kind.name };
      const object = JSON.parse(JSON.stringify(body ?? {}).replaceAll(trace.clusterUid, cluster.metadata.uid ?? "")) as SimObject;
      const door = subresource === undefined ? {} : { subresource };
      switch (verb) {
        case "create":
          return void sim.store.create(resource, object);
        case "update":
          return void sim.store.update(resource, object, door);
        case "apply":
          return void sim.store.apply(resource, object, { fieldManager: "jackdaw", force: true, ...door });
        case "patch": {
          // Pods have other names here
          if (kind.kind === "Pod") return;
          const { metadata: _metadata, ...patch } = object;
          return void sim.store.patch(resource, key, (current) => mergePatch(current, patch) as SimObject, door);
        }
        case "delete":
          return void sim.store.delete(resource, key);
      }
    };
    const compare = async ({ command, target, input, answer, error }: Extract<TraceEntry, { type: "ceph" }>): Promise<void> => {
      asked.add(command.prefix);
      const say = (what: string) => found.set(command.prefix, (found.get(command.prefix) ?? new Set<string>()).add(what));
      const options: CephCommandOptions = {
        ...(target === undefined ? {} : { target: target as "mgr" }),
        ...(input === undefined ? {} : { input }),
      };
      try {
        const simulated = await ceph.command(command, options);
        if (error === undefined) for (const misfit of misfits(simulated, answer, `answer to.${command.prefix}`)) say(misfit);
        else if (!early.has(error) && !command.prefix.startsWith("dashboard")) say(`Ceph refused it with ${error}`);
      } catch (failure) {
        if (!isCephError(failure)) throw failure;
        if (failure.code !== error)
          say(`refused with ${failure.message}, which Ceph ${error === undefined ? "did not" : `did with ${error}`}`);
      }
    };

    for (const entry of trace.entries) {
      if (entry.type === "write") {
        try {
          write(entry);
        } catch (error) {
          if (!isKubeError(error)) throw error;
          found.set(`${entry.verb} ${entry.kind} ${entry.name}`, new Set([error.message]));
        }
      } else await compare(entry);
      await clock.advance(1500);
    }
    final = await ceph.command({ prefix: "status" });
  });

  test("has every command that brings a cluster up", () => {
    expect([...asked].sort()).toEqual(
      expect.arrayContaining(["auth get", "config dump", "config set", "mgr module ls", "mgr stat", "osd dump", "status", "versions"]),
    );
  });

  test("every write is taken, and every answer has the form of Ceph's own", () => {
    expect(Object.fromEntries([...found].map(([what, said]) => [what, [...said]]))).toEqual({});
  });

  test("ends in the same cluster", () => {
    const last = trace.entries
      .filter((entry) => entry.type === "ceph" && entry.command.prefix === "status" && entry.answer !== undefined)
      .at(-1);
    const facts = (status: unknown) => {
      const { quorum_names, osdmap, mgrmap, monmap } = status as Record<string, Record<string, unknown>>;
      return {
        quorum: [...(quorum_names as unknown as string[])].sort(),
        mons: monmap?.["num_mons"],
        osds: [osdmap?.["num_osds"], osdmap?.["num_up_osds"], osdmap?.["num_in_osds"]],
        mgrs: [mgrmap?.["available"], mgrmap?.["num_standbys"]],
      };
    };
    expect(facts(final)).toEqual(facts(last?.type === "ceph" ? last.answer : undefined));
  });
});
