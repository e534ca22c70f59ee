import {
  absent,
  apply,
  type ContractCase,
  conflict,
  create,
  forbidden,
  invalid,
  patch,
  refused,
  taken,
  unreadable,
  untyped,
  update,
} from "../contract-case.ts";
import { budget, claim, configMap, event, job, lease, main, pod, priorityClass, secret, service, widget } from "../sent-objects.ts";

const goneUid = "00000000-0000-4000-8000-000000000000";
const ports = (...list: object[]) => service({ spec: { ports: list } });

/** Secrets and ConfigMaps. */
export const dataCases: readonly ContractCase[] = [
  taken("a key with dots and dashes", create(secret({ data: { "a.b-c_D": "MQ==" } }))),
  taken("a Secret's text", create(secret({ stringData: { b: "open" } }))),
  refused("a Secret's key with a slash and a blank", create(secret({ data: { "a/b c": "MQ==" } })), invalid("data[a/b c]")),
  refused("a Secret's value that is not base64", create(secret({ data: { a: "no base64!" } })), unreadable),
  refused("a Secret's value that is a number", create(secret({ data: { a: 7 } })), unreadable),
  refused("a Secret of 2 MiB", create(secret({ data: { a: Buffer.alloc(2 * 1024 * 1024).toString("base64") } })), invalid("data")),
  refused("another type of a Secret", patch(secret(), { type: "contract.test/other" }), invalid("type")),
  refused(
    "another type of a Secret by an update",
    update(secret({ type: "Opaque" }), secret({ type: "contract.test/other" })),
    invalid("type"),
  ),
  refused(
    "a Secret of TLS without a key",
    create(secret({ type: "kubernetes.io/tls", data: { "tls.crt": "MQ==" } })),
    invalid("data[tls.key]"),
  ),
  refused("a change of a Secret that is immutable", patch(secret({ immutable: true }), { data: { a: "Mg==" } }), invalid("data")),
  refused("a Secret made mutable again", patch(secret({ immutable: true }), { immutable: false }), invalid("immutable")),
  refused("a ConfigMap's key with a blank", create(configMap({ data: { "a b": "1" } })), invalid("data[a b]")),
  refused("a ConfigMap's key of two dots", create(configMap({ data: { "..": "1" } })), invalid("data[..]")),
  refused("a ConfigMap's value that is a number", create(configMap({ data: { a: 7 } })), unreadable),
  refused("a ConfigMap's value that is a number, by a patch", patch(configMap(), { data: { a: 7 } }), invalid("patch")),
  refused("a ConfigMap's value that is a number, by an apply", apply(configMap({ data: { a: 7 } })), untyped),
  refused("a ConfigMap of 1.5 MiB", create(configMap({ data: { a: "x".repeat(1536 * 1024) } })), invalid("[]")),
  refused("a change of a ConfigMap that is immutable", patch(configMap({ immutable: true }), { data: { a: "2" } }), invalid("data")),
  taken("a null among a ConfigMap's values", create(configMap({ data: { a: "1", b: null } }))),
];

/** Services. */
export const serviceCases: readonly ContractCase[] = [
  taken("two ports with names", create(ports({ name: "a", port: 80 }, { name: "b", port: 81 }))),
  taken("one number for two protocols", create(ports({ name: "a", port: 80 }, { name: "b", port: 80, protocol: "UDP" }))),
  taken("a Service without an address and without ports", create(service({ spec: { clusterIP: "None", ports: undefined } }))),
  refused("a Service's name that begins with a digit", create(service({}, { name: "1st" })), invalid("metadata.name")),
  refused("a Service's name with a dot", create(service({}, { name: "a.b" })), invalid("metadata.name")),
  refused("an address of another network", create(service({ spec: { clusterIP: "203.0.113.7" } })), invalid("spec.clusterIPs")),
  refused("an address that is none", create(service({ spec: { clusterIP: "here" } })), invalid("spec.clusterIPs[0]")),
  refused("another address", patch(service(), { spec: { clusterIP: "10.255.255.254" } }), invalid("spec.clusterIPs[0]")),
  refused("no ports", create(ports()), invalid("spec.ports")),
  refused("two ports without names", create(ports({ port: 80 }, { port: 81 })), invalid("spec.ports[0].name", "spec.ports[1].name")),
  refused("one name for two ports", create(ports({ name: "a", port: 80 }, { name: "a", port: 81 })), invalid("spec.ports[1].name")),
  refused("one port twice", create(ports({ name: "a", port: 80 }, { name: "b", port: 80 })), invalid("spec.ports[1]")),
  refused("port 0", create(ports({ port: 0 })), invalid("spec.ports[0].port", "spec.ports[0].targetPort")),
  refused("port 70000", create(ports({ port: 70_000, targetPort: 80 })), invalid("spec.ports[0].port")),
  refused("a port as a word", create(ports({ port: "http" })), unreadable),
  refused("an unknown protocol", create(ports({ port: 80, protocol: "ICMP" })), invalid("spec.ports[0].protocol")),
  refused(
    "a target with a name of 20 characters",
    create(ports({ port: 80, targetPort: "x".repeat(20) })),
    invalid("spec.ports[0].targetPort"),
  ),
  refused("a node's port where there is none", create(ports({ port: 80, nodePort: 30_080 })), invalid("spec.ports[0].nodePort")),
  refused("a family that the cluster has not", create(service({ spec: { ipFamilies: ["IPv6"] } })), invalid("spec.ipFamilies[0]")),
  refused("an unknown family", create(service({ spec: { ipFamilies: ["IPv5"] } })), invalid("spec.ipFamilies[0]")),
  refused("an unknown type of Service", create(service({ spec: { type: "Own" } })), invalid("spec.type")),
  refused("an unknown affinity of sessions", create(service({ spec: { sessionAffinity: "Maybe" } })), invalid("spec.sessionAffinity")),
  refused("a selector's value with a blank", create(service({ spec: { selector: { a: "b c" } } })), invalid("spec.selector")),
];

