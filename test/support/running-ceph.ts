import type { Ceph } from "../../src/ceph/ceph.ts";
import { clusterStatus } from "../../src/ceph/commands/cluster.ts";
import { configSet } from "../../src/ceph/commands/config.ts";
import { formatMonHost, usualMonAddress } from "../../src/ceph/mon-host.ts";
import type { Pod } from "../../src/kube/kinds.ts";
import { createFakeCeph, type FakeCeph } from "../../src/simceph/fake-ceph.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simkube/virtual-clock.ts";

/** An OSD of a running Ceph: on a node, hdd unless said otherwise. */
export interface RunningOsd {
  readonly node: string;
  readonly rack?: string;
  readonly deviceClass?: string;
}

/** A simulated Ceph that runs, with the settings that the operator gives every cluster; no Kubernetes around it. */
export interface RunningCeph {
  readonly fake: FakeCeph;
  readonly clock: VirtualClock;
  /** Its commands are counted by `fake`. */
  readonly ceph: Ceph;
  /** Adds an OSD. */
  addOsd(osd: RunningOsd): void;
  /** Takes an OSD's Pod away, or gives it back. */
  setUp(id: number, isUp: boolean): void;
  /** Takes the mgr's Pod away, or gives it back. */
  setMgr(isUp: boolean): void;
}

const key = "AgDQBwRrVpaFNSAAdRqZXCSrUvXCJk5fQ3ble7OsUlLRMU+a5emRLFKnG48=";

/** One mon, one mgr and these OSDs. */
export async function createRunningCeph(
  osds: readonly RunningOsd[],
  { version = "20.2.4" }: { readonly version?: string } = {},
): Promise<RunningCeph> {
  const clock = createVirtualClock();
  const pods = new Map<string, Pod>();
  const set = (type: string, id: string, args: readonly string[], ready = true) =>
    pods.set(`${type}-${id}`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${type}-${id}`, namespace: "rook-ceph", labels: { app: `rook-ceph-${type}`, [type]: id } },
      spec: { nodeName: "node1", containers: [{ name: type, image: `ceph:v${version}`, args: [...args] }] },
      status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
    });
  const fake = createFakeCeph({
    view: {
      pods: (_namespace, app) => [...pods.values()].filter((pod) => pod.metadata.labels?.["app"] === app),
      secret: () => undefined,
    },
    clock,
    version,
  });
  const ceph = fake.connect({
    namespace: "rook-ceph",
    fsid: "f",
    monHost: formatMonHost([usualMonAddress("10.0.0.1")]),
    user: "client.admin",
    key,
  });
  set("mon", "a", ["--public-addr=10.0.0.1"]);
  await clusterStatus(ceph);
  await ceph.command({ prefix: "auth get-or-create", entity: "mgr.a", caps: ["mon", "allow profile mgr"] });
  set("mgr", "a", []);
  const locations: string[] = [];
  const addOsd = ({ node, rack, deviceClass }: RunningOsd): void => {
    const id = fake.osdNew(`uuid-${locations.length}`, deviceClass === undefined ? {} : { deviceClass });
    locations[id] = `root=default ${rack === undefined ? "" : `rack=${rack} `}host=${node}`;
    set("osd", String(id), [`--crush-location=${locations[id]}`]);
  };
  for (const osd of osds) addOsd(osd);
  await configSet(ceph, "global", "mon_allow_pool_delete", "true");
  await configSet(ceph, "global", "mon_allow_pool_size_one", "true");
  await clusterStatus(ceph);
  fake.clearCommands();
  return {
    fake,
    clock,
    ceph,
    addOsd,
    setUp: (id, isUp) => void set("osd", String(id), [`--crush-location=${locations[id] ?? ""}`], isUp),
    setMgr: (isUp) => void set("mgr", "a", [], isUp),
  };
}
