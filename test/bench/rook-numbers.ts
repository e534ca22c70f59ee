/**
 * What Rook 1.20.6 takes on the same test cluster: 3 nodes, 3 mons, 2 mgrs, 3 OSDs, Ceph 20.2.4, 2 CPU cores, seconds from creating
 * the CephCluster. The middle of two runs or more, measured with the audit log as here.
 */
export const rook = {
  quorumSeconds: 51,
  mgrSeconds: 77,
  osdsSeconds: 115,
  readySeconds: 106.5,
  cleanSeconds: 122.5,
  requests: 455,
  writes: 237,
  jobs: 5,
  cpuSeconds: 30,
  restartSeconds: 32,
  restartRequests: 215,
  restartWrites: 95,
  restartJobs: 4,
  restRequestsPerMinute: 7,
  restWritesPerMinute: 1,
  restCpuSecondsPerMinute: 1.1,
  residentMb: 80,
} as const;

/** What the project aims at on that cluster, where it has said so. */
export const goal: { readonly [name in keyof typeof rook]?: number } = {
  quorumSeconds: 4,
  mgrSeconds: 8,
  osdsSeconds: 10,
  readySeconds: 10,
  cleanSeconds: 12,
  requests: 60,
  writes: 48,
  jobs: 4,
  cpuSeconds: 1.5,
  restartSeconds: 0.4,
  restartRequests: 20,
  restartWrites: 0,
  restartJobs: 0,
  restRequestsPerMinute: 0,
  restWritesPerMinute: 0,
  restCpuSecondsPerMinute: 0.1,
  residentMb: 80,
};