/** Jobs. */
export const jobCases: readonly ContractCase[] = [
  taken("a Job whose Pods are started again", create(job({ spec: { template: { spec: { restartPolicy: "OnFailure" } } } }))),
  refused(
    "a Job without a restartPolicy",
    create(job({ spec: { template: { spec: { restartPolicy: undefined } } } })),
    invalid("spec.template.spec.restartPolicy"),
  ),
  refused(
    "a Job with Always",
    create(job({ spec: { template: { spec: { restartPolicy: "Always" } } } })),
    invalid("spec.template.spec.restartPolicy"),
  ),
  refused(
    "a Job with an unknown restartPolicy",
    create(job({ spec: { template: { spec: { restartPolicy: "Often" } } } })),
    invalid("spec.template.spec.restartPolicy"),
  ),
  refused("a Job's name of 100 characters", create(job({}, { name: "x".repeat(100) })), invalid("spec.template.labels")),
  refused("a negative limit of a Job", create(job({ spec: { backoffLimit: -1 } })), invalid("spec.backoffLimit")),
  refused(
    "another template of a Job",
    patch(job(), { spec: { template: { spec: { containers: [{ ...main, image: "other:none" }] } } } }),
    invalid("spec.template"),
  ),
  refused("another number of completions", patch(job(), { spec: { completions: 3 } }), invalid("spec.completions")),
  refused(
    "another selector of a Job",
    patch(job(), { spec: { selector: { matchLabels: { app: "x" } } } }),
    invalid("spec.selector", "spec.template.metadata.labels"),
  ),
  refused(
    "a selector of a Job's own",
    create(job({ spec: { selector: { matchLabels: { app: "x" } }, template: { metadata: { labels: { app: "x" } } } } })),
    invalid("spec.selector"),
  ),
  taken("another parallelism of a Job", patch(job(), { spec: { parallelism: 2 } })),
];

