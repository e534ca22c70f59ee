/** Names that other people's tools rely on: the toolbox, the kubectl plugin, CSI, dashboards. They are Rook's. */
export const names = {
  /** Secret: fsid and the keys of mon. and client.admin. The cluster's identity; cannot be derived. */
  identity: "rook-ceph-mon",
  /** ConfigMap: which mons there are, and where. */
  endpoints: "rook-ceph-mon-endpoints",
  /** Secret: mon_host and mon_initial_members for the daemons. */
  config: "rook-ceph-config",
  /** ConfigMap whose key `config` is the daemons' ceph.conf; its content is the user's. */
  override: "rook-config-override",
  monsKeyring: "rook-ceph-mons-keyring",
  adminKeyring: "rook-ceph-admin-keyring",
  crashKeyring: "rook-ceph-crash-collector-keyring",
  dashboardPassword: "rook-ceph-dashboard-password",
  mgrService: "rook-ceph-mgr",
  dashboardService: "rook-ceph-mgr-dashboard",
  monBudget: "rook-ceph-mon-pdb",
  mgrBudget: "rook-ceph-mgr-pdb",
  osdBudget: "rook-ceph-osd",
  versionJob: "rook-ceph-detect-version",
  mon: (id: string) => `rook-ceph-mon-${id}`,
  mgr: (id: string) => `rook-ceph-mgr-${id}`,
  mgrKeyring: (id: string) => `rook-ceph-mgr-${id}-keyring`,
  osd: (id: number) => `rook-ceph-osd-${id}`,
} as const;

/** Values of the label `app`. */
export const apps = {
  mon: "rook-ceph-mon",
  mgr: "rook-ceph-mgr",
  osd: "rook-ceph-osd",
  prepare: "rook-ceph-osd-prepare",
  version: "rook-ceph-detect-version",
  crashCollector: "rook-ceph-crashcollector",
  cleanup: "rook-ceph-cleanup",
} as const;

/** Finalizer of what a cluster cannot be without, as Rook names it. */
export const disasterProtection = "ceph.rook.io/disaster-protection";

/** The name under which the operator applies objects. */
export const fieldManager = "jackdaw";

/** Service accounts of the daemons, made by manifests/common.yaml. */
export const serviceAccounts = {
  default: "rook-ceph-default",
  mgr: "rook-ceph-mgr",
  osd: "rook-ceph-osd",
  reporter: "rook-ceph-cmd-reporter",
} as const;

/** The nth daemon's letters: a … z, aa, ab … */
export function daemonLetters(index: number): string {
  let letters = "";
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) letters = String.fromCharCode(97 + (rest % 26)) + letters;
  return letters;
}

/** The inverse of `daemonLetters`; -1 for what is no such name. */
export function daemonIndex(letters: string): number {
  if (!/^[a-z]+$/.test(letters)) return -1;
  let index = 0;
  for (const letter of letters) index = index * 26 + (letter.charCodeAt(0) - 96);
  return index - 1;
}
