// Paths in a spec: `[]` stands for every element of a list, `*` for every name in a map. A path covers all that is below it.

const under = (parent: string, names: readonly string[]) => names.map((name) => `${parent}.${name}`);
const components = ["all", "mon", "mgr", "osd", "prepareosd", "crashcollector", "cmdreporter", "cleanup"] as const;
const daemons = ["mon", "mgr", "osd"] as const;
const osdConfigs = ["storage.config", "storage.devices[].config", "storage.nodes[].config", "storage.nodes[].devices[].config"] as const;

/** Fields that act. Every other one is told to the user as without effect, so that none is ignored in silence. */
export const actingFields: readonly string[] = [
  ...under("cephVersion", ["image", "imagePullPolicy", "allowUnsupported"]),
  "skipUpgradeChecks",
  "continueUpgradeAfterChecksEvenIfNotHealthy",
  "upgradeOSDRequiresHealthyPGs",
  "waitTimeoutForHealthyOSDInMinutes",
  "storage.osdMaxUpdatesInParallel",
  "dataDirHostPath",
  ...under("mon", ["count", "allowMultiplePerNode"]),
  ...under("mgr", ["count", "allowMultiplePerNode", "modules[].name", "modules[].enabled"]),
  ...under("dashboard", ["enabled", "ssl", "port", "urlPrefix"]),
  ...under("monitoring", ["metricsDisabled", "port", "interval"]),
  "crashCollector.disable",
  "cephConfig",
  ...under("cleanupPolicy", ["allowUninstallWithVolumes", "confirmation", "wipeDevicesFromOtherClusters"]),
  ...under("cleanupPolicy.sanitizeDisks", ["method", "dataSource", "iteration"]),
  ...under("placement", ["all", "mon", "mgr", "osd", "prepareosd"]),
  ...under("resources", ["mon", "mgr", "osd", "prepareosd", "crashcollector", "cmd-reporter", "cleanup"]),
  ...["annotations", "labels", "priorityClassNames"].flatMap((field) => under(field, components)),
  ...["livenessProbe", "startupProbe"].flatMap((field) => under(`healthCheck.${field}`, daemons)),
  "healthCheck.muteHealthWarning",
  ...under("healthCheck.daemonHealth.mon", ["disabled", "interval", "timeout"]),
  "healthCheck.daemonHealth.status.interval",
  ...under("disruptionManagement", ["managePodBudgets", "osdMaintenanceTimeout", "pgHealthyRegex"]),
  ...under("storage", ["useAllNodes", "useAllDevices", "deviceFilter", "devicePathFilter", "onlyApplyOSDPlacement", "scheduleAlways"]),
  ...under("storage.config", ["deviceClass", "crushRoot"]),
  ...["storage.devices[]", "storage.nodes[].devices[]"].flatMap((device) => under(device, ["name", "fullpath", "config.deviceClass"])),
  ...under("storage.nodes[]", ["name", "deviceFilter", "devicePathFilter", "useAllDevices", "resources", "config.deviceClass"]),
  ...under("network", ["hostNetwork", "ipFamily", "dualStack", "provider"]),
  "security.cephx.daemon.keyType",
];

/** Fields that act in no operator, as Rook gave them up or never read them: nobody misses what they do. */
export const deadFields: readonly string[] = [
  ...under("disruptionManagement", ["machineDisruptionBudgetNamespace", "manageMachineDisruptionBudgets", "pgHealthCheckTimeout"]),
  ...under("healthCheck.daemonHealth", ["osd.timeout", "status.timeout"]),
  ...under("storage", ["volumeClaimTemplates", "nodes[].volumeClaimTemplates"]),
  // a clean-up goes to its node whatever is said of other Pods
  "placement.cleanup",
];

/** Settings that are told by one name, whatever is set within them: they act as a whole or not at all. */
export const wholeSettings: readonly string[] = [
  "cephConfigFromSecret",
  "external",
  "logCollector",
  "mon.stretchCluster",
  "mon.floatingMon",
  "mon.volumeClaimTemplate",
  "mon.zones",
  "monitoring.exporter",
  "monitoring.externalMgrEndpoints",
  ...under("network", ["addressRanges", "connections.compression", "connections.encryption", "multiClusterService", "selectors"]),
  ...under("security", ["keyRotation", "kms"]),
  "storage.storageClassDeviceSets",
  ...["annotations", "labels", "placement", "resources", "healthCheck.livenessProbe", "healthCheck.startupProbe"].map((map) => `${map}.*`),
];

/** Values that ask for nothing but what is so anyway: the API server's defaults and Rook's. Durations are compared as such. */
export const usualValues: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["healthCheck.daemonHealth.osd.interval", "60s"],
  ["monitoring.exporter.perfCountersPrioLimit", 5],
  ["monitoring.exporter.port", 9926],
  ["monitoring.exporter.statsPeriodSeconds", 5],
  ["monitoring.externalMgrPrometheusPort", 9283],
  ...["csi", "daemon", "rbdMirrorPeer"].map((user) => [`security.cephx.${user}.keyRotationPolicy`, "Disabled"] as const),
  ["storage.store.type", "bluestore"],
  ...osdConfigs.flatMap((config) => [[`${config}.osdsPerDevice`, "1"] as const, [`${config}.encryptedDevice`, "false"] as const]),
]);