/** Budgets, claims, Leases, events. */
export const otherCases: readonly ContractCase[] = [
  taken("a budget of a share", create(budget({ spec: { maxUnavailable: "50%" } }))),
  refused("a budget with both numbers", create(budget({ spec: { minAvailable: 1 } })), invalid("spec")),
  refused(
    "a budget's other number by an apply",
    apply(budget({ spec: { maxUnavailable: undefined, minAvailable: 1 } }), budget()),
    invalid("spec"),
  ),
  refused("a negative budget", create(budget({ spec: { maxUnavailable: -1 } })), invalid("spec.maxUnavailable")),
  refused("a budget of 110 %", create(budget({ spec: { maxUnavailable: "110%" } })), invalid("spec.maxUnavailable")),
  refused("a budget of a word", create(budget({ spec: { maxUnavailable: "half" } })), invalid("spec.maxUnavailable")),
  refused(
    "an unknown policy for unhealthy Pods",
    create(budget({ spec: { unhealthyPodEvictionPolicy: "Perhaps" } })),
    invalid("spec.unhealthyPodEvictionPolicy"),
  ),
  taken("a claim", create(claim())),
  refused("a claim without a mode", create(claim({ spec: { accessModes: [] } })), invalid("spec.accessModes")),
  refused("a claim without a size", create(claim({ spec: { resources: {} } })), invalid("spec.resources[storage]")),
  refused("a claim of 0 bytes", create(claim({ spec: { resources: { requests: { storage: "0" } } } })), invalid("spec.resources[storage]")),
  refused("another class of a claim", patch(claim(), { spec: { storageClassName: "other" } }), invalid("spec")),
  refused(
    "another size of a claim that is not bound",
    patch(claim(), { spec: { resources: { requests: { storage: "2Gi" } } } }),
    invalid("spec"),
  ),
  refused("a priority class that is named as the system's", create(priorityClass({}, { name: "system-own" })), invalid("metadata.name")),
  refused("a priority class above all others", create(priorityClass({ value: 2_000_000_000 })), invalid("value")),
  taken("an update that makes a Lease", { verb: "update", sent: lease({}, { resourceVersion: "7" }) }),
  refused("an update of a Lease that is gone", { verb: "update", sent: lease({}, { uid: goneUid, resourceVersion: "7" }) }, conflict),
  taken("an update that makes an event", { verb: "update", sent: event() }),
  refused("an update of a ConfigMap that is not there", { verb: "update", sent: configMap() }, absent),
  refused("a Lease's time without decimals", create(lease({ spec: { renewTime: "2026-01-01T00:00:00Z" } })), unreadable),
  refused("a Lease's time that is none", create(lease({ spec: { renewTime: "today" } })), unreadable),
  refused("a Lease of no seconds", create(lease({ spec: { leaseDurationSeconds: 0 } })), invalid("spec.leaseDurationSeconds")),
  refused("a Lease of half a second", create(lease({ spec: { leaseDurationSeconds: 0.5 } })), unreadable),
  taken("an event", create(event())),
  refused(
    "an event about another namespace's object",
    create(event({ involvedObject: { kind: "Pod", name: "x", namespace: "kube-system" } })),
    invalid("involvedObject.namespace"),
  ),
  refused(
    "an event with a time of six decimals and no more",
    create(event({ eventTime: "2026-01-01T00:00:00.000000Z" })),
    invalid("action", "reportingComponent", "reportingInstance"),
  ),
  refused("a Pod of a service account that is not there", create(pod({ spec: { serviceAccountName: "nobody" } })), forbidden),
  refused("a Pod of a priority class that is not there", create(pod({ spec: { priorityClassName: "none" } })), forbidden),
  taken("a Pod of a class that every cluster has", create(pod({ spec: { priorityClassName: "system-node-critical" } }))),
  taken("a deadline of a Pod", patch(pod(), { spec: { activeDeadlineSeconds: 60 } })),
  refused("another command of a Pod", patch(pod(), { spec: { containers: [{ ...main, command: ["x"] }] } }), invalid("spec")),
  refused(
    "another container of a Pod",
    patch(pod(), { spec: { containers: [main, { ...main, name: "more" }] } }),
    invalid("spec.containers"),
  ),
  refused("another host name of a Pod", patch(pod(), { spec: { hostname: "other" } }), invalid("spec")),
];

/** Custom resources. */
export const customCases: readonly ContractCase[] = [
  taken("nulls where none are allowed", create(widget({ spec: { parts: null, notes: null, color: null, holder: null } }))),
  taken("nulls within", create(widget({ spec: { parts: [{ name: null }], notes: { a: null } } }))),
  refused(
    "nulls that are applied",
    apply(widget({ spec: { parts: null, notes: null, color: null, holder: null } })),
    invalid("spec.notes", "spec.parts"),
  ),
  refused("a null in a list", create(widget({ spec: { parts: [null] } })), invalid("spec.parts[0]")),
  taken("a field that is unknown", create(widget({ spec: { moon: 1 } }))),
  refused("a field that is unknown, by an apply", apply(widget({ spec: { moon: 1 } })), untyped),
  refused("a field that is missing", create(widget({ spec: { size: undefined } })), invalid("spec.size")),
  refused("a number that is too small", create(widget({ spec: { size: 0 } })), invalid("spec.size")),
  refused("a word that is not in the list", create(widget({ spec: { color: "blue" } })), invalid("spec.color")),
  refused("a word instead of a number", create(widget({ spec: { size: "one" } })), invalid("spec.size")),
  refused("a word instead of a number, by an apply", apply(widget({ spec: { size: "one" } })), untyped),
  refused("a word instead of a number, by a patch", patch(widget(), { spec: { size: "one" } }), invalid("spec.size")),
];
