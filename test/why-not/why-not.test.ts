import { describe, expect, test } from "@jest/globals";
import type { KubeObject } from "../../src/kube/object.ts";
import type { Condition } from "../../src/runtime/conditions.ts";
import { CephCluster } from "../../src/schema/ceph-cluster.ts";
import { type CrashWorld, clusterKey, clusterOf, createCrashWorld } from "../crash/crash-world.ts";
import { clusterCases } from "./cases/cluster.ts";
import { daemonCases } from "./cases/daemons.ts";
import { diskCases } from "./cases/disks.ts";
import { jobCases } from "./cases/jobs.ts";
import { selectionCases } from "./cases/selection.ts";
import { storageCases } from "./cases/storage.ts";
import { find, type Row, whyNotRows } from "./table.ts";
import type { WhyNotCase } from "./why-not-case.ts";

const cases: readonly WhyNotCase[] = [...diskCases, ...jobCases, ...selectionCases, ...daemonCases, ...clusterCases, ...storageCases];
const rows = whyNotRows();

/** Within so many seconds a cause is named, and after its end no longer. */
const limitS = 60;

type Told = KubeObject & {
  status?: { observedGeneration?: number | undefined; conditions?: Condition[] | undefined } | undefined;
};

const conditionOf = (object: Told, type: string) => object.status?.conditions?.find((condition) => condition.type === type);

describe("docs/why-not.md", () => {
  test("has a row for each case, and a case for each row", () => {
    expect(rows.map(({ cause }) => cause).sort()).toEqual(cases.map(({ cause }) => cause).sort());
  });
});

describe("within a minute the status names", () => {
  test.each(cases.map((each) => [each.cause, each] as const))("%s", async (cause, given) => {
    const row = rows.find((each) => each.cause === cause);
    const world = createCrashWorld({
      fault: { type: "none" },
      ...(given.nodes === undefined ? {} : { nodes: given.nodes }),
      ...(given.disks ? { disks: given.disks } : {}),
    });
    world.startOperator();
    const takeAway = await begin(world, given);
    const planted = world.clock.now();
    const told = await waitFor(world, given, (object) => row !== undefined && isTold(row, given, object));
    if (told === undefined || row === undefined) throw new Error(`not told: ${sayWhatIs(world, given)}`);

    const values = find(row, messageOf(told, given)) ?? {};
    expect(values).toMatchObject(underscored(given.values ?? {}));
    if (values["time"] !== undefined) expectRecent(values["time"], planted, world.clock.now());
    expect(tellingOf(told, given)).toMatchObject({
      status: given.status ?? "False",
      reason: row.reason,
      observedGeneration: told.metadata.generation,
    });

    if (given.incurable === undefined) {
      if (given.cure) given.cure(world);
      else takeAway?.();
      const cured = await waitFor(
        world,
        given,
        (object) => conditionOf(object, "Ready")?.status === "True" && find(row, messageOf(object, given)) === undefined,
      );
      if (cured === undefined) throw new Error(`still told: ${sayWhatIs(world, given)}`);
    }
    expect(world.violations()).toEqual([]);
    world.stopOperators();
  });
});

async function begin(world: CrashWorld, given: WhyNotCase): Promise<(() => void) | void> {
  if (given.isThereBefore === true) {
    const takeAway = given.plant(world);
    if (given.isWithoutCluster !== true) world.user.create(CephCluster, clusterOf(given.spec));
    return takeAway;
  }
  world.user.create(CephCluster, clusterOf(given.spec));
  const ready = await waitFor(world, {}, (object) => conditionOf(object, "Ready")?.status === "True");
  if (ready === undefined) throw new Error(`not even Ready before: ${sayWhatIs(world, given)}`);
  await world.clock.advance(60_000);
  return given.plant(world);
}

/** The object that tells, as soon as it is as wanted; undefined where that takes more than a minute. */
async function waitFor(world: CrashWorld, given: Pick<WhyNotCase, "told">, isSo: (object: Told) => boolean): Promise<Told | undefined> {
  for (let second = 0; second <= limitS; second += 1) {
    const object = teller(world, given);
    if (object !== undefined && isSo(object)) return object;
    await world.clock.advance(1000);
  }
  return undefined;
}

function teller(world: CrashWorld, given: Pick<WhyNotCase, "told">): Told | undefined {
  return given.told?.(world) ?? world.user.get(CephCluster, clusterKey);
}

function isTold(row: Row, given: WhyNotCase, object: Told): boolean {
  return tellingOf(object, given)?.reason === row.reason && find(row, messageOf(object, given)) !== undefined;
}

const tellingOf = (object: Told, { condition = "Ready" }: WhyNotCase) => conditionOf(object, condition);
const messageOf = (object: Told, given: WhyNotCase): string => tellingOf(object, given)?.message ?? "";

function sayWhatIs(world: CrashWorld, given: WhyNotCase): string {
  const ready = tellingOf(teller(world, given) ?? clusterOf(), given);
  return `${ready?.reason ?? "no reason"}: ${ready?.message ?? "nothing"}`;
}

/** A time of day that is not before the cause and not after it was told. */
function expectRecent(time: string, planted: number, told: number): void {
  const at = Date.parse(time.includes("T") ? time : `${new Date(told).toISOString().slice(0, 11)}${time}`);
  expect(at).toBeGreaterThanOrEqual(planted - 1000);
  expect(at).toBeLessThanOrEqual(told);
}

function underscored(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replaceAll(" ", "_"), value]));
}
