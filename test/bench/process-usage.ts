import { readdir, readFile } from "node:fs/promises";
import type { Pod } from "../../src/kube/kinds.ts";

/** What the processes of a container have used. */
export interface ProcessUsage {
  /** Seconds of CPU, theirs and that of their ended children. */
  readonly cpuSeconds: number;
  /** Megabytes (10⁶ bytes) that they have in memory now, and the most that each ever had. */
  readonly residentMb: number;
  readonly peakMb: number;
}

const ticksPerSecond = 100; // USER_HZ, the same on every Linux that Node runs on

/** The usage of a pod's first container, read from this machine's /proc: the nodes' processes are this machine's. */
export async function usageOf(pod: Pod): Promise<ProcessUsage> {
  const id = pod.status?.containerStatuses?.[0]?.containerID?.replace(/^.*:\/\//, "");
  if (id === undefined) throw new Error(`${pod.metadata.name ?? "the pod"} has no running container`);
  const usages: ProcessUsage[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const usage = await usageOfProcess(pid, id).catch(() => undefined); // a process may end while it is looked at
    if (usage !== undefined) usages.push(usage);
  }
  if (usages.length === 0) throw new Error(`no process of the container ${id} is on this machine`);
  const sum = (of: (usage: ProcessUsage) => number) => usages.reduce((total, usage) => total + of(usage), 0);
  return { cpuSeconds: sum((u) => u.cpuSeconds), residentMb: sum((u) => u.residentMb), peakMb: sum((u) => u.peakMb) };
}

async function usageOfProcess(pid: string, containerId: string): Promise<ProcessUsage | undefined> {
  if (!(await readFile(`/proc/${pid}/cgroup`, "utf8")).includes(containerId)) return undefined;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  // fields 14 to 17 of proc(5): utime, stime, cutime, cstime
  const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
  return { cpuSeconds: ticks / ticksPerSecond, residentMb: (kilobytes("VmRSS") * 1024) / 1e6, peakMb: (kilobytes("VmHWM") * 1024) / 1e6 };
}
